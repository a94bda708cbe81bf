//! The write time-out of a response.

use std::{future::poll_fn, pin::pin, time::Duration};

use actix_web::web::Bytes;
use h2::SendStream;
use tokio::time::timeout;

use super::{error::SendError, write_pressure::WritePressure};
use crate::{
    phase::Phases,
    server::{client_time, options::DrainOptions},
};

/// Time for which a client may keep its flow-control window shut.
pub(super) struct WriteTimeout {
    pub(super) limit: Duration,
    pub(super) pressure: WritePressure,
    pub(super) phases: Phases,
    pub(super) drain: DrainOptions,
}

impl WriteTimeout {
    /// Number of bytes of `stream` that may be sent now. A socket that is full is left to the kernel, which knows
    /// whether the client takes anything at all; the limit is for windows that the client keeps shut.
    pub(super) async fn capacity(&self, stream: &mut SendStream<Bytes>) -> Result<usize, SendError> {
        let mut ended = pin!(client_time::ended(&self.phases, self.drain));
        loop {
            let capacity = timeout(self.limit, poll_fn(|context| stream.poll_capacity(context)));
            tokio::select! {
                biased;
                capacity = capacity => match capacity {
                    Ok(capacity) => return Ok(capacity.ok_or(SendError::Reset)??),
                    Err(_) if self.pressure.is_blocked() => {}
                    Err(_) => return Err(SendError::WriteTimeout),
                },
                () = &mut ended => return Err(SendError::Stalled),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::{io::duplex, task::LocalSet};

    use super::{
        super::{discard_allowance::DiscardAllowance, head_timeout::PendingHead, tracked_io::TrackedIo},
        *,
    };

    const LIMIT: Duration = Duration::from_millis(20);
    const WINDOW: u32 = 16 * 1024 * 1024;

    #[tokio::test]
    async fn a_client_with_wide_windows_and_a_slow_socket_is_not_timed_out() {
        let (near, far) = duplex(1024);
        let (pressure, phases) = (WritePressure::default(), Phases::new());
        let write_timeout = WriteTimeout { limit: LIMIT, pressure, phases, drain: DrainOptions::default() };
        let pressure = &write_timeout.pressure;
        let near = TrackedIo::new(near, pressure, &PendingHead::default(), &DiscardAllowance::default());
        let server = h2::server::handshake(near);
        let mut client = h2::client::Builder::new();
        client.initial_window_size(WINDOW).initial_connection_window_size(WINDOW);
        let (server, client) = tokio::join!(server, client.handshake::<_, Bytes>(far));
        let (mut server, (mut requests, mut client)) =
            (server.expect("a preface"), client.expect("a preface"));
        let (_answer, _) = requests.send_request(http::Request::new(()), true).expect("sent");
        let (_, mut respond) = tokio::select! {
            accepted = server.accept() => accepted.expect("a request").expect("a request"),
            _ = &mut client => panic!("the client ended"),
        };
        let mut stream = respond.send_response(http::Response::new(()), false).expect("sent");
        let tasks = LocalSet::new();
        tasks.spawn_local(async move { server.accept().await.is_none() });
        let filled = tasks.run_until(timeout(10 * LIMIT, async {
            loop {
                stream.reserve_capacity(64 * 1024);
                let capacity = write_timeout.capacity(&mut stream).await.expect("a client that is only slow");
                stream.send_data(Bytes::from(vec![0; capacity]), false).expect("sent");
            }
        }));
        assert!(filled.await.is_err(), "the socket has to be full");
    }
}
