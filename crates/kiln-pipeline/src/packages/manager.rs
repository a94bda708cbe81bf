//! Package managers: their lock files, their records of what is installed, and the commands that install.

use std::{env, process::Command};

/// A package manager of npm packages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PackageManager {
    Npm,
    Pnpm,
    /// yarn 1.
    YarnClassic,
    /// yarn 2 and later.
    YarnBerry,
    Bun,
}

/// Lock files, with the program that writes each. npm prefers its first to its second.
pub(super) const LOCK_FILES: [(&str, &str); 6] = [
    ("npm-shrinkwrap.json", "npm"),
    ("package-lock.json", "npm"),
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("bun.lock", "bun"),
    ("bun.lockb", "bun"),
];

/// Variables, in lower case, that let a package manager leave out packages of development or optional ones.
const OMITTING: [&str; 14] = [
    "node_env",
    "npm_config_also",
    "npm_config_dev",
    "npm_config_include",
    "npm_config_omit",
    "npm_config_only",
    "npm_config_optional",
    "npm_config_prod",
    "npm_config_production",
    "pnpm_config_dev",
    "pnpm_config_optional",
    "pnpm_config_prod",
    "pnpm_config_production",
    "yarn_production",
];

impl PackageManager {
    /// The manager of a lock file, by the program that writes it and its content.
    pub(super) fn of(program: &str, lock: &str) -> Self {
        match program {
            "pnpm" => Self::Pnpm,
            "yarn" if lock.lines().any(|line| line == "__metadata:") => Self::YarnBerry,
            "yarn" => Self::YarnClassic,
            "bun" => Self::Bun,
            _ => Self::Npm,
        }
    }

    /// The name of the program.
    pub(super) fn program(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Pnpm => "pnpm",
            Self::YarnClassic | Self::YarnBerry => "yarn",
            Self::Bun => "bun",
        }
    }

    /// The manager's own records of what it has installed, below `node_modules`.
    pub(super) fn records(self) -> &'static [&'static str] {
        match self {
            Self::Npm => &[".package-lock.json"],
            Self::Pnpm => &[".modules.yaml", ".pnpm/lock.yaml"],
            Self::YarnClassic => &[".yarn-integrity"],
            Self::YarnBerry => &[".yarn-state.yml"],
            Self::Bun => &[],
        }
    }

    /// The arguments that install exactly what the lock file holds; `ci` for npm.
    pub(super) fn clean_install(self) -> &'static [&'static str] {
        match self {
            Self::Npm => &["ci"],
            Self::YarnBerry => &["install", "--immutable"],
            Self::Pnpm | Self::YarnClassic | Self::Bun => &["install", "--frozen-lockfile"],
        }
    }

    /// The command that installs what the lock file holds, packages of development included, without their scripts.
    pub(super) fn command(self) -> Command {
        let further: &[&str] = match self {
            Self::Npm => &[
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--loglevel=error",
                "--include=dev",
                "--include=optional",
            ],
            Self::Pnpm => &["--ignore-scripts", "--prod=false"],
            Self::YarnClassic => &["--ignore-scripts", "--production=false", "--non-interactive"],
            Self::YarnBerry => &["--mode=skip-build"],
            Self::Bun => &["--ignore-scripts"],
        };
        let mut command = Command::new(self.program());
        command.args(self.clean_install()).args(further);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(|name| OMITTING.contains(&name.to_ascii_lowercase().as_str())) {
                command.env_remove(name);
            }
        }
        // Without a terminal, pnpm replaces packages of another version only in CI.
        command.env("CI", "true").env("NO_COLOR", "1");
        command
    }
}
