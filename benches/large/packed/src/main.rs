//! The files as the build hands them to rust-embed.

#[derive(rust_embed::RustEmbed)]
#[folder = "$OUT_DIR/kiln"]
struct Embedded;

fn main() -> kiln::Exit {
    large_server::main::<Embedded>()
}
