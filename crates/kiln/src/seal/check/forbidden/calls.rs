//! Refused system calls, by their numbers.

use std::io;

#[cfg(target_arch = "x86_64")]
use super::super::raw;
use super::super::{
    act::{
        Act,
        Expected::{Refused, Unknown},
    },
    raw::{NOBODY, NOTHING, call},
};
use crate::seal::system_calls::{NEWEST, UNKNOWN, refused};

/// Words, number and arguments of a call. Without the seal the kernel finds an argument invalid, and does nothing.
type Call = (&'static str, i64, &'static [i64]);

/// Calls that are refused with some arguments.
const IN_PART: &[Call] = &[
    ("start a process (clone)", libc::SYS_clone, &[libc::CLONE_SIGHAND as i64]),
    (
        "start a thread in another network",
        libc::SYS_clone,
        &[(libc::CLONE_THREAD | libc::CLONE_NEWNET) as i64],
    ),
    ("make a set-user-ID file", libc::SYS_openat, &[NOTHING, NOTHING, libc::O_CREAT as i64, 0o4600]),
    ("make a set-group-ID file", libc::SYS_openat, &[NOTHING, NOTHING, libc::O_TMPFILE as i64, 0o2600]),
    ("make a set-group-ID folder", libc::SYS_mkdirat, &[NOTHING, NOTHING, 0o2700]),
    ("make an open file set-user-ID", libc::SYS_fchmod, &[NOTHING, 0o4600]),
    ("change the times of a file by path", libc::SYS_utimensat, &[]),
    ("limit another process", libc::SYS_prlimit64, &[NOBODY, 0, 0, 0]),
    ("change the priority of another process", libc::SYS_setpriority, &[0, NOBODY, 0]),
    ("change the priority of a user", libc::SYS_setpriority, &[2, NOBODY, 0]),
    ("change the scheduling of another process", libc::SYS_sched_setparam, &[NOBODY, 0]),
    ("change the scheduler of another process", libc::SYS_sched_setscheduler, &[NOBODY, 0, 0]),
    ("change the attributes of another process", libc::SYS_sched_setattr, &[NOBODY, 0, 0]),
    ("change the processors of another process", libc::SYS_sched_setaffinity, &[NOBODY, 0, 0]),
    ("change the I/O priority of another process", libc::SYS_ioprio_set, &[1, NOBODY, 0]),
    ("move the pages of another process", libc::SYS_move_pages, &[NOBODY, 0, 0, 0, 0, 0]),
    ("type into a terminal (TIOCSTI)", libc::SYS_ioctl, &[NOTHING, 0x5412]),
    ("paste into a terminal (TIOCLINUX)", libc::SYS_ioctl, &[NOTHING, 0x541c]),
];

/// The same calls by the numbers that only x86-64 has.
#[cfg(target_arch = "x86_64")]
const IN_PART_HERE: &[Call] = &[
    ("make a set-user-ID file (open)", libc::SYS_open, &[NOTHING, libc::O_CREAT as i64, 0o4600]),
    ("make a set-user-ID file (creat)", libc::SYS_creat, &[NOTHING, 0o4600]),
    ("make a set-group-ID folder (mkdir)", libc::SYS_mkdir, &[NOTHING, 0o2700]),
];
#[cfg(not(target_arch = "x86_64"))]
const IN_PART_HERE: &[Call] = &[];

/// `execve` by its number of x32 (`asm/unistd_x32.h`).
#[cfg(target_arch = "x86_64")]
const X32: &[(&str, i64)] = &[("start a program by an x32 number", 0x4000_0208)];
#[cfg(not(target_arch = "x86_64"))]
const X32: &[(&str, i64)] = &[];

pub(super) fn acts() -> Vec<Act> {
    let whole = refused().map(|(name, number)| Act::new(format!("call {name}"), Refused, &made(number)));
    let in_part = IN_PART.iter().chain(IN_PART_HERE);
    let in_part = in_part.map(|(act, number, arguments)| Act::new(*act, Refused, &call(*number, arguments)));
    let unknown = UNKNOWN.iter().map(|(name, number)| (format!("call {name}"), *number, 0));
    let later = [("make a call of a later kernel", i64::from(NEWEST) + 1)];
    let later = later.iter().chain(X32).map(|(act, number)| ((*act).to_owned(), *number, NOTHING));
    let unknown = unknown
        .chain(later)
        .map(|(act, number, argument)| Act::new(act, Unknown, &call(number, &[argument; 6])));
    whole.chain(in_part).chain(unknown).collect()
}

/// Makes a refused call. `fork` and `vfork` return twice.
#[cfg(target_arch = "x86_64")]
fn made(number: i64) -> io::Result<()> {
    if [libc::SYS_fork, libc::SYS_vfork].contains(&number) {
        raw::start_process_by(number)
    } else {
        call(number, arguments(number))
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn made(number: i64) -> io::Result<()> {
    call(number, arguments(number))
}

/// Arguments for a refused call, beyond which it has [`NOTHING`]: these flags would make a queue of messages.
fn arguments(number: i64) -> &'static [i64] {
    if number == libc::SYS_msgget { &[NOTHING, 0] } else { &[] }
}
