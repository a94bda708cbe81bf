//! The version of the compiler: the one that compiles this crate compiles the application as well.

use std::{env, error::Error, process::Command};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let rustc =
        env::var_os("RUSTC").ok_or("the environment variable `RUSTC` is not set: run by cargo only")?;
    let output = Command::new(rustc).arg("--version").output()?;
    if !output.status.success() {
        return Err(format!("`rustc --version` failed: {}", output.status).into());
    }
    println!("cargo::rustc-env=KILN_RUSTC_VERSION={}", String::from_utf8(output.stdout)?.trim());
    Ok(())
}
