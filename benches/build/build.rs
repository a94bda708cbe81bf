//! Build script of an application.

fn main() -> kiln_build::Outcome {
    kiln_build::build_script()
}
