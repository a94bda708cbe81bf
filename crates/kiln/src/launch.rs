//! The way into a process and out of it: log, seal, runtime, the work itself, exit code.
//!
//! The order is the point. The log comes first so that everything can speak; the seal comes before the
//! runtime because it has to stand before any thread starts.

mod sockets;

use std::{future::Future, net::SocketAddr};

use actix_web::{rt::System, web::ServiceConfig};

pub(crate) use sockets::BACKLOG;
pub use sockets::{PortUse, Sockets, bind};

use crate::{
    error::Error,
    exit::Exit,
    lifespan::{Lifespan, StartUpError},
    observe::{self, LogFilter, LogFormat},
    seal::{self, Needs, SealMode},
    server::{Application, ServerOptions},
    shutdown::Shutdown,
    tls::{Tls, TlsOptions},
};

/// Everything that can be set about a process that serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where metrics and probes are answered besides; `None` is nowhere.
    pub admin: Option<SocketAddr>,
    /// How to serve by TLS; `None` is without.
    pub tls: Option<TlsOptions>,
    /// Whether a successor may bind the same ports.
    pub port_use: PortUse,
    /// How the process is set up.
    pub process: ProcessOptions,
    /// How it serves and stops.
    pub server: ServerOptions,
}

/// How a process is set up before any of its work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessOptions {
    /// What is logged.
    pub log: LogFilter,
    /// How it is logged.
    pub log_format: LogFormat,
    /// How much the seal matters.
    pub seal: SealMode,
    /// What the seal has to leave open.
    pub needs: Needs,
}

impl Default for Options {
    fn default() -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        Self {
            listen,
            admin: None,
            tls: None,
            port_use: PortUse::default(),
            process: ProcessOptions::default(),
            server: ServerOptions::default(),
        }
    }
}

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
            tell(&report);
            observe::exporting(|| System::new().block_on(work(report)))
        });
    match outcome {
        Ok(()) => Exit::Clean,
        Err(error) => {
            let exit = error.exit();
            // A start that was asked to stop has done what it was asked.
            if exit == Exit::Clean {
                tracing::info!("{error}");
            } else {
                tracing::error!(exit = exit.code(), "{error}");
            }
            exit
        }
    }
}

fn tell(seal: &seal::Report) {
    if let Some(reason) = seal.gap() {
        tracing::warn!(mode = %seal.mode, reason, "the seal has a gap");
    } else {
        let landlock = seal.landlock_abi.unwrap_or_default();
        tracing::info!(mode = %seal.mode, refused = seal.refused.len(), landlock, "seal");
    }
}

impl Options {
    /// Reads the certificate that the process serves with, if it has one, and will again at SIGHUP.
    ///
    /// # Errors
    /// When the certificate or its key cannot be used, or the operating system refuses to tell of the signal.
    ///
    /// # Panics
    /// When called outside a tokio runtime.
    pub fn tls(&self) -> Result<Option<Tls>, Error> {
        let Some(options) = &self.tls else { return Ok(None) };
        let tls = Tls::load(options)?.reloaded_on_hangup();
        tls.map(Some).map_err(|source| Error::System { what: "listen for SIGHUP", source })
    }

    /// What serving needs of the system: the ports that [`sockets`](Self::sockets) binds, and the files of
    /// [`tls`](Self::tls).
    #[must_use]
    pub fn needs(&self) -> Needs {
        let needs = self.tls.as_ref().map_or_else(Needs::new, |tls| tls.files.needs());
        let needs = needs.listen(self.listen.port());
        self.admin.map_or(needs.clone(), |admin| needs.listen(admin.port()))
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
        let Sockets { public, used, admin } = options.sockets()?;
        let server = ServerOptions { listener: used, ..options.server };
        let application = Application::build(server, public, shutdown, start, routes).await?;
        complete(application.with_seal(seal).with_tls(tls).with_admin(admin)?).run().await
    })
}
