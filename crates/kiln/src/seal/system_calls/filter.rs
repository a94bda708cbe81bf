//! Filters of system calls, as programs that the kernel runs (`man 2 seccomp`).

use std::env::consts::ARCH;

use seccompiler::{BackendError, BpfProgram, SeccompAction, SeccompFilter, TargetArch, sock_filter};

use super::{
    arguments::Rules,
    refused::{NEWEST, UNKNOWN},
};

/// Answers what `rules` match with `EPERM`, in every thread; everything else passes.
pub(super) fn install(rules: Rules, before: &[sock_filter]) -> Result<(), String> {
    let program = program(rules, before)?;
    // Sets `no_new_privs` too, without which the kernel takes no filter from an ordinary user.
    seccompiler::apply_filter_all_threads(&program).map_err(|error| error.to_string())
}

pub(super) fn program(rules: Rules, before: &[sock_filter]) -> Result<BpfProgram, String> {
    let arch = TargetArch::try_from(ARCH).map_err(|_| format!("no seccomp filter exists for {ARCH}"))?;
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch);
    let program: Result<BpfProgram, BackendError> = filter.and_then(BpfProgram::try_from);
    Ok([before, &program.map_err(|error| error.to_string())?].concat())
}

/// Instructions that answer [`UNKNOWN`] calls, and all above [`NEWEST`], with `ENOSYS`. These are the calls of later
/// kernels, and on x86-64 the numbers of x32, under which a kernel may take every call once more.
pub(super) fn unknown_calls() -> Vec<sock_filter> {
    // Classic BPF (linux/filter.h) on the number of the call, which is the first word (linux/seccomp.h).
    const LOAD_WORD: u16 = 0x20;
    const JUMP_IF_EQUAL: u16 = 0x15;
    const JUMP_IF_GREATER: u16 = 0x25;
    const RETURN: u16 = 0x06;
    const ERRNO: u32 = 0x0005_0000;
    let instruction = |code, jt, jf, k| sock_filter { code, jt, jf, k };
    let numbers = UNKNOWN.iter().filter_map(|(_, number)| u32::try_from(*number).ok());
    let mut program = vec![instruction(LOAD_WORD, 0, 0, 0)];
    for (code, number) in
        [(JUMP_IF_GREATER, NEWEST)].into_iter().chain(numbers.map(|each| (JUMP_IF_EQUAL, each)))
    {
        // To the answer, or past it.
        program.push(instruction(code, 0, 1, number));
        program.push(instruction(RETURN, 0, 0, ERRNO | libc::ENOSYS.unsigned_abs()));
    }
    program
}
