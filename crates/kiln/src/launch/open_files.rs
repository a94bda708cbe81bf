//! The limit of open files, which every connection counts against (`man 2 getrlimit`, `RLIMIT_NOFILE`).

use std::num::NonZeroUsize;

#[cfg(target_os = "linux")]
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Open files beside the connections of clients: listeners, the database, certificates, event queues of threads.
#[cfg(target_os = "linux")]
const OTHERS: u64 = 256;

/// Raises the limit to what so many connections take, as far as the hard limit allows, and warns where that is less.
#[cfg(target_os = "linux")]
pub(super) fn provide(connections: NonZeroUsize) {
    let wanted = u64::try_from(connections.get()).unwrap_or(u64::MAX).saturating_add(OTHERS);
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return };
    if wanted > hard {
        tracing::warn!(
            limit = hard,
            "--max-connections={connections} is beyond the limit of open files; raise it to {wanted} (`ulimit -Hn`, \
             `LimitNOFILE=`), or lower --max-connections"
        );
    }
    let raised = wanted.min(hard);
    if raised > soft
        && let Err(error) = setrlimit(Resource::RLIMIT_NOFILE, raised, hard)
    {
        tracing::warn!(%error, limit = soft, "cannot raise the limit of open files");
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn provide(_connections: NonZeroUsize) {}
