//! `GET /api/identifications`: the identified files, newest first; and one of them.

use actix_web::web::{Data, Json, Path, Query};
use serde::Deserialize;
use uuid::Uuid;

use super::problem::Problem;
use crate::{identification::Identification, lifespan::State, store::Page};

/// The requested page, by keyset: identifications that are added meanwhile shift nothing.
#[derive(Deserialize)]
pub(super) struct Wanted {
    before: Option<Uuid>,
    #[serde(default)]
    limit: Limit,
}

/// The longest page, in identifications.
#[derive(Deserialize)]
#[serde(try_from = "i64")]
struct Limit(u8);

impl Default for Limit {
    fn default() -> Self {
        Self(20)
    }
}

impl TryFrom<i64> for Limit {
    type Error = &'static str;

    fn try_from(limit: i64) -> Result<Self, Self::Error> {
        match u8::try_from(limit) {
            Ok(limit @ 1..=100) => Ok(Self(limit)),
            _ => Err("`limit` goes from 1 to 100"),
        }
    }
}

pub(super) async fn list(wanted: Query<Wanted>, state: Data<State>) -> Result<Json<Page>, Problem> {
    Ok(Json(state.store.page(wanted.before, wanted.limit.0).await?))
}

pub(super) async fn get(id: Path<String>, state: Data<State>) -> Result<Json<Identification>, Problem> {
    let identification = find(&id, &state).await?;
    identification.map(Json).ok_or_else(|| Problem::no_identification(&id))
}

/// An invalid id is the id of nothing.
pub(super) async fn find(id: &str, state: &State) -> Result<Option<Identification>, Problem> {
    match id.parse() {
        Ok(id) => Ok(state.store.get(id).await?),
        Err(_) => Ok(None),
    }
}
