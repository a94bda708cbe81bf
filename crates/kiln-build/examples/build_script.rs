//! A whole build script. In a package it is `build.rs`; here it is compiled so that tests can let cargo run it.

fn main() -> kiln_build::Outcome {
    kiln_build::build_script()
}
