//! One application, in a thread of its own, with the handles that its `main` would hold.

use std::{
    net::SocketAddr,
    panic,
    thread::{self, JoinHandle},
};

use actix_web::{rt::System, web::ServiceConfig};
use kiln::{Application, Error, Lifespan, Phase, Phases, ServerOptions, Shutdown, StartUpError, launch};
use tokio::sync::oneshot;

/// An application that serves. Dropping without [`stop`](Self::stop) asks the application to stop, and does not wait.
#[derive(Debug)]
#[must_use = "the application ends when this is dropped"]
pub struct Running {
    address: SocketAddr,
    shutdown: Shutdown,
    phases: Phases,
    thread: ApplicationThread,
}

/// The thread, and the signal of its end.
#[derive(Debug)]
struct ApplicationThread {
    handle: Option<JoinHandle<Result<(), Error>>>,
    ended: oneshot::Receiver<()>,
}

impl Running {
    /// Starts an application on a free port of 127.0.0.1 and waits until it serves.
    ///
    /// # Errors
    /// When the application does not start, as [`Application::build`].
    ///
    /// # Panics
    /// With the panic of the application's thread, if there was one.
    pub async fn start<S, Start, Routes>(
        options: ServerOptions,
        start: Start,
        routes: Routes,
    ) -> Result<Self, Error>
    where
        S: Send + Sync + 'static,
        Start: AsyncFnOnce(&mut Lifespan) -> Result<S, StartUpError> + Send + 'static,
        Routes: Fn(&S, &mut ServiceConfig) + Send + Sync + 'static,
    {
        let listener = launch::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = listener
            .local_addr()
            .map_err(|source| Error::System { what: "read the listener's address", source })?;
        let shutdown = Shutdown::new();
        let (send, started) = oneshot::channel();
        let signal = shutdown.clone();
        let mut thread = ApplicationThread::spawn(move || {
            System::new().block_on(async {
                let application = Application::build(options, listener, signal, start, routes).await?;
                // The test may have stopped waiting.
                let _ = send.send(application.phases());
                application.run().await
            })
        });
        let Ok(phases) = started.await else {
            thread.join().await?;
            unreachable!("an application that was built has sent its phases");
        };
        phases.reached(Phase::Ready).await;
        if phases.current() == Phase::Stopped {
            thread.join().await?;
        }
        Ok(Self { address, shutdown, phases, thread })
    }

    /// The address of the listener.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The origin of its URLs: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The stop signal of the application.
    #[must_use]
    pub fn shutdown(&self) -> &Shutdown {
        &self.shutdown
    }

    /// The phases of the application.
    #[must_use]
    pub fn phases(&self) -> &Phases {
        &self.phases
    }

    /// Stops the application as a signal would, and waits until everything is closed.
    ///
    /// # Errors
    /// As [`Application::run`]: a task died, requests outlived the drain, or a resource did not close.
    ///
    /// # Panics
    /// With the panic of the application's thread, if there was one.
    pub async fn stop(mut self) -> Result<(), Error> {
        self.shutdown.drain();
        self.thread.join().await
    }

    /// Waits until the application ends by itself, after the death of a required task.
    ///
    /// # Errors
    /// As [`stop`](Self::stop).
    ///
    /// # Panics
    /// With the panic of the application's thread, if there was one.
    pub async fn ended(mut self) -> Result<(), Error> {
        self.thread.join().await
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shutdown.end_wait();
    }
}

impl ApplicationThread {
    fn spawn(work: impl FnOnce() -> Result<(), Error> + Send + 'static) -> Self {
        let (send, ended) = oneshot::channel();
        let handle = thread::spawn(move || {
            // Dropped at the end, also after a panic.
            let _send: oneshot::Sender<()> = send;
            work()
        });
        Self { handle: Some(handle), ended }
    }

    async fn join(&mut self) -> Result<(), Error> {
        // The sender is only ever dropped.
        let _ = (&mut self.ended).await;
        match self.handle.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(outcome)) => outcome,
            Some(Err(panic)) => panic::resume_unwind(panic),
        }
    }
}
