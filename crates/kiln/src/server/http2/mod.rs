//! One connection of HTTP/2 (RFC 9113), from its preface to its end.
//!
//! A graceful shutdown, because the application drains or because the connection has been idle for the keep-alive,
//! takes two steps (RFC 9113 §6.8): requests that the client sends before it receives GOAWAY are answered too.

mod discard_allowance;
mod error;
mod frames;
mod head_timeout;
mod request;
mod response;
mod tracked_io;
mod write_pressure;
mod write_timeout;

use std::{future::poll_fn, net::SocketAddr, pin::pin, rc::Rc, time::Duration};

use actix_http::Request;
use actix_service::Service;
use actix_web::{HttpResponse, dev::ServiceResponse, web::Bytes};
use h2::{
    Reason,
    server::{Builder, Connection, Handshake},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::{JoinError, JoinSet},
    time::{Instant, sleep, timeout},
};

use self::{
    discard_allowance::DiscardAllowance,
    error::ConnectionError,
    head_timeout::{HeadTimeout, PendingHead},
    response::Responder,
    tracked_io::TrackedIo,
    write_pressure::WritePressure,
    write_timeout::WriteTimeout,
};
use super::{
    head_limits::MAX_HEAD,
    middleware::TrackedBody,
    options::ServerOptions,
    places::Place,
    worker::{ConnectionContext, WRITE_BUFFER},
};
use crate::phase::Phase;

/// Limit of requests in flight on one connection, as in nginx.
const STREAMS: u32 = 128;

/// Flow-control windows for request bodies, in bytes, of one request and of a whole connection; the defaults of actix.
const STREAM_WINDOW: u32 = 1024 * 1024;
const CONNECTION_WINDOW: u32 = 2 * STREAM_WINDOW;

/// Progress of a client towards its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ClientState {
    /// Connected during the drain, and has sent no request yet.
    New,
    /// May send requests.
    Open,
    /// Was sent GOAWAY.
    GoingAway,
}

/// Serves until either side closes.
pub(super) async fn serve<Io, S>(
    io: Io,
    peer: Option<SocketAddr>,
    app: &Rc<S>,
    context: &ConnectionContext,
    place: &Rc<Place>,
) -> Result<(), ConnectionError>
where
    Io: AsyncRead + AsyncWrite + Unpin,
    S: Service<Request, Response = ServiceResponse<TrackedBody>, Error = HttpResponse> + 'static,
{
    let ConnectionContext { options, phases, stop, .. } = context;
    let (pressure, pending_head) = (WritePressure::default(), PendingHead::default());
    let allowance = DiscardAllowance::default();
    let io = TrackedIo::new(io, &pressure, &pending_head, &allowance);
    let mut connection = tokio::select! {
        opened = timeout(place.timeout(options.request_head_timeout), handshake(io)) => opened??,
        () = stop.notified() => return Ok(()),
    };
    let mut state = if phases.current() < Phase::Draining { ClientState::Open } else { ClientState::New };
    let responder = Rc::new(Responder {
        app: Rc::clone(app),
        place: Rc::clone(place),
        headers: context.headers.clone(),
        write_timeout: WriteTimeout {
            limit: options.write_timeout,
            pressure: pressure.clone(),
            phases: phases.clone(),
            drain: options.drain,
        },
    });
    let mut responses = JoinSet::new();
    let mut head_timeout = HeadTimeout::new(&pending_head, options.request_head_timeout);
    let mut idle = pin!(sleep(place.timeout(options.keep_alive)));
    let (mut draining, mut stopping) = (pin!(phases.reached(Phase::Draining)), pin!(stop.notified()));
    loop {
        tokio::select! {
            accepted = head_timeout.apply(connection.accept()) => {
                let Some(accepted) = accepted else { return reject_late_head(connection, options).await };
                let Some((request, stream)) = accepted.transpose()? else { return Ok(()) };
                allowance.renew();
                let request = request::into_actix(request, peer, context, &allowance);
                responses.spawn_local(Rc::clone(&responder).respond(request, stream));
                if state == ClientState::New {
                    state = ClientState::Open;
                }
                continue;
            }
            Some(ended) = responses.join_next() => log_panic(ended),
            () = &mut idle, if responses.is_empty() => {
                if state == ClientState::GoingAway && !pressure.is_progressing(options.drain.deadline) {
                    return Ok(());
                }
                state = go_away(&mut connection);
            }
            () = &mut draining, if state == ClientState::Open => state = go_away(&mut connection),
            () = &mut stopping, if state != ClientState::GoingAway => state = go_away(&mut connection),
        }
        idle.as_mut().reset(Instant::now() + idle_timeout(state, options, place));
    }
}

fn log_panic(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "handler panicked");
    }
}

/// Begins the graceful shutdown.
fn go_away<Io: AsyncRead + AsyncWrite + Unpin>(connection: &mut Connection<Io, Bytes>) -> ClientState {
    connection.graceful_shutdown();
    ClientState::GoingAway
}

/// Ends the connection, since no other frame can come before the rest of the head (RFC 9113 §4.3).
async fn reject_late_head<Io: AsyncRead + AsyncWrite + Unpin>(
    mut connection: Connection<Io, Bytes>,
    options: &ServerOptions,
) -> Result<(), ConnectionError> {
    connection.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM);
    let closed = timeout(options.disconnect_timeout, poll_fn(|context| connection.poll_closed(context)));
    closed.await.ok().transpose()?;
    Err(ConnectionError::HeadTimeout)
}

/// Time for which a client may send no request. After GOAWAY it may only close.
fn idle_timeout(state: ClientState, options: &ServerOptions, place: &Place) -> Duration {
    match state {
        ClientState::New | ClientState::Open => place.timeout(options.keep_alive),
        ClientState::GoingAway => options.disconnect_timeout,
    }
}

fn handshake<Io: AsyncRead + AsyncWrite + Unpin>(io: Io) -> Handshake<Io, Bytes> {
    // Longer heads than `max_head`, up to this length, get an error response that names the part that is too long.
    let longest_head = u32::try_from(MAX_HEAD).unwrap_or(u32::MAX);
    Builder::new()
        .max_header_list_size(longest_head)
        .max_concurrent_streams(STREAMS)
        .max_send_buffer_size(WRITE_BUFFER)
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .handshake(io)
}
