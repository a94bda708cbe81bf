//! The server with TLS: a handshake, and then HTTP/2 or HTTP/1.1, as the two sides agreed.
//!
//! The TLS server of actix is not used: it reports no connection before its handshake is over, so that a drain would
//! miss new ones, and its HTTP/2 sends no GOAWAY: a stop would wait for every idle browser until the deadline, and then
//! cut off the busy ones.

use std::{io, rc::Rc, sync::Arc};

use actix_service::{Service, ServiceFactory as _, fn_factory, fn_service};
use actix_web::{dev::Server, rt::net::TcpStream};
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{
    activity::Activity,
    app::AppFactory,
    application::Application,
    http1, http2,
    places::Place,
    worker::{self, ConnectionContext},
};
use crate::tls::{HTTP_2, Tls};

/// Makes the server of `application`; it serves once it is polled.
pub(super) fn server<S: Send + Sync + 'static>(
    application: &Application<S>,
    activity: &Activity,
    tls: &Tls,
) -> io::Result<Server> {
    let Application { options, listener, .. } = application;
    let factory = AppFactory::new(application, activity);
    let server = worker::builder(options);
    let context = ConnectionContext::new(application, activity, server.graceful_shutdown_signal());
    let acceptor = tls.acceptor().map_err(io::Error::other)?;
    let service = move || {
        let (factory, context, acceptor) = (factory.clone(), context.clone(), acceptor.clone());
        fn_factory(move || service(factory.clone(), context.clone(), acceptor.clone()))
    };
    Ok(server.listen("tls", listener.try_clone()?, service)?.run())
}

/// The service that handles the connections of one worker.
async fn service<S: Send + Sync + 'static>(
    factory: Arc<AppFactory<S>>,
    context: ConnectionContext,
    acceptor: TlsAcceptor,
) -> Result<impl Service<TcpStream, Response = (), Error = ()>, ()> {
    let app = factory.service(true, context.address).await?;
    let http1 = Rc::new(http1::service(&app, &context).new_service(()).await?);
    let (context, acceptor) = (Rc::new(context), Rc::new(acceptor));
    Ok(fn_service(move |stream: TcpStream| {
        let (app, http1) = (Rc::clone(&app), Rc::clone(&http1));
        let (context, acceptor) = (Rc::clone(&context), Rc::clone(&acceptor));
        async move {
            let connection = context.activity.connection();
            let place = context.places.take();
            let peer = stream.peer_addr().ok();
            // One answer would otherwise wait until the client has confirmed another, which takes it 40 ms.
            let _ = stream.set_nodelay(true);
            let Some(stream) = handshake(stream, &acceptor, &context, &place).await else { return Ok(()) };
            connection.record_request();
            let outcome = if stream.get_ref().1.alpn_protocol() == Some(HTTP_2) {
                http2::serve(stream, peer, &app, &context, &place).await.map_err(|error| error.to_string())
            } else {
                let stream = http1::SerialConnection::new(stream, &context, place);
                http1.call((stream, peer)).await.map_err(|error| error.to_string())
            };
            if let Err(error) = outcome {
                tracing::debug!(error, "connection ended");
            }
            Ok(())
        }
    }))
}

/// The connection after its handshake, which has as long as the head of a request. A stop does not wait for it, since
/// nothing has been requested yet.
async fn handshake(
    stream: TcpStream,
    acceptor: &TlsAcceptor,
    ConnectionContext { options, stop, .. }: &ConnectionContext,
    place: &Place,
) -> Option<TlsStream<TcpStream>> {
    let outcome = tokio::select! {
        outcome = timeout(place.timeout(options.request_head_timeout), acceptor.accept(stream)) => outcome,
        () = stop.notified() => return None,
    };
    match outcome {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%error, "TLS handshake failed");
            None
        }
        Err(error) => {
            tracing::debug!(%error, "TLS handshake timed out");
            None
        }
    }
}
