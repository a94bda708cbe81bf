//! `no_new_privs` and seccomp (`man 2 seccomp`).
//!
//! The filter is a list of refusals, closed above: calls that are newer than the list are unknown to the process.
//! A list of permissions, from the calls of a session, would be stricter and could not be kept honest: which calls
//! a program makes is decided by the C library, the allocator and the application's own crates, changes with their
//! releases, and shows only on the path that makes the call, in production.

mod refused;

mod arguments;

mod filter;

use std::fs;

pub(super) use refused::{NEWEST, UNKNOWN, refused};

use super::{Layer, Needs};

/// Whether the C library binds sockets by itself, as the resolver of musl does. What it may bind is then left to
/// Landlock.
pub(super) const LIBC_BINDS: bool = cfg!(target_env = "musl");

/// Sets `no_new_privs`, installs the filter, and returns the state of each by the kernel, and the refused calls.
pub(super) fn install(needs: &Needs) -> (Layer, Layer, Vec<&'static str>) {
    let outcome = rules(needs).and_then(|rules| filter::install(rules, &filter::unknown_calls()));
    let (refused, reason) = match outcome {
        Ok(()) => (refused().map(|(name, _)| name).collect(), None),
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

/// Refuses new listeners from now on. A socket that listens without having been bound gets a port from the kernel,
/// which asks Landlock for none.
pub(super) fn refuse_listeners() -> Result<(), String> {
    let bind = (!LIBC_BINDS).then_some(libc::SYS_bind);
    let rules = bind.into_iter().chain([libc::SYS_listen]).map(|number| (number, Vec::new()));
    filter::install(rules.collect(), &[])
}

fn rules(needs: &Needs) -> Result<arguments::Rules, String> {
    let mut rules = arguments::rules(needs).map_err(|error| error.to_string())?;
    rules.extend(refused().map(|(_, number)| (number, Vec::new())));
    Ok(rules)
}

fn value<'a>(status: &'a str, field: &str) -> Option<&'a str> {
    status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_filter_compiles_for_this_machine() {
        let needs = Needs::new().resolve_names().connect_unix("/run/socket");
        for needs in [Needs::new(), needs] {
            let rules = rules(&needs).expect("valid rules");
            let program = filter::program(rules, &filter::unknown_calls()).expect("it compiles");
            // The kernel takes no more (linux/bpf_common.h, BPF_MAXINSNS).
            assert!((refused().count()..4096).contains(&program.len()), "{}", program.len());
        }
    }

    #[test]
    fn no_call_is_refused_twice_or_both_whole_and_in_part() {
        let in_part = arguments::rules(&Needs::new()).expect("valid rules");
        let mut seen: BTreeSet<i64> = in_part.into_keys().collect();
        for (name, number) in refused().chain(UNKNOWN.iter().copied()) {
            assert!(seen.insert(number), "{name}");
            assert!(number <= NEWEST.into(), "{name}");
        }
    }

    #[test]
    fn a_field_of_the_status_file_is_found_by_its_whole_name() {
        let status = "Name:\tkiln\nSeccomp:\t2\nSeccomp_filters:\t1\n";
        assert_eq!(value(status, "Seccomp"), Some("2"));
        assert_eq!(value(status, "NoNewPrivs"), None);
    }
}
