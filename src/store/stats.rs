//! Counts of the identified files.

use serde::Serialize;
use sqlx::{AnyPool, Row, any::AnyRow, query};

use super::error::StoreError;

/// Counts of the identified files.
#[derive(Debug, Serialize)]
pub struct Stats {
    /// The number of files.
    pub total: i64,
    /// Every group, the most frequent first.
    pub groups: Vec<GroupCount>,
    /// The most frequent labels.
    pub labels: Vec<LabelCount>,
}

/// The count of a group.
#[derive(Debug, Serialize)]
pub struct GroupCount {
    /// The group.
    pub group: String,
    /// The number of files.
    pub count: i64,
}

/// The count of a label.
#[derive(Debug, Serialize)]
pub struct LabelCount {
    /// The label.
    pub label: String,
    /// The content type, in words.
    pub description: String,
    /// The group.
    pub group: String,
    /// The number of files.
    pub count: i64,
}

const GROUPS: &str = "SELECT group_name, COUNT(*) AS seen FROM identifications
    GROUP BY group_name ORDER BY seen DESC, group_name";

const LABELS: &str = "SELECT label, description, group_name, COUNT(*) AS seen FROM identifications
    GROUP BY group_name, label, description ORDER BY seen DESC, label LIMIT 12";

pub(super) async fn read(pool: &AnyPool) -> Result<Stats, StoreError> {
    let mut groups = Vec::new();
    for row in query(GROUPS).fetch_all(pool).await? {
        groups.push(GroupCount { group: row.try_get("group_name")?, count: row.try_get("seen")? });
    }
    let rows = query(LABELS).fetch_all(pool).await?;
    let labels = rows.iter().map(label).collect::<Result<_, _>>()?;
    Ok(Stats { total: groups.iter().map(|group| group.count).sum(), groups, labels })
}

fn label(row: &AnyRow) -> sqlx::Result<LabelCount> {
    Ok(LabelCount {
        label: row.try_get("label")?,
        description: row.try_get("description")?,
        group: row.try_get("group_name")?,
        count: row.try_get("seen")?,
    })
}
