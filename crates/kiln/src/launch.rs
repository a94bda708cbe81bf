//! The way into a process and out of it: log, seal, runtime, the work itself, exit code.
//!
//! The order is the point. The log comes first so that everything can speak; the seal comes before the
//! runtime because it has to stand before any thread starts.

mod options;
mod sockets;

use std::future::Future;

use actix_web::{rt::System, web::ServiceConfig};

pub use options::{Options, ProcessOptions};
pub use sockets::{Sockets, bind};

use crate::{
    error::Error,
    exit::Exit,
    lifespan::{Lifespan, StartUpError},
    observe, seal,
    server::{Application, ServerOptions},
    shutdown::Shutdown,
};

/// Sets the process up, runs `work` to its end, logs why it failed if it did, and says how to exit. Call it
/// from `main`, on the only thread.
pub fn launch<Work, Running>(options: &ProcessOptions, work: Work) -> Exit
where
    Work: FnOnce(seal::Report) -> Running,
    Running: Future<Output = Result<(), Error>>,
{
    let outcome = observe::init(&options.log, options.log_format)
        .map_err(Error::from)
        .and_then(|()| Ok(seal::apply(options.seal, &options.needs.clone().and(observe::needs()))?))
        .and_then(|report| {
            log_seal(&report);
            observe::exporting(|| System::new().block_on(work(report)))
        });
    match outcome {
        Ok(()) => Exit::Clean,
        Err(error) => {
            let exit = error.exit();
            report(&error, exit);
            exit
        }
    }
}

/// Logs the one line about the end of the process.
fn report(error: &Error, exit: Exit) {
    let resource = match error {
        Error::StartUp { cause: StartUpError::Resource { resource, .. }, .. } => Some(resource.as_str()),
        _ => None,
    };
    // A start that was cancelled by a stop signal is no failure.
    if exit == Exit::Clean {
        tracing::info!(resource, "{error}");
    } else {
        tracing::error!(exit = exit.code(), resource, "{error}");
    }
}

fn log_seal(seal: &seal::Report) {
    if let Some(reason) = seal.gap() {
        tracing::warn!(mode = %seal.mode, reason, "the seal has a gap");
    } else {
        let landlock = seal.landlock_abi.unwrap_or_default();
        tracing::info!(mode = %seal.mode, refused = seal.refused.len(), landlock, "seal");
    }
}

/// Launches a process that serves one application until SIGTERM or SIGINT: the whole of a `main`.
pub fn serve<S, Start, Routes>(options: Options, start: Start, routes: Routes) -> Exit
where
    S: Send + Sync + 'static,
    Start: AsyncFnOnce(&mut Lifespan) -> Result<S, StartUpError>,
    Routes: Fn(&S, &mut ServiceConfig) + Send + Sync + 'static,
{
    serve_with(options, start, routes, |application| application)
}

/// Like [`serve`], with what `complete` makes of the application before it runs:
/// `|application| application.with_assets(|assets| assets)`, say.
pub fn serve_with<S, Start, Routes>(
    options: Options,
    start: Start,
    routes: Routes,
    complete: impl FnOnce(Application<S>) -> Application<S>,
) -> Exit
where
    S: Send + Sync + 'static,
    Start: AsyncFnOnce(&mut Lifespan) -> Result<S, StartUpError>,
    Routes: Fn(&S, &mut ServiceConfig) + Send + Sync + 'static,
{
    let needs = options.process.needs.clone().and(options.needs());
    let process = ProcessOptions { needs, ..options.process.clone() };
    launch(&process, async move |seal| {
        let shutdown =
            Shutdown::on_signals().map_err(|source| Error::System { what: "listen for signals", source })?;
        let tls = options.tls()?;
        let Sockets { public, ownership, admin } = Sockets::bind(&options)?;
        let server = ServerOptions { listener_ownership: ownership, ..options.server };
        let application = Application::build(server, public, shutdown, start, routes).await?;
        complete(application.with_seal(seal).with_tls(tls).with_admin(admin)?).run().await
    })
}
