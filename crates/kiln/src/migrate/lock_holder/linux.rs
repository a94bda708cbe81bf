//! Locks and processes in `/proc`.
//!
//! `/proc/locks` is read, and `fcntl` is not called: closing a descriptor of the database would drop
//! every lock that this process holds on it.

use std::{fs, os::unix::fs::MetadataExt, path::Path, time::Duration};

/// The process that holds the write lock of a SQLite file.
pub(super) fn writer(file: &Path) -> Option<i64> {
    let locks = fs::read_to_string("/proc/locks").ok()?;
    // https://www.sqlite.org/walformat.html#wal_locks: the write lock is byte 120 of the `-shm` file. Without
    // a write-ahead log it is the reserved byte of the database itself (os.h of SQLite).
    let inode = |path: &Path| fs::metadata(path).ok().map(|metadata| metadata.ino());
    let mut shm = file.as_os_str().to_owned();
    shm.push("-shm");
    let places = [(inode(Path::new(&shm)), 120), (inode(file), 0x4000_0001)];
    locks.lines().filter_map(FileLock::parse).find_map(|lock| {
        let held = places.iter().any(|(inode, byte)| *inode == Some(lock.inode) && lock.holds(*byte));
        held.then_some(lock.process)
    })
}

/// A line of `/proc/locks`: `1: POSIX ADVISORY WRITE 4711 08:01:131 120 120`.
struct FileLock {
    process: i64,
    inode: u64,
    first: u64,
    last: u64,
}

impl FileLock {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace().skip(1);
        let (kind, _, mode) = (words.next()?, words.next()?, words.next()?);
        if (kind, mode) != ("POSIX", "WRITE") {
            return None;
        }
        let process = words.next()?.parse().ok()?;
        let inode = words.next()?.rsplit(':').next()?.parse().ok()?;
        let first = words.next()?.parse().ok()?;
        let last = words.next()?.parse().unwrap_or(u64::MAX);
        Some(Self { process, inode, first, last })
    }

    fn holds(&self, byte: u64) -> bool {
        (self.first..=self.last).contains(&byte)
    }
}

/// Name and running time of a process (`/proc/PID/stat`).
pub(super) fn describe(process: i64) -> Option<(String, String)> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
    // The 22nd field; the second one, the name, has just been cut off.
    let started: u64 = rest.split_whitespace().nth(19)?.parse().ok()?;
    let uptime = fs::read_to_string("/proc/uptime").ok()?;
    let uptime: u64 = uptime.split('.').next()?.parse().ok()?;
    // User space sees 100 ticks a second, whatever the rate in the kernel.
    let age = Duration::from_secs(uptime.saturating_sub(started / 100));
    Some((name.to_owned(), format!("running for {age:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_write_lock_counts() {
        let lock = FileLock::parse("7: POSIX  ADVISORY  WRITE 4711 fe:01:131 120 120").expect("a lock");
        assert_eq!((lock.process, lock.inode), (4711, 131));
        assert!(lock.holds(120) && !lock.holds(121));
        let whole = FileLock::parse("7: POSIX  ADVISORY  WRITE 4711 fe:01:131 0 EOF").expect("a lock");
        assert!(whole.holds(0x4000_0001));
        assert!(FileLock::parse("7: POSIX  ADVISORY  READ 4711 fe:01:131 120 120").is_none());
        assert!(FileLock::parse("7: -> POSIX  ADVISORY  WRITE 4711 fe:01:131 120 120").is_none());
        assert!(FileLock::parse("").is_none());
    }

    #[test]
    fn this_process_has_a_name_and_an_age() {
        let (name, since) = describe(std::process::id().into()).expect("it runs");
        assert!(!name.is_empty() && since.starts_with("running for "), "{name} {since}");
    }
}
