//! From the first request that is let in to the last that is answered.

use std::{io, net::SocketAddr};

use actix_web::dev::{Server, ServerHandle};

use super::{
    Application, DrainOptions,
    activity::Activity,
    admin,
    drain::{Drain, Drained},
    http,
    listener::Entrance,
    manager, system,
};
use crate::{
    error::Error,
    lifespan::{Alarm, Resources, TaskDied},
    observe::timeline,
    phase::{Phase, Phases},
    shutdown::Shutdown,
};

/// A server that is about to serve, and everything that decides when it ends. It holds no resource, so that
/// the lifespan can be closed after it, whatever became of it.
pub(super) struct Serving {
    server: Server,
    admin: Option<(Server, SocketAddr)>,
    origin: Origin,
    activity: Activity,
    entrance: Entrance,
    alarm: Alarm,
    resources: Resources,
    drain: DrainOptions,
    phases: Phases,
    shutdown: Shutdown,
}

/// Where clients find it.
struct Origin {
    scheme: &'static str,
    address: SocketAddr,
}

/// Why an application stopped serving.
pub(super) enum Ended {
    /// It was asked to stop.
    Asked(Drained, DrainOptions),
    /// It could not go on.
    TaskDied(TaskDied),
}

impl Serving {
    pub(super) fn new<S: Send + Sync + 'static>(application: &Application<S>) -> Result<Self, Error> {
        let activity = Activity::default();
        let entrance = Entrance::new(&application.listener, application.options.listener)
            .map_err(system("duplicate the listener"))?;
        entrance.open().map_err(system("listen"))?;
        let admin = application.admin.as_ref();
        let admin = admin
            .map(|listener| Ok((admin::server(application, &activity, listener)?, listener.local_addr()?)));
        Ok(Self {
            admin: admin.transpose().map_err(system("start the admin server"))?,
            server: http::server(application, &activity).map_err(system("start the server"))?,
            origin: Origin::of(application),
            activity,
            entrance,
            alarm: application.lifespan.alarm(),
            resources: application.lifespan.resources(),
            drain: application.options.drain,
            phases: application.phases.clone(),
            shutdown: application.shutdown.clone(),
        })
    }

    pub(super) async fn run(self) -> Result<Ended, Error> {
        let Self {
            server,
            admin,
            origin,
            activity,
            entrance,
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
            timeline::tell(&resources.list());
            ready(&handle, &origin, &phases).await;
            if let Some(address) = admin_address {
                admin::tell(address);
            }
            tokio::select! {
                () = shutdown.requested() => {}
                () = alarm.raised() => {}
            }
            manager::stopping();
            let (phases, shutdown, activity) = (&phases, &shutdown, &activity);
            Drain { options, phases, shutdown, activity, entrance: &entrance, server: &handle }.run().await
        };
        let stopped = system("keep the server running");
        let drained = tokio::select! {
            biased;
            // Whoever ends first here drops the other: a server dropped before it has stopped closes every
            // connection at once.
            drained = supervised => drained,
            ended = server => match ended {
                Ok(()) if phases.current() == Phase::Draining => Drained::Fully,
                Ok(()) => return Err(stopped(io::Error::other("nobody had asked it to stop"))),
                Err(error) => return Err(stopped(error)),
            },
            ended = admin::serve(admin) => {
                let error = ended.err().unwrap_or_else(|| io::Error::other("nobody had asked it to stop"));
                return Err(system("keep the admin server running")(error));
            }
            never = manager::alive() => match never {},
        };
        if let Some(admin) = admin_handle {
            admin.stop(false).await;
        }
        Ok(match alarm.cause() {
            Some(cause) => Ended::TaskDied(cause),
            None => Ended::Asked(drained, options),
        })
    }
}

impl Origin {
    fn of<S>(application: &Application<S>) -> Self {
        let scheme = if application.tls.is_some() { "https" } else { "http" };
        Self { scheme, address: application.address }
    }
}

async fn ready(server: &ServerHandle, Origin { scheme, address }: &Origin, phases: &Phases) {
    // The server answers once its workers run.
    server.resume().await;
    phases.advance(Phase::Ready);
    manager::ready();
    tracing::info!(%address, "serving at {scheme}://{address}");
}
