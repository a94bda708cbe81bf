//! `no_new_privs` and seccomp (`man 2 seccomp`).

use std::{collections::BTreeMap, env::consts::ARCH, fs};

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

use super::{Layer, Report};

/// What a server never needs: to become another program, to look into or write into another process, to
/// change the kernel or its mounts, and to reach system calls past this filter (`io_uring`).
const REFUSED: &[(&str, i64)] = &[
    ("execve", libc::SYS_execve),
    ("execveat", libc::SYS_execveat),
    ("ptrace", libc::SYS_ptrace),
    ("process_vm_readv", libc::SYS_process_vm_readv),
    ("process_vm_writev", libc::SYS_process_vm_writev),
    ("init_module", libc::SYS_init_module),
    ("finit_module", libc::SYS_finit_module),
    ("delete_module", libc::SYS_delete_module),
    ("kexec_load", libc::SYS_kexec_load),
    ("bpf", libc::SYS_bpf),
    ("perf_event_open", libc::SYS_perf_event_open),
    ("userfaultfd", libc::SYS_userfaultfd),
    ("io_uring_setup", libc::SYS_io_uring_setup),
    ("mount", libc::SYS_mount),
    ("umount2", libc::SYS_umount2),
    ("pivot_root", libc::SYS_pivot_root),
    ("chroot", libc::SYS_chroot),
    ("setns", libc::SYS_setns),
    ("unshare", libc::SYS_unshare),
    ("reboot", libc::SYS_reboot),
    ("swapon", libc::SYS_swapon),
    ("swapoff", libc::SYS_swapoff),
    ("add_key", libc::SYS_add_key),
    ("request_key", libc::SYS_request_key),
    ("keyctl", libc::SYS_keyctl),
];

/// On x86-64 a kernel may also take these calls by their x32 numbers (`asm/unistd_x32.h`), under the same
/// architecture mark, so a filter that knows only the native numbers would let them pass. Those that x32
/// numbers anew stand here; the others differ from the native ones in the mark alone.
#[cfg(target_arch = "x86_64")]
const RENUMBERED_ON_X32: &[i64] = &[520, 521, 528, 539, 540, 545];
#[cfg(target_arch = "x86_64")]
const X32_MARK: i64 = 0x4000_0000;

#[cfg(target_arch = "x86_64")]
fn other_numbers() -> impl Iterator<Item = i64> {
    let native = REFUSED.iter().map(|(_, number)| number);
    native.chain(RENUMBERED_ON_X32).map(|number| number | X32_MARK)
}

#[cfg(not(target_arch = "x86_64"))]
fn other_numbers() -> impl Iterator<Item = i64> {
    std::iter::empty()
}

pub(super) fn install() -> Report {
    let outcome = filter().and_then(|program| {
        // Sets `no_new_privs` too, without which the kernel takes no filter from an ordinary user.
        seccompiler::apply_filter_all_threads(&program).map_err(|error| error.to_string())
    });
    let (refused, reason) = match outcome {
        Ok(()) => (REFUSED.iter().map(|(name, _)| *name).collect(), None),
        Err(reason) => (Vec::new(), Some(reason)),
    };
    // The kernel's own account, not ours: a filter counts as in force when it says so.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let layer = |field: &str, expected: &str| match (&reason, value(&status, field)) {
        (Some(reason), _) => Layer::Unavailable(reason.clone()),
        (None, Some(found)) if found != expected => {
            Layer::Unavailable(format!("the kernel says {field}: {found}"))
        }
        // Without /proc there is only the success of the calls to go by.
        (None, _) => Layer::InForce,
    };
    let (no_new_privs, system_calls) = (layer("NoNewPrivs", "1"), layer("Seccomp", "2"));
    Report { no_new_privs, system_calls, refused, ..Report::default() }
}

fn filter() -> Result<BpfProgram, String> {
    let arch = TargetArch::try_from(ARCH).map_err(|_| format!("no seccomp filter exists for {ARCH}"))?;
    let native = REFUSED.iter().map(|(_, number)| *number);
    // An empty list of conditions matches whatever the arguments are.
    let rules: BTreeMap<i64, _> = native.chain(other_numbers()).map(|n| (n, Vec::new())).collect();
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch);
    filter.and_then(BpfProgram::try_from).map_err(|error| error.to_string())
}

fn value<'a>(status: &'a str, field: &str) -> Option<&'a str> {
    status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_compiles_for_this_machine() {
        assert!(filter().is_ok_and(|program| program.len() > REFUSED.len()));
    }

    #[test]
    fn a_field_of_the_status_file_is_found_by_its_whole_name() {
        let status = "Name:\tkiln\nSeccomp:\t2\nSeccomp_filters:\t1\n";
        assert_eq!(value(status, "Seccomp"), Some("2"));
        assert_eq!(value(status, "NoNewPrivs"), None);
    }
}
