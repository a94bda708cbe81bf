//! What the front end of any application is built by.

fn main() -> kiln_build::Outcome {
    kiln_build::build_script()
}
