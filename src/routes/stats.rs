//! `GET /api/stats`: counts of the identified files.

use actix_web::{HttpResponse, web::Data};

use super::problem::Problem;
use crate::lifespan::State;

pub(super) async fn get(state: Data<State>) -> Result<HttpResponse, Problem> {
    let counts = state.store.stats().await?;
    Ok(HttpResponse::Ok().json(&*counts))
}
