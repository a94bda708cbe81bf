//! The kernel's word that this process starts no other, and touches nothing that it did not name.
//!
//! [`apply`] runs first thing in `main`, before any thread exists. It takes three means, none of which can
//! be undone, and all of which later threads inherit:
//!
//! - `no_new_privs`: no program gives more rights than its caller has;
//! - Landlock: files and TCP ports outside [`Needs`] are answered with `EACCES`, signals to processes
//!   outside with `EPERM`;
//! - seccomp: [`refused`](Report) system calls, and the kinds of sockets that would pass Landlock by, are
//!   answered with `EPERM`.
//!
//! What stays open: datagrams, Unix sockets that have a path, and looking at the names, sizes and times of
//! files whose paths are known (`stat`). [`check`] tries all the rest.

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

/// What the seal of this executable can refuse, in the names of [`Report`]; what it does is up to the kernel.
pub const LAYERS: &[&str] = if cfg!(target_os = "linux") {
    &["no_new_privs", "system_calls", "files", "ports", "processes"]
} else {
    &[]
};

/// Why a seal that was demanded is not in force.
#[derive(Debug, thiserror::Error)]
#[error("the seal cannot be enforced: {reason}; `--seal=best-effort` starts without")]
pub struct SealError {
    reason: String,
}

/// Seals the process as `mode` says, but for `needs`, and reports what the kernel confirms.
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
