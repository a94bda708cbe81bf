//! `tsconfig.json` and the files that it extends, which rolldown reads but does not list among its inputs.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use oxc_resolver::{
    FileMetadata, FileSystem, FileSystemOs, ResolveError, ResolveOptions, ResolverGeneric, TsconfigDiscovery,
};

/// The `tsconfig.json` of each of `scripts`, and the files that it extends or refers to.
pub(super) fn files<'a>(scripts: impl Iterator<Item = &'a Path>) -> BTreeSet<PathBuf> {
    let files = RecordingFiles::new(false);
    let read = Arc::clone(&files.read);
    let options = ResolveOptions { tsconfig: Some(TsconfigDiscovery::Auto), ..ResolveOptions::default() };
    let resolver = ResolverGeneric::new_with_file_system(files, options);
    for script in scripts {
        // Errors are reported by rolldown.
        let _ = resolver.find_tsconfig(script);
    }
    std::mem::take(&mut *read.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A file system that records the files that are read.
struct RecordingFiles {
    disk: FileSystemOs,
    read: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl RecordingFiles {
    fn record(&self, path: &Path) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
    }
}

impl FileSystem for RecordingFiles {
    fn new(yarn_pnp: bool) -> Self {
        Self { disk: FileSystemOs::new(yarn_pnp), read: Arc::default() }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.disk.read(path).inspect(|_| self.record(path))
    }

    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        self.disk.read_to_string(path).inspect(|_| self.record(path))
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.disk.metadata(path)
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.disk.symlink_metadata(path)
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, ResolveError> {
        self.disk.read_link(path)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        self.disk.canonicalize(path)
    }
}
