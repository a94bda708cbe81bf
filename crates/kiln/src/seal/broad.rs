//! Grants to write in more than a folder of data.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::Needs;

/// Folders that no grant to write should hold, where they are known.
struct BroadFolders {
    home: Option<PathBuf>,
    executable: Option<PathBuf>,
}

/// Reasons against the grants to write, each with the better way.
pub(super) fn reasons(needs: &Needs) -> Vec<String> {
    let found = |path: PathBuf| path.canonicalize().ok();
    let places = BroadFolders {
        home: env::home_dir().and_then(found),
        executable: env::current_exe().ok().and_then(found),
    };
    let folders = needs.write.iter().filter_map(|folder| folder.canonicalize().ok());
    folders.filter_map(|folder| places.reason(&folder)).collect()
}

impl BroadFolders {
    fn reason(&self, folder: &Path) -> Option<String> {
        let below = |place: &Option<PathBuf>| place.as_ref().is_some_and(|place| place.starts_with(folder));
        let what = if folder.parent().is_none() {
            "the root folder"
        } else if self.home.as_deref() == Some(folder) {
            "a home folder"
        } else if below(&self.home) {
            "a folder of home folders"
        } else if self.executable.as_deref().and_then(Path::parent) == Some(folder) {
            "the folder of the executable"
        } else if below(&self.executable) && !cfg!(debug_assertions) {
            // A debug build lies below its project, and so does the project's database.
            "a folder around the executable"
        } else {
            return None;
        };
        Some(format!(
            "`{}` would be writable, which is {what}; keep the database in a folder of its own, such as \
             `sqlite:///var/lib/app/app.db`",
            folder.display()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_a_home_and_the_folder_of_the_executable_are_too_much_to_write_in() {
        let places =
            BroadFolders { home: Some("/home/ann".into()), executable: Some("/opt/app/bin/app".into()) };
        let reason = |folder: &str| places.reason(Path::new(folder)).unwrap_or_default();
        assert!(reason("/").contains("`/` would be writable, which is the root folder"), "{}", reason("/"));
        assert!(reason("/home/ann").contains("is a home folder"));
        assert!(reason("/home").contains("is a folder of home folders"));
        assert!(reason("/opt/app/bin").contains("is the folder of the executable"));
        for folder in ["/home/ann/data", "/opt/app/bin/data", "/opt/app/data", "/home/bob", "/var/lib/app"] {
            assert_eq!(reason(folder), "", "{folder}");
        }
    }
}
