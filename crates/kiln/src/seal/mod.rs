//! The seal: the kernel keeps this process from starting programs, and from using files and ports that it did not name.
//!
//! [`apply`] runs first thing in `main`, before any thread exists, by three mechanisms, none of which can
//! be undone, and all of which later threads inherit:
//!
//! - `no_new_privs`: no program gives more rights than its caller has;
//! - Landlock: files and TCP ports outside [`Needs`] are answered with `EACCES`, signals to processes
//!   outside with `EPERM`;
//! - seccomp: [`refused`](Report) system calls, new processes, kinds of sockets that would bypass Landlock or that no
//!   need names, changes of metadata by path, and acts on other processes are answered with `EPERM`. `clone3`, `openat2`
//!   and calls newer than this release are answered with `ENOSYS`, as by an older kernel.
//!
//! A second filter, once the listeners stand, refuses further ones. Not covered are datagrams, the choice among Unix
//! sockets with a path where any is needed, and reading the metadata of files whose paths are known (`stat`). [`check`]
//! tries all the rest.

mod mode;
mod needs;
mod report;

mod broad;

#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod system_calls;

pub mod check;

pub use mode::SealMode;
pub use needs::Needs;
pub use report::{Layer, Missing, Report};

/// Layers of the seal on this operating system, in the names of [`Report`]; the kernel decides which are in force.
pub const LAYERS: &[&str] = if cfg!(target_os = "linux") {
    &["no_new_privs", "system_calls", "files", "ports", "processes"]
} else {
    &[]
};

/// A seal that has to be in force is not.
#[derive(Debug, thiserror::Error)]
#[error("cannot enforce the seal: {reason}; start without it by `--seal=best-effort`")]
pub struct SealError {
    reason: String,
}

/// Seals the process in this mode, except for its needs, and reports the layers that the kernel confirms.
///
/// # Errors
/// In [`SealMode::Enforce`], when any part is not in force.
pub fn apply(mode: SealMode, needs: &Needs) -> Result<Report, SealError> {
    let report = match mode {
        SealMode::Off => Report { mode, ..Report::default() },
        SealMode::Enforce | SealMode::BestEffort => {
            Report { mode, broad: broad::reasons(needs), ..install(needs) }
        }
    };
    match (mode, report.gap()) {
        (SealMode::Enforce, Some(reason)) => Err(SealError { reason }),
        _ => Ok(report),
    }
}

/// Refuses further listeners from now on, where `seal` refuses system calls at all. Call it when the listeners stand.
///
/// # Errors
/// In [`SealMode::Enforce`], when the kernel takes no second filter.
pub fn refuse_listeners(seal: &Report) -> Result<(), SealError> {
    if seal.system_calls != Layer::InForce {
        return Ok(());
    }
    match (second_filter(), seal.mode) {
        (Err(reason), SealMode::Enforce) => Err(SealError { reason }),
        (Err(reason), _) => {
            tracing::warn!(reason, "the seal has a gap: further listeners are not refused");
            Ok(())
        }
        (Ok(()), _) => Ok(()),
    }
}

#[cfg(target_os = "linux")]
use system_calls::refuse_listeners as second_filter;

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "the twin on Linux can fail")]
fn second_filter() -> Result<(), String> {
    Ok(())
}

#[cfg(target_os = "linux")]
fn install(needs: &Needs) -> Report {
    let restricted = landlock::restrict(needs);
    let (no_new_privs, system_calls, refused) = system_calls::install(needs);
    Report { no_new_privs, system_calls, refused, ..restricted }
}

#[cfg(not(target_os = "linux"))]
fn install(_needs: &Needs) -> Report {
    let unsupported = || Layer::Unavailable("this system is not Linux".to_owned());
    Report {
        no_new_privs: unsupported(),
        system_calls: unsupported(),
        files: unsupported(),
        ports: unsupported(),
        processes: unsupported(),
        ..Report::default()
    }
}
