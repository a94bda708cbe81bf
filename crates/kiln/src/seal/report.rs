//! What is in force, for the log and `/readyz`.

use serde::Serialize;

use super::SealMode;

/// What is in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What was asked for.
    pub mode: SealMode,
    /// Whether privileges can no longer be gained, by set-user-ID programs for one.
    pub no_new_privs: Layer,
    /// Whether the kernel refuses `refused`.
    pub system_calls: Layer,
    /// Whether files that nobody named are out of reach, and none can be executed.
    pub files: Layer,
    /// Whether TCP ports that nobody named can be neither bound nor connected to.
    pub ports: Layer,
    /// Whether processes outside can be neither signalled nor reached by abstract sockets.
    pub processes: Layer,
    /// The level of the kernel's Landlock (`man 7 landlock`), when it has one.
    pub landlock_abi: Option<u32>,
    /// What a newer kernel could refuse, and this one leaves open.
    pub missing: Vec<Missing>,
    /// The names of the system calls that are answered with `EPERM`.
    pub refused: Vec<&'static str>,
}

/// One part of the seal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// Nobody has asked for it.
    #[default]
    Off,
    /// The kernel confirms it.
    InForce,
    /// It could not be had.
    Unavailable(String),
}

/// Something that a newer kernel could refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// What is left open.
    pub what: &'static str,
    /// The level of Landlock that it takes.
    pub landlock_abi: u32,
    /// The first Linux with that level.
    pub linux: &'static str,
    /// Whether the seal counts as whole without it.
    pub required: bool,
}

/// Every level that adds something to refuse. Levels 7 and 8 change how a seal is applied and recorded, not
/// what it refuses. Levels 9 and 10 are too new to be asked of anybody: they are told, and their rights are
/// left alone.
const LEVELS: [Missing; 8] = [
    level("opening, changing and executing files", 1, "5.13", true),
    level("moving files between folders", 2, "5.19", true),
    level("truncating files", 3, "6.2", true),
    level("binding and connecting TCP ports", 4, "6.7", true),
    level("commands to devices", 5, "6.10", true),
    level("signals and abstract sockets to processes outside", 6, "6.12", true),
    level("connecting to Unix sockets by path", 9, "7.1", false),
    level("binding and sending to UDP ports", 10, "7.2", false),
];

const fn level(what: &'static str, landlock_abi: u32, linux: &'static str, required: bool) -> Missing {
    Missing { what, landlock_abi, linux, required }
}

/// What a kernel of this level leaves open.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux has levels"))]
pub(super) fn missing(landlock_abi: u32) -> Vec<Missing> {
    LEVELS.into_iter().filter(|level| level.landlock_abi > landlock_abi).collect()
}

impl Report {
    /// Why the seal is not whole.
    #[must_use]
    pub fn gap(&self) -> Option<String> {
        let layers =
            [&self.no_new_privs, &self.system_calls, &self.files, &self.ports, &self.processes].into_iter();
        let mut reasons: Vec<&str> = Vec::new();
        for layer in layers {
            if let Layer::Unavailable(reason) = layer
                && !reasons.contains(&reason.as_str())
            {
                reasons.push(reason);
            }
        }
        let lacking: Vec<_> = self.missing.iter().filter(|missing| missing.required).collect();
        let lacking: Vec<_> =
            lacking.iter().map(|missing| format!("{} (Linux {})", missing.what, missing.linux)).collect();
        let mut gap = reasons.join("; ");
        if !lacking.is_empty() {
            let separator = if gap.is_empty() { "" } else { "; " };
            gap = format!("{gap}{separator}this kernel cannot refuse {}", lacking.join(", "));
        }
        (!gap.is_empty()).then_some(gap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_layer_is_the_gap() {
        let report =
            Report { system_calls: Layer::Unavailable("old kernel".to_owned()), ..Report::default() };
        assert_eq!(report.gap().as_deref(), Some("old kernel"));
        assert_eq!(Report { no_new_privs: Layer::InForce, ..Report::default() }.gap(), None);
    }

    #[test]
    fn a_reason_that_two_layers_share_is_told_once() {
        let layer = Layer::Unavailable("no Landlock".to_owned());
        let report = Report { files: layer.clone(), ports: layer, ..Report::default() };
        assert_eq!(report.gap().as_deref(), Some("no Landlock"));
    }

    #[test]
    fn an_older_kernel_is_told_what_it_lacks_level_by_level() {
        let gap = |landlock_abi| Report { missing: missing(landlock_abi), ..Report::default() }.gap();
        let lacking =
            |landlock_abi| missing(landlock_abi).iter().map(|m| m.landlock_abi).collect::<Vec<u32>>();
        assert_eq!(lacking(0), [1, 2, 3, 4, 5, 6, 9, 10]);
        assert_eq!(lacking(3), [4, 5, 6, 9, 10]);
        let told = gap(4).expect("level 4 is too old");
        assert!(told.contains("commands to devices (Linux 6.10)") && !told.contains("TCP"), "{told}");
        assert_eq!(gap(6), None, "what only the newest kernels have is no gap");
        assert!(lacking(10).is_empty());
    }
}
