//! One row as an identification.

use std::error::Error;

use sqlx::{Row, any::AnyRow};

use super::error::StoreError;
use crate::identification::Identification;

pub(super) fn read(row: &AnyRow) -> Result<Identification, StoreError> {
    let id: String = row.try_get("id")?;
    decode(&id, row).map_err(|cause| StoreError::Row { id, cause: cause.to_string() })
}

fn decode(id: &str, row: &AnyRow) -> Result<Identification, Box<dyn Error + Send + Sync>> {
    let alternatives: String = row.try_get("alternatives")?;
    Ok(Identification {
        id: id.parse()?,
        identified_at: row.try_get("identified_at")?,
        name: row.try_get("name")?,
        size: u64::try_from(row.try_get::<i64, _>("size")?)?,
        sha256: row.try_get("sha256")?,
        label: row.try_get("label")?,
        description: row.try_get("description")?,
        mime_type: row.try_get("mime_type")?,
        group: row.try_get("group_name")?,
        is_text: row.try_get::<i32, _>("is_text")? != 0,
        score: row.try_get("score")?,
        alternatives: serde_json::from_str(&alternatives)?,
    })
}
