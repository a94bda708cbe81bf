//! `no_new_privs` and seccomp (`man 2 seccomp`).

use std::{collections::BTreeMap, env::consts::ARCH, fs};

use seccompiler::{
    BpfProgram, SeccompAction,
    SeccompCmpArgLen::Dword,
    SeccompCmpOp::{self, Eq, MaskedEq, Ne},
    SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
};

use super::Layer;

/// System calls that a server never needs: to execute programs, to read or write another process, to change the kernel
/// or its mounts, and to bypass this filter (`io_uring`).
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

/// Calls that are refused with some arguments. Landlock restricts ports of plain TCP sockets that are connected by
/// `connect`: no other kind of socket may bypass it, and sending may open no connection.
const REFUSED_IN_PART: [(i64, u8); 3] =
    [(libc::SYS_sendto, 3), (libc::SYS_sendmsg, 2), (libc::SYS_sendmmsg, 3)];

/// The x32 numbers of `socket`, `sendto`, `sendmsg` and `sendmmsg`, which are refused with any arguments, since the
/// server makes no such calls.
#[cfg(target_arch = "x86_64")]
const IN_PART_ON_X32: [i64; 4] = [41, 44, 518, 538];

/// On x86-64 a kernel may also take these calls by their x32 numbers (`asm/unistd_x32.h`), under the same
/// architecture mark, so a filter that knows only the native numbers would let them pass. These are the
/// numbers that x32 changed; the others differ from the native ones in the mark alone.
#[cfg(target_arch = "x86_64")]
const RENUMBERED_ON_X32: &[i64] = &[520, 521, 528, 539, 540, 545];
#[cfg(target_arch = "x86_64")]
const X32_MARK: i64 = 0x4000_0000;

#[cfg(target_arch = "x86_64")]
fn other_numbers() -> impl Iterator<Item = i64> {
    let native = REFUSED.iter().map(|(_, number)| number);
    native.chain(RENUMBERED_ON_X32).chain(&IN_PART_ON_X32).map(|number| number | X32_MARK)
}

#[cfg(not(target_arch = "x86_64"))]
fn other_numbers() -> impl Iterator<Item = i64> {
    std::iter::empty()
}

/// Sets `no_new_privs`, installs the filter, and returns the state of each by the kernel, and the refused calls.
pub(super) fn install() -> (Layer, Layer, Vec<&'static str>) {
    let outcome = filter().and_then(|program| {
        // Sets `no_new_privs` too, without which the kernel takes no filter from an ordinary user.
        seccompiler::apply_filter_all_threads(&program).map_err(|error| error.to_string())
    });
    let (refused, reason) = match outcome {
        Ok(()) => (REFUSED.iter().map(|(name, _)| *name).collect(), None),
        Err(reason) => (Vec::new(), Some(reason)),
    };
    // A filter counts as in force when the kernel confirms it.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let layer = |field: &str, expected: &str| match (&reason, value(&status, field)) {
        (Some(reason), _) => Layer::Unavailable(reason.clone()),
        (None, Some(found)) if found != expected => {
            Layer::Unavailable(format!("the kernel says {field}: {found}"))
        }
        // Without /proc, the success of the calls has to do.
        (None, _) => Layer::InForce,
    };
    (layer("NoNewPrivs", "1"), layer("Seccomp", "2"), refused)
}

fn filter() -> Result<BpfProgram, String> {
    let arch = TargetArch::try_from(ARCH).map_err(|_| format!("no seccomp filter exists for {ARCH}"))?;
    rules()
        .and_then(|rules| {
            let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
            SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch)
        })
        .and_then(BpfProgram::try_from)
        .map_err(|error| error.to_string())
}

/// A call is refused when one of its rules matches, and a rule matches when all its conditions do. A call
/// without rules is refused whatever its arguments are.
type Rules = BTreeMap<i64, Vec<SeccompRule>>;

fn rules() -> Result<Rules, seccompiler::BackendError> {
    let native = REFUSED.iter().map(|(_, number)| *number);
    let mut rules: Rules = native.chain(other_numbers()).map(|number| (number, Vec::new())).collect();
    rules.insert(libc::SYS_socket, sockets()?);
    for (number, flags) in REFUSED_IN_PART {
        let fast_open = flag(libc::MSG_FASTOPEN);
        rules.insert(number, vec![rule(&[(flags, MaskedEq(fast_open), fast_open)])?]);
    }
    Ok(rules)
}

/// Kinds of sockets other than local ones, TCP, UDP, and the kernel's own that the resolver asks for routes.
fn sockets() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    const DOMAIN: u8 = 0;
    const KIND: u8 = 1;
    const PROTOCOL: u8 = 2;
    // The upper bits of the kind are flags (`man 2 socket`).
    const KIND_MASK: u64 = 0xf;
    let other_domain: Vec<_> = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK]
        .map(|domain| (DOMAIN, Ne, flag(domain)))
        .into();
    let mut rules = vec![rule(&other_domain)?];
    for domain in [libc::AF_INET, libc::AF_INET6].map(flag) {
        rules.push(rule(&[
            (DOMAIN, Eq, domain),
            (PROTOCOL, Ne, 0),
            (PROTOCOL, Ne, flag(libc::IPPROTO_TCP)),
            (PROTOCOL, Ne, flag(libc::IPPROTO_UDP)),
        ])?);
        rules.push(rule(&[(DOMAIN, Eq, domain), (KIND, MaskedEq(KIND_MASK), flag(libc::SOCK_RAW))])?);
    }
    Ok(rules)
}

fn rule(conditions: &[(u8, SeccompCmpOp, u64)]) -> Result<SeccompRule, seccompiler::BackendError> {
    let conditions = conditions
        .iter()
        .map(|(argument, compare, value)| SeccompCondition::new(*argument, Dword, compare.clone(), *value));
    SeccompRule::new(conditions.collect::<Result<_, _>>()?)
}

/// A constant of C as an argument of 32 bits.
fn flag(constant: i32) -> u64 {
    constant.unsigned_abs().into()
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
