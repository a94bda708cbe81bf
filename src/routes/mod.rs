//! The route table: the URLs of the application itself. Assets are answered before them.

mod identifications;
mod identify;
mod problem;
mod stats;
mod upload;
mod verdict;

use std::future::ready;

use actix_web::{
    Resource,
    dev::HttpServiceFactory,
    guard::{self, Guard},
    http::header,
    middleware::DefaultHeaders,
    web::{self, ServiceConfig},
};

use self::problem::Problem;
use crate::lifespan::State;

/// Registers the routes.
pub fn configure(state: &State, config: &mut ServiceConfig) {
    config
        .service(api())
        .service(resource("/f/{id}", READING).route(web::route().guard(reading()).to(verdict::show)))
        .default_service(state.assets.service());
}

/// ```text
/// POST /api/identify               identify a file
/// GET  /api/identifications        the newest first
/// GET  /api/identifications/{id}   one of them
/// GET  /api/stats                  counts of the identified files
/// ```
fn api() -> impl HttpServiceFactory {
    web::scope("/api")
        .app_data(web::QueryConfig::default().error_handler(|error, _| Problem::from(error).into()))
        .service(
            resource("/identify", "POST").route(web::route().guard(guard::Post()).to(identify::identify)),
        )
        .service(
            resource("/identifications", READING)
                .route(web::route().guard(reading()).to(identifications::list)),
        )
        .service(
            resource("/identifications/{id}", READING)
                .route(web::route().guard(reading()).to(identifications::get)),
        )
        .service(resource("/stats", READING).route(web::route().guard(reading()).to(stats::get)))
        .default_service(web::to(problem::unknown_url))
        .wrap(DefaultHeaders::new().add((header::CACHE_CONTROL, "no-store")))
}

const READING: &str = "GET, HEAD";

fn reading() -> impl Guard {
    guard::Any(guard::Get()).or(guard::Head())
}

/// A resource that supports no methods but those of `allow`.
fn resource(path: &'static str, allow: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move || ready(Problem::Method { allow })))
}
