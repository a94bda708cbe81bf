//! The files as the build hands them to rust-embed.

kiln::embed!();

fn main() -> kiln::Exit {
    large_server::main::<Embedded>()
}
