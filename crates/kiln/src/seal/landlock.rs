//! Landlock (`man 7 landlock`): files and TCP ports by name, and processes outside not at all.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, NetPort, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetError, Scope, make_bitflags,
};

use super::{
    Needs,
    report::{Layer, Report, missing},
};

/// The newest level whose rights are restricted. An older kernel restricts those that it knows.
const LEVEL: ABI = ABI::V6;

/// Paths that every process may read. A statically linked executable finds no `getrandom`, and reads the last two
/// instead.
const ALWAYS: [&str; 6] =
    ["/proc/self", "/sys/fs/cgroup", "/etc/localtime", "/usr/share/zoneinfo", "/dev/random", "/dev/urandom"];

/// Restricts this thread, and those that it will start, to `needs`.
pub(super) fn restrict(needs: &Needs) -> Report {
    let threads = fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
    let abi = match apply(needs) {
        Ok(LandlockStatus::Available { .. }) if threads > 1 => Err(format!(
            "{} started before the seal and escaped it; seal first thing in `main`",
            if threads == 2 { "1 thread".to_owned() } else { format!("{} threads", threads - 1) }
        )),
        Ok(LandlockStatus::Available { effective_abi, kernel_abi }) => {
            Ok(kernel_abi.map_or(effective_abi as u32, i32::unsigned_abs))
        }
        Ok(LandlockStatus::NotEnabled) => {
            Err("Landlock is not enabled; add it to the kernel's `lsm=`".into())
        }
        Ok(LandlockStatus::NotImplemented) => {
            Err("this kernel has no Landlock; it needs Linux 5.13 or newer".into())
        }
        Err(error) => Err(format!("Landlock: {error}")),
    };
    match abi {
        Ok(abi) => {
            // Kernels below these levels have nothing of the layer, which `missing` reports.
            let layer = |since| if abi >= since { Layer::InForce } else { Layer::Off };
            Report {
                files: layer(1),
                ports: layer(4),
                processes: layer(6),
                landlock_abi: Some(abi),
                missing: missing(abi),
                ..Report::default()
            }
        }
        Err(reason) => {
            let layer = Layer::Unavailable(reason);
            Report { files: layer.clone(), ports: layer.clone(), processes: layer, ..Report::default() }
        }
    }
}

fn apply(needs: &Needs) -> Result<LandlockStatus, RulesetError> {
    let mut ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(LEVEL))?
        .handle_access(AccessNet::from_all(LEVEL))?
        .scope(Scope::from_all(LEVEL))?
        .create()?;
    let reading = make_bitflags!(AccessFs::{ReadFile | ReadDir});
    let writing = reading
        | make_bitflags!(AccessFs::{
            WriteFile | Truncate | MakeReg | MakeDir | RemoveFile | RemoveDir | Refer
        });
    let always = ALWAYS.iter().map(PathBuf::from).chain(build_folder());
    let rules = always
        .chain(needs.read.iter().cloned())
        .map(|path| (path, reading))
        .chain([(PathBuf::from("/dev/null"), make_bitflags!(AccessFs::{ReadFile | WriteFile}))])
        .chain(needs.write.iter().cloned().map(|path| (path, writing)));
    for (path, access) in rules {
        if let Some(rule) = beneath(&path, access) {
            ruleset = ruleset.add_rule(rule)?;
        }
    }
    for port in &needs.listen {
        ruleset = ruleset.add_rule(NetPort::new(*port, AccessNet::BindTcp))?;
    }
    for port in &needs.connect {
        ruleset = ruleset.add_rule(NetPort::new(*port, AccessNet::ConnectTcp))?;
    }
    hold_proc_self();
    Ok(ruleset.restrict_self()?.landlock)
}

fn beneath(path: &Path, access: BitFlags<AccessFs>) -> Option<PathBeneath<PathFd>> {
    let opened = PathFd::new(path);
    if let Err(error) = &opened {
        tracing::debug!(path = %path.display(), %error, "not granted: cannot open the path");
    }
    let rule = opened.ok()?;
    let file_rights = AccessFs::from_file(LEVEL);
    let access = if path.is_dir() { access } else { access & file_rights };
    Some(PathBeneath::new(rule, access))
}

/// Keeps `/proc/self` open, for as long as the process is sealed: to its end. A rule is tied to an inode, and `/proc`
/// makes new ones, which match no rule, for entries that are not open.
fn hold_proc_self() {
    static HELD: OnceLock<Option<File>> = OnceLock::new();
    HELD.get_or_init(|| File::open("/proc/self").ok());
}

/// `target/debug`, below which a debug build reads its assets from the folder where the build left them.
fn build_folder() -> Option<PathBuf> {
    if !cfg!(debug_assertions) {
        return None;
    }
    let executable = std::env::current_exe().ok()?;
    let folder = executable.parent()?;
    let inner = ["deps", "examples"].iter().any(|name| folder.ends_with(name));
    if inner { folder.parent() } else { Some(folder) }.map(Path::to_owned)
}
