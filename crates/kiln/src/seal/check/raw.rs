//! System calls by number, with arguments of which the kernel can make nothing.

use std::io;

use nix::{
    sys::wait::waitpid,
    unistd::{ForkResult, fork},
};

/// An argument that is no address, no descriptor, no length and no set of flags.
pub(super) const NOTHING: i64 = -1;

/// The highest id that a process could have, and more than the kernel gives (`man 5 proc_sys_kernel`, `pid_max`).
pub(super) const NOBODY: i64 = i32::MAX as i64;

/// Makes the call `number`, with [`NOTHING`] for further arguments.
#[expect(unsafe_code, reason = "a call by its number has no safe form")]
pub(super) fn call(number: i64, arguments: &[i64]) -> io::Result<()> {
    let argument = |index| arguments.get(index).copied().unwrap_or(NOTHING);
    // SAFETY: no argument is an address of this process, so that the kernel reads and writes none of its memory, and
    // none of the calls returns twice or changes the memory that is mapped.
    let answer = unsafe {
        libc::syscall(number, argument(0), argument(1), argument(2), argument(3), argument(4), argument(5))
    };
    if answer == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Starts a process that ends at once.
#[expect(unsafe_code, reason = "a second process has no safe form")]
pub(super) fn start_process() -> io::Result<()> {
    // SAFETY: the child calls nothing but `_exit`, which is safe after `fork` (`man 7 signal-safety`).
    match unsafe { fork() }? {
        // SAFETY: `_exit` ends the process and touches none of its memory.
        ForkResult::Child => unsafe { libc::_exit(0) },
        ForkResult::Parent { child } => waitpid(child, None).map(drop).map_err(Into::into),
    }
}
