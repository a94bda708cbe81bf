//! From the first request that is let in to the last that is answered.

use std::{io, net::SocketAddr};

use actix_web::dev::{Server, ServerHandle};

use super::{
    Application, DrainOptions,
    activity::Activity,
    drain::{Drain, Drained},
    http,
    listener::Entrance,
    system,
};
use crate::{
    error::Error,
    lifespan::{Alarm, TaskDied},
    phase::{Phase, Phases},
    shutdown::Shutdown,
};

/// A server that is about to serve, and everything that decides when it ends. It holds no resource, so that
/// the lifespan can be closed after it, whatever became of it.
pub(super) struct Serving {
    server: Server,
    address: SocketAddr,
    activity: Activity,
    entrance: Entrance,
    alarm: Alarm,
    drain: DrainOptions,
    phases: Phases,
    shutdown: Shutdown,
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
        Ok(Self {
            server: http::server(application, &activity).map_err(system("start the server"))?,
            address: application.address,
            activity,
            entrance,
            alarm: application.lifespan.alarm(),
            drain: application.options.drain,
            phases: application.phases.clone(),
            shutdown: application.shutdown.clone(),
        })
    }

    pub(super) async fn run(self) -> Result<Ended, Error> {
        let Self { server, address, activity, entrance, alarm, drain: options, phases, shutdown } = self;
        let handle = server.handle();
        let supervised = async {
            until_stop(&handle, address, &phases, &shutdown, &alarm).await;
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
        };
        Ok(match alarm.cause() {
            Some(cause) => Ended::TaskDied(cause),
            None => Ended::Asked(drained, options),
        })
    }
}

async fn until_stop(
    server: &ServerHandle,
    address: SocketAddr,
    phases: &Phases,
    shutdown: &Shutdown,
    alarm: &Alarm,
) {
    // The server answers once its workers run.
    server.resume().await;
    phases.advance(Phase::Ready);
    tracing::info!(%address, "serving at http://{address}");
    tokio::select! {
        () = shutdown.requested() => {}
        () = alarm.raised() => {}
    }
}
