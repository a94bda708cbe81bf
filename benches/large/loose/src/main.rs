//! The files as `assets export` wrote them, one by one.

#[derive(rust_embed::RustEmbed)]
#[folder = "$LARGE_EXPORTED"]
struct Embedded;

fn main() -> kiln::Exit {
    large_server::main::<Embedded>()
}
