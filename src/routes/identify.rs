//! `POST /api/identify`: identifies a file.

use actix_web::{
    HttpRequest,
    web::{Data, Json, Payload, Query},
};
use serde::Deserialize;

use super::{
    problem::Problem,
    upload::{Upload, file_name},
};
use crate::{identification::Identification, lifespan::State};

#[derive(Deserialize)]
pub(super) struct IdentifyQuery {
    name: Option<String>,
}

pub(super) async fn identify(
    request: HttpRequest,
    query: Query<IdentifyQuery>,
    body: Payload,
    state: Data<State>,
) -> Result<Json<Identification>, Problem> {
    let limit = state.limits.upload;
    let upload = Upload::read(&request, body, limit, || state.identifier.sampler()).await?;
    let name = upload.name.or_else(|| file_name(query.into_inner().name.as_deref()?));
    let prediction = state.identifier.identify(&upload.sample);
    let verdict = state.verdicts.on(upload.sample.hash, prediction).await?;
    let identification = Identification::new(name, &upload.sample, &verdict);
    state.store.insert(&identification).await?;
    Ok(Json(identification))
}
