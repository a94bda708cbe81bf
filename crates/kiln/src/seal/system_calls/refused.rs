//! System calls that a server never makes, whatever their arguments are.

/// Names and numbers of calls that libc knows by number.
macro_rules! calls {
    ($($call:ident),* $(,)?) => {
        &[$((stringify!($call).split_at("SYS_".len()).1, libc::$call)),*]
    };
}

type Calls = &'static [(&'static str, i64)];

/// Refused calls of every architecture: to execute programs, to look into other processes, to change the kernel, its
/// mounts, clocks, limits and names, to change metadata by path, to reach other processes by System V objects and
/// message queues, and to bypass this filter (`io_uring`).
const EVERYWHERE: Calls = calls![
    // programs and other processes
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_pidfd_getfd,
    SYS_kcmp,
    SYS_migrate_pages,
    // code in the kernel, and calls beside this filter
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    // mounts and namespaces
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_setns,
    SYS_unshare,
    SYS_open_tree,
    SYS_move_mount,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fspick,
    SYS_mount_setattr,
    // the machine
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_acct,
    SYS_syslog,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_clock_settime,
    SYS_clock_adjtime,
    SYS_settimeofday,
    SYS_adjtimex,
    SYS_quotactl,
    SYS_quotactl_fd,
    SYS_fanotify_init,
    SYS_fanotify_mark,
    SYS_open_by_handle_at,
    SYS_personality,
    SYS_add_key,
    SYS_request_key,
    SYS_keyctl,
    // objects that processes share
    SYS_shmget,
    SYS_shmat,
    SYS_shmctl,
    SYS_shmdt,
    SYS_semget,
    SYS_semop,
    SYS_semctl,
    SYS_semtimedop,
    SYS_msgget,
    SYS_msgsnd,
    SYS_msgrcv,
    SYS_msgctl,
    SYS_mq_open,
    SYS_mq_unlink,
    // metadata by path, which Landlock does not restrict, and device nodes
    SYS_fchmodat,
    SYS_fchownat,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_fremovexattr,
    SYS_mknodat,
];

/// Refused calls with numbers of their own on x86-64, most of them replaced by later ones.
#[cfg(target_arch = "x86_64")]
const HERE: Calls = calls![
    SYS_fork,
    SYS_vfork,
    SYS_kexec_file_load,
    SYS_iopl,
    SYS_ioperm,
    SYS_modify_ldt,
    SYS_uselib,
    SYS_chmod,
    SYS_chown,
    SYS_lchown,
    SYS_utime,
    SYS_utimes,
    SYS_futimesat,
    SYS_mknod,
];

/// `asm-generic/unistd.h`.
#[cfg(target_arch = "aarch64")]
const HERE: Calls = &[("kexec_file_load", 294)];

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const HERE: Calls = &[];

/// Refused calls that libc does not name everywhere; from 424 on all architectures count alike.
const RECENT: Calls = &[
    ("fchmodat2", 452),
    ("statmount", 457),
    ("listmount", 458),
    ("lsm_set_self_attr", 460),
    ("setxattrat", 463),
    ("removexattrat", 466),
    ("open_tree_attr", 467),
    ("file_setattr", 469),
];

/// The newest call that was looked at when this list was written, `file_setattr` of Linux 6.17. Later ones are unknown.
pub(in crate::seal) const NEWEST: u32 = 469;

/// Calls that are answered as by a kernel without them, so that the C library makes the call before them, whose
/// arguments a filter can read: `clone` and `openat`. Those of the later ones lie in memory.
pub(in crate::seal) const UNKNOWN: Calls = calls![SYS_clone3, SYS_openat2];

/// Names and numbers of all refused calls.
pub(in crate::seal) fn refused() -> impl Iterator<Item = (&'static str, i64)> {
    EVERYWHERE.iter().chain(HERE).chain(RECENT).copied()
}
