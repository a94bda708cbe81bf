//! The server of an application by TLS: it shakes hands, and then speaks HTTP/2 or HTTP/1.1, as was agreed.
//!
//! actix's own server of TLS is not used. It tells nobody of a connection before its handshake is over, so that a drain
//! would pass newcomers by, and its HTTP/2 has no word for a client that has to leave: a stop would wait for every idle
//! browser until the deadline, and then cut off those that are busy.

use std::{io, net::SocketAddr, rc::Rc};

use actix_service::{Service, ServiceFactory as _, fn_factory, fn_service};
use actix_web::{App, dev::Server, rt::net::TcpStream};
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{
    Application, ServerOptions,
    activity::Activity,
    http::{self, Answers},
    http2::{self, Leave},
};
use crate::tls::{HTTP_2, Tls};

/// What every connection of the server needs to know.
#[derive(Clone)]
struct Terms {
    acceptor: TlsAcceptor,
    activity: Activity,
    options: ServerOptions,
    leave: Leave,
}

/// Makes the server of `application`, whose workers each have what `app` makes.
pub(super) fn server<S, A: Answers>(
    application: &Application<S>,
    activity: &Activity,
    tls: &Tls,
    app: impl Fn() -> App<A> + Clone + Send + 'static,
) -> io::Result<Server> {
    let Application { options, listener, address, phases, .. } = application;
    let server = http::builder(options);
    let stop = server.graceful_shutdown_signal();
    let terms = Terms {
        acceptor: tls.acceptor().map_err(io::Error::other)?,
        activity: activity.clone(),
        options: options.clone(),
        leave: Leave { phases: phases.clone(), stop },
    };
    let address = *address;
    let worker = move || {
        let (app, terms) = (app.clone(), terms.clone());
        fn_factory(move || worker(app(), terms.clone(), address))
    };
    Ok(server.listen("tls", listener.try_clone()?, worker)?.run())
}

/// What one worker does with a connection.
async fn worker<A: Answers>(
    app: App<A>,
    terms: Terms,
    address: SocketAddr,
) -> Result<impl Service<TcpStream, Response = (), Error = ()>, ()> {
    let app = http::instance(app, true, address).await?;
    let http1 = Rc::new(http::http1(&app, &terms.options, &terms.leave.stop).new_service(()).await?);
    let terms = Rc::new(terms);
    Ok(fn_service(move |stream: TcpStream| {
        let (app, http1, terms) = (Rc::clone(&app), Rc::clone(&http1), Rc::clone(&terms));
        async move {
            let connection = terms.activity.connection();
            let peer = stream.peer_addr().ok();
            // One answer would otherwise wait until the client has confirmed another, which takes it 40 ms.
            let _ = stream.set_nodelay(true);
            let Some(stream) = shaken(stream, &terms).await else { return Ok(()) };
            connection.heard();
            let outcome = if stream.get_ref().1.alpn_protocol() == Some(HTTP_2) {
                let served = http2::serve(stream, peer, &app, &terms.options, &terms.leave).await;
                served.map_err(|error| error.to_string())
            } else {
                http1.call((stream, peer)).await.map_err(|error| error.to_string())
            };
            if let Err(error) = outcome {
                tracing::debug!(error, "a connection ended");
            }
            Ok(())
        }
    }))
}

/// The connection after the handshake, for which there is as long as for the head of a request. A stop does not wait
/// for it: nobody has asked for anything yet.
async fn shaken(
    stream: TcpStream,
    Terms { acceptor, options, leave, .. }: &Terms,
) -> Option<TlsStream<TcpStream>> {
    let shaken = tokio::select! {
        shaken = timeout(options.request_head_timeout, acceptor.accept(stream)) => shaken,
        () = leave.stop.notified() => return None,
    };
    match shaken {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a handshake failed");
            None
        }
        Err(error) => {
            tracing::debug!(%error, "a handshake took too long");
            None
        }
    }
}
