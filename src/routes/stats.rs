//! `GET /api/stats`: counts of the identified files.

use std::sync::Arc;

use actix_web::web::{Data, Json};

use super::problem::Problem;
use crate::{lifespan::State, store::Stats};

pub(super) async fn get(state: Data<State>) -> Result<Json<Arc<Stats>>, Problem> {
    Ok(Json(state.store.stats().await?))
}
