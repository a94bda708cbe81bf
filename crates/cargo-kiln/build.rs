//! Sees to it that a file which is new among the templates is embedded.

fn main() {
    println!("cargo::rerun-if-changed=templates");
}
