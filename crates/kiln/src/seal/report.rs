//! The state of the seal, for the log and `/readyz`.

use serde::Serialize;

use super::SealMode;

/// State of the seal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The mode.
    pub mode: SealMode,
    /// Whether privileges can no longer be gained, by set-user-ID programs, say.
    pub no_new_privs: Layer,
    /// Whether the kernel refuses `refused`.
    pub system_calls: Layer,
    /// Whether files outside the needs cannot be opened, and no file can be executed.
    pub files: Layer,
    /// Whether TCP ports outside the needs can be neither bound nor connected to.
    pub ports: Layer,
    /// Whether processes outside can be neither signalled nor reached by abstract sockets.
    pub processes: Layer,
    /// The level of the kernel's Landlock (`man 7 landlock`), when it has one.
    pub landlock_abi: Option<u32>,
    /// Restrictions that a newer kernel has and this one lacks.
    pub missing: Vec<Missing>,
    /// The names of the system calls that are answered with `EPERM` whatever their arguments are.
    pub refused: Vec<&'static str>,
    /// Reasons against folders that the needs leave writable.
    pub broad: Vec<String>,
}

/// State of one layer of the seal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// Not asked for.
    #[default]
    Off,
    /// Confirmed by the kernel.
    InForce,
    /// Not available, for this reason.
    Unavailable(String),
}

/// A restriction that a newer kernel has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The operation that stays possible.
    pub what: &'static str,
    /// The level of Landlock that it takes.
    pub landlock_abi: u32,
    /// The first Linux with that level.
    pub linux: &'static str,
    /// Whether the seal counts as whole without it.
    pub required: bool,
}

/// Levels of Landlock that add restrictions. Levels 7 and 8 change how a seal is applied and recorded, not its
/// restrictions. Levels 9 and 10 are too new to be required: they are reported, and their rights are not restricted.
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

/// Restrictions that a kernel of this level lacks.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux has levels"))]
pub(super) fn missing(landlock_abi: u32) -> Vec<Missing> {
    LEVELS.into_iter().filter(|level| level.landlock_abi > landlock_abi).collect()
}

impl Report {
    /// Reasons why the seal is incomplete, if it is.
    #[must_use]
    pub fn gap(&self) -> Option<String> {
        let mut reasons = Vec::new();
        for layer in [&self.no_new_privs, &self.system_calls, &self.files, &self.ports, &self.processes] {
            if let Layer::Unavailable(reason) = layer
                && !reasons.contains(reason)
            {
                reasons.push(reason.clone());
            }
        }
        let required = self.missing.iter().filter(|missing| missing.required);
        let lacking: Vec<_> =
            required.map(|missing| format!("{} (Linux {})", missing.what, missing.linux)).collect();
        if !lacking.is_empty() {
            reasons.push(format!("this kernel cannot restrict {}", lacking.join(", ")));
        }
        reasons.extend(self.broad.iter().cloned());
        (!reasons.is_empty()).then(|| reasons.join("; "))
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
    fn a_reason_shared_by_two_layers_is_reported_once() {
        let layer = Layer::Unavailable("no Landlock".to_owned());
        let report = Report { files: layer.clone(), ports: layer, ..Report::default() };
        assert_eq!(report.gap().as_deref(), Some("no Landlock"));
    }

    #[test]
    fn the_restrictions_that_an_older_kernel_lacks_are_listed_level_by_level() {
        let gap = |landlock_abi| Report { missing: missing(landlock_abi), ..Report::default() }.gap();
        let lacking =
            |landlock_abi| missing(landlock_abi).iter().map(|m| m.landlock_abi).collect::<Vec<u32>>();
        assert_eq!(lacking(0), [1, 2, 3, 4, 5, 6, 9, 10]);
        assert_eq!(lacking(3), [4, 5, 6, 9, 10]);
        let reasons = gap(4).expect("level 4 is too old");
        assert!(
            reasons.contains("commands to devices (Linux 6.10)") && !reasons.contains("TCP"),
            "{reasons}"
        );
        assert_eq!(gap(6), None, "what only the newest kernels have is no gap");
        assert!(lacking(10).is_empty());
    }
}
