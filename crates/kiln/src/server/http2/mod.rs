//! One connection of HTTP/2 (RFC 9113), from its preface to its end.
//!
//! A client that has to leave, because the application drains or because it has been idle for as long as it may, is
//! told so in two steps (RFC 9113 §6.8): what it has sent until it knows is answered too.

mod answer;
mod backlog;
mod heads;
mod late;

use std::{future::poll_fn, net::SocketAddr, pin::pin, rc::Rc, time::Duration};

use actix_http::Request;
use actix_server::GracefulShutdownSignal;
use actix_service::Service;
use actix_web::{HttpResponse, dev::ServiceResponse, web::Bytes};
use h2::{
    Reason,
    server::{Builder, Connection, Handshake},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::JoinSet,
    time::{Instant, error::Elapsed, sleep, timeout},
};

use self::{
    answer::{Stall, answer},
    backlog::{Backlog, Tracked},
    late::Late,
};
use super::{MAX_HEAD, ServerOptions, around::Watched, http::WRITE_BUFFER};
use crate::phase::{Phase, Phases};

/// How many requests of one connection may be in flight, as in nginx.
const STREAMS: u32 = 128;

/// How many bytes of request bodies may be under way that nobody has read yet: of one request, and of all of a
/// connection. They are actix's own.
const STREAM_WINDOW: u32 = 1024 * 1024;
const CONNECTION_WINDOW: u32 = 2 * STREAM_WINDOW;

/// What has a client leave.
#[derive(Clone)]
pub(super) struct Leave {
    /// Who is here when the drain begins leaves; who comes later, after its first request.
    pub(super) phases: Phases,
    /// Everybody leaves.
    pub(super) stop: GracefulShutdownSignal,
}

/// Where a client stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Came while the application drained, and has asked for nothing yet.
    New,
    /// May ask.
    Staying,
    /// Has been told to leave.
    Leaving,
}

/// Why a connection ended otherwise than in order.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("the client did not begin in time")]
    Silent(#[from] Elapsed),
    #[error("the head of a request took too long")]
    Late,
    #[error(transparent)]
    Protocol(#[from] h2::Error),
}

/// Serves until either side closes.
pub(super) async fn serve<Io, S>(
    io: Io,
    peer: Option<SocketAddr>,
    app: &Rc<S>,
    options: &ServerOptions,
    leave: &Leave,
) -> Result<(), Broken>
where
    Io: AsyncRead + AsyncWrite + Unpin,
    S: Service<Request, Response = ServiceResponse<Watched>, Error = HttpResponse> + 'static,
{
    let backlog = Backlog::default();
    let mut connection = tokio::select! {
        opened = timeout(options.request_head_timeout, opening(Tracked::new(io, &backlog))) => opened??,
        () = leave.stop.notified() => return Ok(()),
    };
    let mut stage = if leave.phases.current() < Phase::Draining { Stage::Staying } else { Stage::New };
    let (mut answers, mut late) = (JoinSet::new(), Late::new(&backlog, options.request_head_timeout));
    let mut quiet = pin!(sleep(options.keep_alive));
    let (mut draining, mut stopping) =
        (pin!(leave.phases.reached(Phase::Draining)), pin!(leave.stop.notified()));
    loop {
        tokio::select! {
            accepted = late.unless(connection.accept()) => {
                let (request, respond) = match accepted {
                    None => return end_late(connection, options).await,
                    Some(None) => return Ok(()),
                    Some(Some(accepted)) => accepted?,
                };
                let stall = Stall { limit: options.write_stall, backlog: backlog.clone() };
                answers.spawn_local(answer(request, respond, peer, Rc::clone(app), stall));
                if stage == Stage::New {
                    stage = Stage::Staying;
                }
                continue;
            }
            Some(ended) = answers.join_next() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "a handler ended before its answer");
                }
                quiet.as_mut().reset(Instant::now() + patience(stage, options));
                continue;
            }
            () = &mut quiet, if answers.is_empty() => {
                if stage == Stage::Leaving && !backlog.moves() {
                    return Ok(());
                }
            }
            () = &mut draining, if stage == Stage::Staying => {}
            () = &mut stopping, if stage != Stage::Leaving => {}
        }
        connection.graceful_shutdown();
        stage = Stage::Leaving;
        quiet.as_mut().reset(Instant::now() + patience(stage, options));
    }
}

/// Nothing else can come before the rest of the head (RFC 9113 §4.3).
async fn end_late<Io: AsyncRead + AsyncWrite + Unpin>(
    mut connection: Connection<Io, Bytes>,
    options: &ServerOptions,
) -> Result<(), Broken> {
    connection.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM);
    let told = timeout(options.disconnect_timeout, poll_fn(|context| connection.poll_closed(context)));
    told.await.ok().transpose()?;
    Err(Broken::Late)
}

/// How long a client may ask for nothing. One that is leaving may only close.
fn patience(stage: Stage, options: &ServerOptions) -> Duration {
    match stage {
        Stage::New | Stage::Staying => options.keep_alive,
        Stage::Leaving => options.disconnect_timeout,
    }
}

fn opening<Io: AsyncRead + AsyncWrite + Unpin>(io: Io) -> Handshake<Io, Bytes> {
    // Heads that are longer than they may be, and no longer than this, are refused with what is too long.
    let longest_head = u32::try_from(MAX_HEAD).unwrap_or(u32::MAX);
    Builder::new()
        .max_header_list_size(longest_head)
        .max_concurrent_streams(STREAMS)
        .max_send_buffer_size(WRITE_BUFFER)
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .handshake(io)
}
