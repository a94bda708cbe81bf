//! The cache: results of slow tools, by the digest of their inputs, between builds.
//!
//! The folder lies beside cargo's profiles, so that debug and release share it, and `cargo clean -p` does not remove it.
//! A key holds the tool, its version and its settings beside the content, so a new version never gets a result of an
//! old one. Above [`BOUND`], the least recently used entries are removed.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::SystemTime,
};

use kiln_manifest::Digest;

use crate::{Error, Result, atomic_write, file_lock};

/// The largest size of all entries at the end of a build, in bytes: half a gibibyte.
const BOUND: u64 = 512 << 20;

/// The lock file: builds that write entries share its lock, and a build that removes entries holds it exclusively.
const LOCK: &str = "lock";

/// A cache, opened by this build.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
    lock: File,
    bound: u64,
    has_grown: AtomicBool,
}

/// Bytes from the cache, with their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CacheEntry {
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: Digest,
}

impl Cache {
    /// Opens the cache in `folder`; several builds may have it open at once.
    ///
    /// # Errors
    /// When the folder cannot be created or locked.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        Self::bounded(folder, BOUND)
    }

    fn bounded(folder: &Path, bound: u64) -> Result<Self> {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let path = folder.join(LOCK);
        let lock = file_lock::shared(&path)?;
        Ok(Self { folder: folder.to_owned(), lock, bound, has_grown: AtomicBool::new(false) })
    }

    /// The entry under `key`; `None` for a damaged one.
    pub(crate) fn get(&self, key: &Digest) -> Option<CacheEntry> {
        let file = self.folder.join(key.to_string());
        let entry = CacheEntry::from_file(fs::read(&file).ok()?)?;
        // A modification time that cannot be set affects the order of removal only.
        let _ =
            File::options().append(true).open(&file).and_then(|entry| entry.set_modified(SystemTime::now()));
        Some(entry)
    }

    /// Stores `bytes` under `key`. Two builds at once do the work twice, with the same result.
    ///
    /// # Errors
    /// When the entry cannot be written.
    pub(crate) fn keep(&self, key: &Digest, bytes: Vec<u8>) -> Result<CacheEntry> {
        let entry = CacheEntry { digest: Digest::of(&bytes), bytes };
        atomic_write::replace(&self.folder.join(key.to_string()), &entry.to_file())?;
        self.has_grown.store(true, Ordering::Relaxed);
        Ok(entry)
    }

    /// Closes the cache. The last of several builds removes entries above the bound, and temporary files of killed
    /// builds.
    ///
    /// # Errors
    /// When the folder cannot be locked or cleaned.
    pub(crate) fn close(self) -> Result<()> {
        if !self.has_grown.load(Ordering::Relaxed) {
            return Ok(());
        }
        let path = self.folder.join(LOCK);
        self.lock.unlock().map_err(Error::io("unlock", &path))?;
        match self.lock.try_lock() {
            Ok(()) => self.trim().map_err(Error::io("clean", &self.folder)),
            Err(TryLockError::WouldBlock) => Ok(()),
            Err(TryLockError::Error(cause)) => Err(Error::io("lock", &path)(cause)),
        }
    }

    fn trim(&self) -> io::Result<()> {
        let mut entries = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let file = file?;
            let name = file.file_name();
            if name == LOCK {
                continue;
            }
            let is_entry = name.to_str().is_some_and(|name| name.parse::<Digest>().is_ok());
            let metadata = file.metadata()?;
            if is_entry {
                entries.push((metadata.modified()?, name, metadata.len()));
            } else if metadata.is_file() {
                fs::remove_file(file.path())?;
            }
        }
        let mut total: u64 = entries.iter().map(|(.., length)| length).sum();
        entries.sort();
        for (_, name, length) in entries {
            if total <= self.bound {
                break;
            }
            fs::remove_file(self.folder.join(name))?;
            total -= length;
        }
        Ok(())
    }
}

/// The length of a digest in hexadecimal.
const DIGITS: usize = 64;

impl CacheEntry {
    /// The file of an entry, which begins with the digest of the rest: a full disk or a power failure leaves truncated
    /// files.
    fn to_file(&self) -> Vec<u8> {
        [self.digest.to_string().as_bytes(), &self.bytes].concat()
    }

    fn from_file(mut content: Vec<u8>) -> Option<Self> {
        let written = content.get(..DIGITS).and_then(|digits| std::str::from_utf8(digits).ok());
        let written: Digest = written?.parse().ok()?;
        content.drain(..DIGITS);
        let digest = Digest::of(&content);
        (digest == written).then_some(Self { bytes: content, digest })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn key(name: &str) -> Digest {
        Digest::of(name.as_bytes())
    }

    fn entries(folder: &Path) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| entry.expect("entry").file_name();
        let names = fs::read_dir(folder).expect("read").map(name);
        let mut names: Vec<_> = names.map(|name| name.into_string().expect("UTF-8")).collect();
        names.retain(|name| name != LOCK);
        names.sort();
        names
    }

    #[test]
    fn a_damaged_entry_is_ignored() {
        let folder = tempfile::tempdir().expect("folder");
        let cache = Cache::open(folder.path()).expect("open");
        let entry = cache.keep(&key("a"), b"kiln ".repeat(100)).expect("keep");
        assert_eq!(cache.get(&key("a")), Some(entry.clone()));
        let file = folder.path().join(key("a").to_string());
        let whole = fs::read(&file).expect("read");
        let flipped = [&whole[..whole.len() - 1], b"?"].concat();
        for damaged in [&b""[..], b"short", &whole[..80], &flipped, &[0xff; 200]] {
            fs::write(&file, damaged).expect("damage");
            assert_eq!(cache.get(&key("a")), None, "{} bytes", damaged.len());
        }
        cache.keep(&key("a"), entry.bytes.clone()).expect("keep");
        assert_eq!(cache.get(&key("a")), Some(entry));
    }

    #[test]
    fn the_least_recently_used_entries_are_removed_above_the_bound() {
        let folder = tempfile::tempdir().expect("folder");
        let cache = Cache::open(folder.path()).expect("open");
        for (name, age) in [("old but used", 3), ("old", 2), ("new", 1)] {
            cache.keep(&key(name), vec![0; 1_000]).expect("keep");
            let file = File::options().append(true).open(folder.path().join(key(name).to_string()));
            let time = SystemTime::now() - Duration::from_hours(age);
            file.expect("open").set_modified(time).expect("age");
        }
        assert!(cache.get(&key("old but used")).is_some());
        cache.close().expect("close");
        assert_eq!(entries(folder.path()).len(), 3, "the bound is far");

        let cache = Cache::bounded(folder.path(), 2_500).expect("open");
        fs::write(folder.path().join(".tmpLEFT"), "by a build that was killed").expect("write");
        cache.keep(&key("new"), vec![0; 1_000]).expect("keep");
        cache.close().expect("close");
        let mut expected = vec![key("new").to_string(), key("old but used").to_string()];
        expected.sort();
        assert_eq!(entries(folder.path()), expected);
    }

    #[test]
    fn no_entry_is_removed_while_another_build_may_write() {
        let folder = tempfile::tempdir().expect("folder");
        let other = Cache::open(folder.path()).expect("open");
        let cache = Cache::bounded(folder.path(), 0).expect("open");
        cache.keep(&key("a"), vec![0; 10]).expect("keep");
        cache.close().expect("close");
        assert_eq!(entries(folder.path()).len(), 1);
        drop(other);
        let cache = Cache::bounded(folder.path(), 0).expect("open");
        cache.keep(&key("a"), vec![0; 10]).expect("keep");
        cache.close().expect("close");
        assert_eq!(entries(folder.path()).len(), 0);
    }
}
