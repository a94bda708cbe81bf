//! static-web-server, with its own command line.

fn main() -> static_web_server::Result {
    let settings = static_web_server::Settings::get(true)?;
    static_web_server::Server::new(settings)?.run_standalone(None)
}
