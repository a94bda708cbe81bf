//! `kiln.d.ts`: the only file that a build writes beside its output folder and `node_modules`, and only where
//! `tsconfig.json` names it.

use std::fs;

use crate::{Config, atomic_write, config::DECLARATIONS};

/// The copy of `Cargo.toml` in a package that cargo has unpacked, to verify or to install it. Its folder must not change.
const UNPACKED: &str = "Cargo.toml.orig";

/// Writes the declarations unless the file holds them. Returns a warning when it cannot be written: the output does not
/// depend on it.
pub(super) fn write(config: &Config, declarations: &str) -> Option<String> {
    let file = config.root.join(DECLARATIONS);
    let is_written = fs::read(&file).is_ok_and(|present| present == declarations.as_bytes());
    if is_written || config.root.join(UNPACKED).exists() {
        return None;
    }
    let error = atomic_write::replace(&file, declarations.as_bytes()).err()?;
    Some(format!(
        "{DECLARATIONS} not written, which tsconfig.json names: {error}; make the folder writable, or remove the name"
    ))
}
