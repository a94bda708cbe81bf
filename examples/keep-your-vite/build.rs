//! Runs Vite when its sources have changed, and embeds what it made.

fn main() -> kiln_build::Outcome {
    kiln_build::build_script()
}
