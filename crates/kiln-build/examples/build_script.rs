//! A complete build script. In a package this file is `build.rs`; here it is compiled for tests that let cargo run it.

fn main() -> kiln_build::Outcome {
    kiln_build::build_script()
}
