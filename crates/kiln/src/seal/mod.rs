//! The seal: the kernel keeps this process from starting programs, and from using files and ports that it did not name.
//!
//! [`apply`] runs first thing in `main`, before any thread exists, by three mechanisms, none of which can
//! be undone, and all of which later threads inherit:
//!
//! - `no_new_privs`: no program gives more rights than its caller has;
//! - Landlock: files and TCP ports outside [`Needs`] are answered with `EACCES`, signals to processes
//!   outside with `EPERM`;
//! - seccomp: [`refused`](Report) system calls, and the kinds of sockets that would bypass Landlock, are
//!   answered with `EPERM`.
//!
//! Not covered are datagrams, Unix sockets that have a path, and the metadata of files whose paths are known (`stat`).
//! [`check`] tries all the rest.

#[cfg(target_os = "linux")]
mod landlock;
mod mode;
mod needs;
mod report;
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
        SealMode::Enforce | SealMode::BestEffort => Report { mode, ..install(needs) },
    };
    match (mode, report.gap()) {
        (SealMode::Enforce, Some(reason)) => Err(SealError { reason }),
        _ => Ok(report),
    }
}

#[cfg(target_os = "linux")]
fn install(needs: &Needs) -> Report {
    let restricted = landlock::restrict(needs);
    let (no_new_privs, system_calls, refused) = system_calls::install();
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
