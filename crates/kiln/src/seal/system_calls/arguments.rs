//! System calls that are refused with some arguments.

use std::{collections::BTreeMap, process};

use seccompiler::{
    BackendError,
    SeccompCmpArgLen::{Dword, Qword},
    SeccompCmpOp::{self, Eq, MaskedEq, Ne},
    SeccompCondition, SeccompRule,
};

use crate::seal::Needs;

/// A call is refused when one of its rules matches, and a rule matches when all its conditions do. A call
/// without rules is refused whatever its arguments are.
pub(super) type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// An argument by its place, and a comparison with a value.
type Condition = (u8, SeccompCmpOp, u64);

/// The rules of every call of which a process with these needs makes some, and never others.
pub(super) fn rules(needs: &Needs) -> Result<Rules, BackendError> {
    let mut rules = Rules::new();
    for (number, conditions) in sockets(needs).into_iter().chain(threads()).chain(files()).chain(processes())
    {
        rules.entry(number).or_default().push(rule(&conditions)?);
    }
    // The pointer to a path is null where a file is named by its descriptor.
    let path = SeccompCondition::new(1, Qword, Ne, 0)?;
    rules.insert(libc::SYS_utimensat, vec![SeccompRule::new(vec![path])?]);
    Ok(rules)
}

/// Kinds of sockets other than TCP, UDP, and those that the needs ask for: local ones, and the kernel's own that the
/// resolver asks for routes. Landlock restricts ports of plain TCP sockets that are connected by `connect`: no other
/// kind may bypass it, and sending may open no connection.
fn sockets(needs: &Needs) -> Vec<(i64, Vec<Condition>)> {
    const DOMAIN: u8 = 0;
    const KIND: u8 = 1;
    const PROTOCOL: u8 = 2;
    // The upper bits of the kind are flags (`man 2 socket`).
    const KIND_MASK: u64 = 0xf;
    let internet = [libc::AF_INET, libc::AF_INET6];
    let local = (!needs.unix.is_empty()).then_some(libc::AF_UNIX);
    let routes = needs.names.then_some(libc::AF_NETLINK);
    let domains = internet.into_iter().chain(local).chain(routes);
    let netlink = (DOMAIN, Eq, flag(libc::AF_NETLINK));
    let mut rules = vec![
        (libc::SYS_socket, domains.map(|domain| (DOMAIN, Ne, flag(domain))).collect()),
        (libc::SYS_socket, vec![netlink, (PROTOCOL, Ne, flag(libc::NETLINK_ROUTE))]),
        (libc::SYS_socketpair, vec![(DOMAIN, Ne, flag(libc::AF_UNIX))]),
    ];
    for domain in internet.map(flag) {
        let others = [0, libc::IPPROTO_TCP, libc::IPPROTO_UDP].map(|known| (PROTOCOL, Ne, flag(known)));
        rules.push((libc::SYS_socket, [(DOMAIN, Eq, domain)].into_iter().chain(others).collect()));
        let raw = (KIND, MaskedEq(KIND_MASK), flag(libc::SOCK_RAW));
        rules.push((libc::SYS_socket, vec![(DOMAIN, Eq, domain), raw]));
    }
    for (number, flags) in [(libc::SYS_sendto, 3), (libc::SYS_sendmsg, 2), (libc::SYS_sendmmsg, 3)] {
        rules.push((number, vec![has(flags, libc::MSG_FASTOPEN)]));
    }
    rules
}

/// Threads of this process alone, in its own namespaces.
fn threads() -> Vec<(i64, Vec<Condition>)> {
    const FLAGS: u8 = 0;
    let namespaces = [
        libc::CLONE_NEWNS,
        libc::CLONE_NEWCGROUP,
        libc::CLONE_NEWUTS,
        libc::CLONE_NEWIPC,
        libc::CLONE_NEWUSER,
        libc::CLONE_NEWPID,
        libc::CLONE_NEWNET,
    ];
    let process = (FLAGS, MaskedEq(flag(libc::CLONE_THREAD)), 0);
    let refused = namespaces.into_iter().map(|namespace| has(FLAGS, namespace)).chain([process]);
    refused.map(|condition| (libc::SYS_clone, vec![condition])).collect()
}

/// Modes that give a program the rights of its file's owner or group; and input that a terminal would take for typed.
fn files() -> Vec<(i64, Vec<Condition>)> {
    #[cfg(target_arch = "x86_64")]
    const SHORT: [(i64, Option<u8>, u8); 3] =
        [(libc::SYS_open, Some(1), 2), (libc::SYS_creat, None, 1), (libc::SYS_mkdir, None, 1)];
    #[cfg(not(target_arch = "x86_64"))]
    const SHORT: [(i64, Option<u8>, u8); 0] = [];
    // The places of flags and mode; without these flags the kernel does not read the mode.
    const MODES: [(i64, Option<u8>, u8); 3] =
        [(libc::SYS_openat, Some(2), 3), (libc::SYS_mkdirat, None, 2), (libc::SYS_fchmod, None, 1)];
    const CREATING: [i32; 2] = [libc::O_CREAT, libc::O_TMPFILE & !libc::O_DIRECTORY];
    // Of 32 bits, although the modes of libc have fewer on some systems.
    const SET_ID: [i32; 2] = [0o4000, 0o2000];
    let mut rules = Vec::new();
    for (number, flags, mode) in MODES.into_iter().chain(SHORT) {
        for bit in SET_ID {
            match flags {
                Some(flags) => rules
                    .extend(CREATING.map(|creating| (number, vec![has(flags, creating), has(mode, bit)]))),
                None => rules.push((number, vec![has(mode, bit)])),
            }
        }
    }
    // `asm-generic/ioctls.h`, `linux/tiocl.h`: typed and pasted input.
    for request in [0x5412, 0x541c] {
        rules.push((libc::SYS_ioctl, vec![(1, Eq, request)]));
    }
    rules
}

/// Limits, priorities, processors and memory of any process but this one.
fn processes() -> Vec<(i64, Vec<Condition>)> {
    const ID: u8 = 0;
    const PROCESS: u64 = 0;
    // `linux/ioprio.h`
    const IO_PROCESS: u64 = 1;
    let own = [
        libc::SYS_prlimit64,
        libc::SYS_sched_setparam,
        libc::SYS_sched_setscheduler,
        libc::SYS_sched_setaffinity,
        libc::SYS_sched_setattr,
        libc::SYS_move_pages,
    ];
    let this = u64::from(process::id());
    let mut rules: Vec<_> = own.map(|number| (number, vec![(ID, Ne, 0), (ID, Ne, this)])).into();
    for (number, kind) in [(libc::SYS_setpriority, PROCESS), (libc::SYS_ioprio_set, IO_PROCESS)] {
        rules.push((number, vec![(0, Ne, kind)]));
        rules.push((number, vec![(1, Ne, 0), (1, Ne, this)]));
    }
    rules
}

fn rule(conditions: &[Condition]) -> Result<SeccompRule, BackendError> {
    let conditions = conditions
        .iter()
        .map(|(argument, compare, value)| SeccompCondition::new(*argument, Dword, compare.clone(), *value));
    SeccompRule::new(conditions.collect::<Result<_, _>>()?)
}

/// A set bit in an argument.
fn has(argument: u8, bit: i32) -> Condition {
    (argument, MaskedEq(flag(bit)), flag(bit))
}

/// A constant of C as an argument of 32 bits.
fn flag(constant: i32) -> u64 {
    u32::from_ne_bytes(constant.to_ne_bytes()).into()
}
