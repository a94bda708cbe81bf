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

/// Starts a process by `fork` or `vfork` of the kernel, which ends at once. The C library makes neither call: its `fork`
/// is a `clone`, and after its `vfork` the child would return with the stack of this process.
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "a second process has no safe form")]
pub(super) fn start_process_by(number: i64) -> io::Result<()> {
    let answer: i64;
    // SAFETY: until it ends by `exit_group` (231), the child uses registers alone, which are its own, and writes no
    // memory, which after `vfork` is that of this process.
    unsafe {
        std::arch::asm!(
            "syscall",
            "test rax, rax",
            "jnz 2f",
            "xor edi, edi",
            "mov eax, 231",
            "syscall",
            "2:",
            inlateout("rax") number => answer,
            out("rdi") _,
            out("rcx") _,
            out("r11") _,
            options(nostack),
        );
    }
    match i32::try_from(answer) {
        Ok(child) if child > 0 => {
            waitpid(nix::unistd::Pid::from_raw(child), None).map(drop).map_err(Into::into)
        }
        Ok(error) => Err(io::Error::from_raw_os_error(-error)),
        Err(error) => Err(io::Error::other(error)),
    }
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
