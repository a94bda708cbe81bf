//! The build lifecycle starts here.
fn main() {}
