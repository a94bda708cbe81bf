//! memory-serve, as its README shows it, with one worker.

use kiln_compare::address;

fn main() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address()).await?;
        axum::serve(listener, memory_serve::load!().into_router()).await
    })
}
