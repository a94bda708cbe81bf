//! The server without TLS: the fast path answers plain requests for assets, actix the rest.

use std::{io, rc::Rc, sync::Arc};

use actix_service::{Service, ServiceFactory as _, fn_factory, fn_service};
use actix_web::{dev::Server, rt::net::TcpStream};

use super::{
    activity::Activity,
    app::AppFactory,
    application::Application,
    fast_path::{FastPath, Rewind},
    http1,
    worker::{self, ConnectionContext},
};
use crate::assets::Assets;

/// Makes the server of `application`; it serves once it is polled.
pub(super) fn server<S: Send + Sync + 'static>(
    application: &Application<S>,
    activity: &Activity,
) -> io::Result<Server> {
    let Application { options, listener, assets, .. } = application;
    let factory = AppFactory::new(application, activity);
    let server = worker::builder(options);
    let context = ConnectionContext::new(application, activity, server.graceful_shutdown_signal());
    let assets = assets.clone();
    let service = move || {
        let (factory, context, assets) = (factory.clone(), context.clone(), assets.clone());
        fn_factory(move || service(factory.clone(), context.clone(), assets.clone()))
    };
    Ok(server.listen("http", listener.try_clone()?, service)?.run())
}

/// The service that handles the connections of one worker.
async fn service<S: Send + Sync + 'static>(
    factory: Arc<AppFactory<S>>,
    context: ConnectionContext,
    assets: Option<Assets>,
) -> Result<impl Service<TcpStream, Response = (), Error = ()>, ()> {
    let app = factory.service(false, context.address).await?;
    let http1 = Rc::new(http1::service(&app, &context).new_service(()).await?);
    let context = Rc::new(context);
    let fast_path = assets.and_then(|assets| FastPath::new(assets, &context)).map(Rc::new);
    Ok(fn_service(move |stream: TcpStream| {
        let (http1, fast_path, context) = (Rc::clone(&http1), fast_path.clone(), Rc::clone(&context));
        let connection = context.activity.connection();
        async move {
            let _connection = connection;
            let place = context.places.take();
            let peer = stream.peer_addr().ok();
            // The last segment of an answer would otherwise wait until the client has confirmed those before it.
            let _ = stream.set_nodelay(true);
            let rewound = match &fast_path {
                Some(fast_path) if place.is_held() => fast_path.serve(stream).await,
                _ => Ok(Some(Rewind::from(stream))),
            };
            let outcome = match rewound {
                Ok(Some(stream)) => {
                    let stream = http1::SerialConnection::new(stream, &context, place);
                    http1.call((stream, peer)).await.map_err(|error| error.to_string())
                }
                Ok(None) => Ok(()),
                Err(error) => Err(error.to_string()),
            };
            if let Err(error) = outcome {
                tracing::debug!(error, "connection ended");
            }
            Ok(())
        }
    }))
}
