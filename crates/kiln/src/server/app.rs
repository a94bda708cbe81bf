//! The actix `App` of each worker.

use std::{net::SocketAddr, rc::Rc, sync::Arc};

use actix_http::Request;
use actix_service::{IntoServiceFactory as _, Service, ServiceFactory as _, ServiceFactoryExt as _};
use actix_web::{
    App, HttpResponse,
    dev::{AppConfig, ServiceResponse},
    web,
};

use super::{
    acceptance::Acceptance,
    activity::Activity,
    application::{Application, Routes},
    default_headers::DefaultHeaders,
    middleware::{Middleware, TrackedBody},
};
use crate::{
    assets::Assets,
    phase::Phases,
    probes::{Audience, Probes},
};

/// Makes the `App` of each worker.
pub(super) struct AppFactory<S> {
    probes: Probes,
    activity: Activity,
    phases: Phases,
    headers: DefaultHeaders,
    acceptance: Acceptance,
    max_body: usize,
    assets: Option<Assets>,
    state: web::Data<S>,
    routes: Routes<S>,
}

impl<S: Send + Sync + 'static> AppFactory<S> {
    pub(super) fn new(application: &Application<S>, activity: &Activity) -> Arc<Self> {
        let Application {
            options, phases, lifespan, build, seal, state, routes, tls, assets, address, ..
        } = application;
        Arc::new(Self {
            probes: Probes::new(phases.clone(), lifespan, build.clone(), seal.clone(), Audience::Public),
            activity: activity.clone(),
            phases: phases.clone(),
            headers: DefaultHeaders::new(tls.as_ref()),
            acceptance: Acceptance::of(options, *address),
            max_body: options.max_body,
            assets: assets.clone(),
            state: web::Data::from(Arc::clone(state)),
            routes: Arc::clone(routes),
        })
    }

    /// Makes an `App` and the service of it.
    pub(super) async fn service(
        &self,
        is_secure: bool,
        address: SocketAddr,
    ) -> Result<
        Rc<impl Service<Request, Response = ServiceResponse<TrackedBody>, Error = HttpResponse> + use<S>>,
        (),
    > {
        let Self { activity, phases, headers, acceptance, max_body, assets, .. } = self;
        let middleware = Middleware {
            activity: activity.worker(),
            phases: phases.clone(),
            acceptance: acceptance.clone(),
            assets: assets.clone(),
            headers: headers.clone(),
        };
        let app = App::new()
            .app_data(self.state.clone())
            .app_data(web::PayloadConfig::new(*max_body))
            .app_data(web::JsonConfig::default().limit(*max_body))
            .app_data(web::FormConfig::default().limit(*max_body))
            .configure(|config| self.probes.routes(config))
            .configure(|config| (self.routes)(&self.state, config))
            .wrap_fn(move |request, next| middleware.serve(request, next));
        let app = app.into_factory().map_err(|error| error.error_response());
        // Outside semver, for `actix-test`; no other call gives an `App` the scheme of its requests.
        let config = AppConfig::__priv_test_new(is_secure, address.to_string(), address);
        Ok(Rc::new(app.new_service(config).await?))
    }
}
