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
    lifespan::{Alarm, Resources, TaskDied},
    observe::timeline,
    phase::{Phase, Phases},
    shutdown::Shutdown,
};

/// A server that is about to serve, and everything that decides when it ends. It holds no resource, so that
/// the lifespan can be closed after it, however it ended.
pub(super) struct Serving {
    server: Server,
    admin: Option<(Server, SocketAddr)>,
    origin: Origin,
    activity: Activity,
    gate: ListenerGate,
    alarm: Alarm,
    resources: Resources,
    drain: DrainOptions,
    phases: Phases,
    shutdown: Shutdown,
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
        let admin = application.admin.as_ref();
        let admin = admin
            .map(|listener| Ok((admin::server(application, &activity, listener)?, listener.local_addr()?)));
        Ok(Self {
            admin: admin.transpose().map_err(Error::system("start the admin server"))?,
            server: server(application, &activity).map_err(Error::system("start the server"))?,
            origin: Origin::of(application),
            activity,
            gate,
            alarm: lifespan.alarm(),
            resources: lifespan.resources(),
            drain: options.drain,
            phases: phases.clone(),
            shutdown: shutdown.clone(),
        })
    }

    pub(super) async fn run(self) -> Result<StopCause, Error> {
        let Self {
            server,
            admin,
            origin,
            activity,
            gate,
            alarm,
            resources,
            drain: options,
            phases,
            shutdown,
        } = self;
        let handle = server.handle();
        let (admin, admin_address) = admin.unzip();
        let admin_handle = admin.as_ref().map(Server::handle);
        let supervised = async {
            timeline::log(&resources.list());
            ready(&handle, &origin, &phases).await;
            if let Some(address) = admin_address {
                admin::log_address(address);
            }
            tokio::select! {
                () = shutdown.requested() => {}
                () = alarm.raised() => {}
            }
            systemd::stopping();
            let (phases, shutdown, activity) = (&phases, &shutdown, &activity);
            Drain { options, phases, shutdown, activity, gate: &gate, server: &handle }.run().await
        };
        let stopped = Error::system("keep the server running");
        let drained = tokio::select! {
            biased;
            // The branch that ends first drops the others: a server dropped before it has stopped closes every
            // connection at once.
            drained = supervised => drained,
            ended = server => match ended {
                Ok(()) if phases.current() == Phase::Draining => DrainOutcome::Complete,
                Ok(()) => return Err(stopped(io::Error::other("it stopped unexpectedly"))),
                Err(error) => return Err(stopped(error)),
            },
            ended = admin::serve(admin) => {
                let error = ended.err().unwrap_or_else(|| io::Error::other("it stopped unexpectedly"));
                return Err(Error::system("keep the admin server running")(error));
            }
            never = systemd::watchdog() => match never {},
        };
        if let Some(admin) = admin_handle {
            admin.stop(false).await;
        }
        Ok(match alarm.cause() {
            Some(cause) => StopCause::TaskDied(cause),
            None => StopCause::Requested(drained, options),
        })
    }
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
