//! The build lifecycle starts here, and ends before the server starts.

fn main() -> kiln_build::Outcome {
    kiln_build::build_script()
}
