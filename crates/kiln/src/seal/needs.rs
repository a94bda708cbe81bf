//! Needs of an application: the files, ports and sockets that the seal leaves open.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// The files and ports that an application uses, named before it starts.
///
/// ```
/// use kiln::seal::Needs;
///
/// let needs = Needs::new()
///     .write("/var/lib/app") // a folder: files in it may be made, changed and removed
///     .read("/etc/app/words.txt")
///     .listen(8080)
///     .connect(5432)
///     .connect_unix("/run/cache.sock")
///     .resolve_names();
/// # assert_ne!(needs, Needs::new());
/// ```
///
/// Needs are named while there is one thread, and cannot grow afterwards. A path opens its target at
/// the moment when the seal is applied: a file that is replaced later needs its folder named instead, as
/// [`TlsFiles::needs`](crate::tls::TlsFiles::needs) does for a certificate. A path that does not exist by then stays
/// out of reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    pub(super) read: BTreeSet<PathBuf>,
    pub(super) write: BTreeSet<PathBuf>,
    pub(super) listen: BTreeSet<u16>,
    pub(super) connect: BTreeSet<u16>,
    pub(super) names: bool,
    pub(super) unix: BTreeSet<PathBuf>,
}

/// The port of DNS, for answers too long for a datagram (RFC 7766).
const DNS: u16 = 53;

/// Files that the resolver of the system reads (`man 5 resolv.conf`, `nsswitch.conf`, `gai.conf`).
const RESOLVER: [&str; 6] = [
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/services",
];

impl Needs {
    /// No needs. Every process may read `/proc/self`, the limits of its control group, the time zones, `/dev/null` and
    /// `/dev/urandom`; a debug build also the folder in which cargo built it, with its assets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads this file, or everything below this folder.
    #[must_use]
    pub fn read(mut self, path: impl Into<PathBuf>) -> Self {
        self.read.insert(path.into());
        self
    }

    /// Reads, makes, changes and removes files below this folder.
    #[must_use]
    pub fn write(mut self, folder: impl Into<PathBuf>) -> Self {
        self.write.insert(folder.into());
        self
    }

    /// Binds this TCP port; 0 is any port that the kernel chooses.
    #[must_use]
    pub fn listen(mut self, port: u16) -> Self {
        self.listen.insert(port);
        self
    }

    /// Connects to this TCP port, on any host.
    #[must_use]
    pub fn connect(mut self, port: u16) -> Self {
        self.connect.insert(port);
        self
    }

    /// Uses the Unix socket at this path. Without one, no Unix socket can be opened; with one, any whose path is known:
    /// the kernel restricts paths of sockets from Linux 7.1 on.
    #[must_use]
    pub fn connect_unix(mut self, path: impl Into<PathBuf>) -> Self {
        self.unix.insert(path.into());
        self
    }

    /// Resolves host names, in the hosts file and by DNS. Other sources that `nsswitch.conf` may name are libraries
    /// that would have to be loaded, and are skipped.
    #[must_use]
    pub fn resolve_names(mut self) -> Self {
        for file in RESOLVER {
            self.read.extend(steady(Path::new(file)));
        }
        self.names = true;
        self.connect(DNS)
    }

    /// These needs and `others`.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.read.extend(others.read);
        self.write.extend(others.write);
        self.listen.extend(others.listen);
        self.connect.extend(others.connect);
        self.names |= others.names;
        self.unix.extend(others.unix);
        self
    }
}

/// A file, and the folder of its target where it is a link out of `/etc`: the service that writes such a file replaces
/// it.
fn steady(file: &Path) -> Vec<PathBuf> {
    let target = file.canonicalize().ok().filter(|target| !target.starts_with("/etc"));
    let folder = target.as_deref().and_then(Path::parent).map(Path::to_owned);
    folder.into_iter().chain([file.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_needs_are_those_of_both() {
        let needs = Needs::new()
            .read("/a")
            .listen(1)
            .and(Needs::new().read("/b").write("/c").connect(2).connect_unix("/d"));
        let all = Needs::new().connect_unix("/d").connect(2).write("/c").listen(1).read("/b").read("/a");
        assert_eq!(needs, all);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_adds_the_folder_of_its_target() {
        let folder = tempfile::tempdir().expect("a folder");
        let real = folder.path().canonicalize().expect("it exists");
        std::fs::create_dir(real.join("run")).expect("a folder");
        std::fs::write(real.join("run/resolv.conf"), "").expect("a file");
        let link = real.join("resolv.conf");
        std::os::unix::fs::symlink("run/resolv.conf", &link).expect("a link");
        assert_eq!(steady(&link), [real.join("run"), link]);
    }
}
