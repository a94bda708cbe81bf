//! Files in the folders of sources that are no sources.

/// Whether a file or folder of this name is no source: a dotfile other than `.well-known`, or a temporary file that
/// an editor leaves beside the file that it saves.
#[must_use]
pub fn is_editor_temporary(name: &str) -> bool {
    (name.starts_with('.') && name != ".well-known")
        || name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || name.rsplit_once('.').is_some_and(|(stem, extension)| {
            !stem.is_empty() && matches!(extension, "swp" | "swo" | "tmp" | "orig" | "bak")
        })
        || matches!(name, "4913" | "Thumbs.db")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_file_of_an_editor_is_no_source() {
        for name in [".DS_Store", "a.css~", "#a.css#", ".a.css.swp", "a.css.orig", "4913"] {
            assert!(is_editor_temporary(name), "{name}");
        }
        for name in [".well-known", "a.css", "#a.css", "tmp", "bak"] {
            assert!(!is_editor_temporary(name), "{name}");
        }
    }
}
