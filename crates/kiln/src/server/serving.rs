//! The servers of an application while they run, from the first request to the last.

use std::{io, net::SocketAddr};

use actix_web::dev::{Server, ServerHandle};

use super::{
    activity::Activity,
    admin,
    application::Application,
    drain::{Drain, DrainOutcome},
    listener::set_write_timeout,
    listener_gate::ListenerGate,
    options::DrainOptions,
    plaintext, systemd, tls,
};
use crate::{
    error::Error,
    lifespan::{FatalTask, Resources, TaskDied},
    observe::timeline,
    phase::{Phase, Phases},
    seal,
};

/// A server that is about to serve, and everything that decides when it ends. No resource is among them, so
/// that the lifespan can be closed afterwards, however serving ended.
pub(super) struct Serving {
    server: Server,
    admin: Option<(Server, SocketAddr)>,
    origin: Origin,
    fatal_task: FatalTask,
    resources: Resources,
    drain: Drain,
}

/// Scheme and address by which clients reach the server.
struct Origin {
    scheme: &'static str,
    address: SocketAddr,
}

/// Cause of the end of serving.
pub(super) enum StopCause {
    /// A stop was requested.
    Requested(DrainOutcome, DrainOptions),
    /// A required task died.
    TaskDied(TaskDied),
}

impl Serving {
    pub(super) fn new<S: Send + Sync + 'static>(application: &Application<S>) -> Result<Self, Error> {
        let activity = Activity::default();
        let Application { options, listener, lifespan, phases, shutdown, .. } = application;
        let gate = ListenerGate::new(listener, options.listener_ownership)
            .map_err(Error::system("duplicate the listener"))?;
        gate.open().map_err(Error::system("listen"))?;
        seal::refuse_listeners(&application.seal)?;
        let admin = application.admin.as_ref();
        let admin = admin
            .map(|listener| Ok((admin::server(application, &activity, listener)?, listener.local_addr()?)));
        let admin = admin.transpose().map_err(Error::system("start the admin server"))?;
        let server = server(application, &activity).map_err(Error::system("start the server"))?;
        let (phases, shutdown, handle) = (phases.clone(), shutdown.clone(), server.handle());
        Ok(Self {
            admin,
            server,
            origin: Origin::of(application),
            fatal_task: lifespan.fatal_task(),
            resources: lifespan.resources(),
            drain: Drain { options: options.drain, phases, shutdown, activity, gate, server: handle },
        })
    }

    pub(super) async fn run(self) -> Result<StopCause, Error> {
        let Self { server, admin, origin, fatal_task, resources, drain } = self;
        let (admin, admin_address) = admin.unzip();
        let admin_handle = admin.as_ref().map(Server::handle);
        let serve_and_drain = async {
            timeline::log(&resources.list());
            ready(&drain.server, &origin, &drain.phases).await;
            if let Some(address) = admin_address {
                admin::log_address(address);
            }
            tokio::select! {
                () = drain.shutdown.requested() => {}
                () = fatal_task.died() => {}
            }
            systemd::stopping();
            drain.run().await
        };
        let outcome = tokio::select! {
            biased;
            // The branch that ends first drops the others: a server dropped before it has stopped closes every
            // connection at once.
            outcome = serve_and_drain => outcome,
            ended = server => match ended {
                Ok(()) if drain.phases.current() == Phase::Draining => DrainOutcome::Complete,
                ended => return Err(stopped("keep the server running", ended)),
            },
            ended = admin::serve(admin) => return Err(stopped("keep the admin server running", ended)),
            never = systemd::watchdog() => match never {},
        };
        if let Some(admin) = admin_handle {
            admin.stop(false).await;
        }
        Ok(match fatal_task.take() {
            Some(cause) => StopCause::TaskDied(cause),
            None => StopCause::Requested(outcome, drain.options),
        })
    }
}

/// The error of a server that ended before it was asked to.
fn stopped(what: &'static str, ended: io::Result<()>) -> Error {
    let source = ended.err().unwrap_or_else(|| io::Error::other("it stopped unexpectedly"));
    Error::System { what, source }
}

impl Origin {
    fn of<S>(application: &Application<S>) -> Self {
        let scheme = if application.tls.is_some() { "https" } else { "http" };
        Self { scheme, address: application.address }
    }
}

/// The server for clients, which serves once it is polled.
fn server<S: Send + Sync + 'static>(application: &Application<S>, activity: &Activity) -> io::Result<Server> {
    set_write_timeout(&application.listener, application.options.write_timeout);
    match &application.tls {
        Some(tls) => tls::server(application, activity, tls),
        None => plaintext::server(application, activity),
    }
}

async fn ready(server: &ServerHandle, Origin { scheme, address }: &Origin, phases: &Phases) {
    // The server answers once its workers run.
    server.resume().await;
    phases.advance(Phase::Ready);
    systemd::ready();
    tracing::info!(%address, "serving at {scheme}://{address}");
}
