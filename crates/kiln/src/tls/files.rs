//! The files of the certificate and its key, and the needs of reading them again when they are replaced.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::seal::Needs;

/// The files of the certificate and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate of the server, then its intermediates, as PEM.
    pub certificate: PathBuf,
    /// The private key, as PEM: PKCS #8, PKCS #1 or SEC1.
    pub key: PathBuf,
}

/// Limit of symbolic links, that of the kernel (`man 7 path_resolution`).
const MAX_LINKS: usize = 40;

impl TlsFiles {
    /// Paths that the seal has to leave readable, so that replacements of the files can be read too: the folder of each
    /// file, and the folder of its target where it is a symbolic link. In `/` and `/etc`, which hold much else, only
    /// the file itself stays readable, and a replacement does not.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let paths = [&self.certificate, &self.key].into_iter().flat_map(|file| open(file));
        paths.fold(Needs::new(), Needs::read)
    }
}

fn open(file: &Path) -> Vec<PathBuf> {
    let mut open = Vec::new();
    let mut next = Some(file.to_owned());
    while let Some(file) = next.take_if(|_| open.len() < MAX_LINKS) {
        let folder = folder(&file);
        next = fs::read_link(&file).ok().map(|target| folder.join(target));
        open.push(if is_shared(&folder) { file } else { folder });
    }
    open
}

fn folder(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
        Some(folder) => folder.to_owned(),
        None => PathBuf::from("/"),
    }
}

fn is_shared(folder: &Path) -> bool {
    let real = folder.canonicalize();
    real.is_ok_and(|real| real == Path::new("/") || real == Path::new("/etc"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_file_brings_its_folder_and_a_link_that_of_its_target_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let (live, archive) = (folder.path().join("live"), folder.path().join("archive"));
        for folder in [&live, &archive] {
            fs::create_dir(folder).expect("a folder");
        }
        fs::write(archive.join("a1.pem"), "").expect("a file");
        symlink("../archive/a1.pem", live.join("a.pem")).expect("a link");
        assert_eq!(open(&archive.join("a1.pem")), [archive.as_path()]);
        assert_eq!(open(&live.join("a.pem")), [live.clone(), live.join("../archive")]);
    }

    #[test]
    fn a_link_to_itself_comes_to_an_end() {
        let folder = tempfile::tempdir().expect("a folder");
        symlink("a.pem", folder.path().join("a.pem")).expect("a link");
        assert_eq!(open(&folder.path().join("a.pem")).len(), MAX_LINKS);
    }

    #[test]
    fn the_folder_of_everything_is_not_opened_for_one_file() {
        assert_eq!(open(Path::new("/etc/passwd")), [Path::new("/etc/passwd")]);
        assert_eq!(open(Path::new("/a.pem")), [Path::new("/a.pem")]);
        assert_eq!(open(Path::new("a.pem")), [Path::new(".")]);
    }
}
