//! Failures of package managers, by the lines that say what is wrong.

use super::{manager::PackageManager, package_lock::PackageLock};
use crate::Error;

/// The number of lines in an error.
const LINES: usize = 8;

/// Parts of messages that say that the lock file is not the one of package.json.
const OUTDATED: [&str; 5] =
    ["EUSAGE", "OUTDATED_LOCKFILE", "lockfile needs to be updated", "YN0028", "lockfile had changes"];

/// The failure of a package manager that has run.
pub(super) fn failed(lock: &PackageLock, status: &str, log: &str) -> Error {
    let PackageLock { manager, name, .. } = lock;
    let program = manager.program();
    let help = if OUTDATED.iter().any(|part| log.contains(part)) {
        format!("run `{program} install`, and commit {name}")
    } else {
        format!("fix the errors that {program} reports; {}", elsewhere(*manager))
    };
    let command = command(*manager);
    let problem = format!("`{command}` failed with {status}:\n{}", telling(log).join("\n"));
    Error::Packages { problem, help }
}

/// The failure to start a package manager that is not installed.
pub(super) fn absent(lock: &PackageLock) -> Error {
    let program = lock.manager.program();
    let how = match lock.manager {
        PackageManager::Npm => "install npm, which comes with Node.js".to_owned(),
        PackageManager::YarnBerry => "run `corepack enable`".to_owned(),
        _ => format!("run `npm install --global {program}`"),
    };
    Error::Packages {
        problem: format!("installed packages do not match {}, and {program} is not found", lock.name),
        help: format!("{how}: Kiln uses {program} only to download packages; {}", elsewhere(lock.manager)),
    }
}

/// The command that installs, as people type it.
fn command(manager: PackageManager) -> String {
    format!("{} {}", manager.program(), manager.clean_install().join(" "))
}

fn elsewhere(manager: PackageManager) -> String {
    format!("or run `{}` elsewhere, and copy `node_modules` beside package.json", command(manager))
}

/// The first lines that are no heading, warning, progress or usage.
fn telling(log: &str) -> Vec<&str> {
    let lines = log.lines().map(|line| {
        let line = line.trim_end();
        line.strip_prefix("npm error").or_else(|| line.strip_prefix("npm ERR!")).unwrap_or(line).trim()
    });
    let is_telling = |line: &&str| {
        ![
            "code ",
            "A complete log",
            "warning ",
            "info ",
            "yarn install v",
            "bun install v",
            "Scope: ",
            "npm warn",
        ]
        .iter()
        .any(|heading| line.starts_with(heading))
            && !line.is_empty()
            && !line.contains("YN0000")
    };
    lines.take_while(|line| *line != "Clean install a project").filter(is_telling).take(LINES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usage_of_npm_is_left_out() {
        let log = "npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when in sync.\nnpm error\nnpm error Missing: zod@3.25.76 from lock file\nnpm error\nnpm error Clean install a project\nnpm error\nnpm error Usage:\nnpm error npm ci\n";
        let expected =
            ["`npm ci` can only install packages when in sync.", "Missing: zod@3.25.76 from lock file"];
        assert_eq!(telling(log), expected);
        let yarn = "yarn install v1.22.22\nwarning Ignored scripts due to flag.\nerror Your lockfile needs to be updated\n";
        assert_eq!(telling(yarn), ["error Your lockfile needs to be updated"]);
    }
}
