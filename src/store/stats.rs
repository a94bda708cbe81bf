//! Counts of the identified files.

use std::{sync::Arc, time::Duration};

use moka::future::Cache;
use serde::Serialize;
use sqlx::{AnyPool, Row, any::AnyRow, query};

use super::error::StoreError;

/// Lifetime of counts, however many clients ask.
const FRESH: Duration = Duration::from_secs(1);

/// Counts of a moment, read by a connection of their own. Of several callers one reads, and the others wait for its
/// result; where all of them leave, the connection is busy until the database has finished.
#[derive(Clone, Debug)]
pub(super) struct RecentStats {
    connection: AnyPool,
    latest: Cache<(), Arc<Stats>>,
}

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

impl RecentStats {
    pub(super) fn new(connection: AnyPool) -> Self {
        Self { connection, latest: Cache::builder().max_capacity(1).time_to_live(FRESH).build() }
    }

    pub(super) async fn read(&self) -> Result<Arc<Stats>, Arc<StoreError>> {
        self.latest.try_get_with((), async { read(&self.connection).await.map(Arc::new) }).await
    }

    /// Has the next caller read, since a file was added.
    pub(super) async fn outdate(&self) {
        self.latest.invalidate(&()).await;
    }

    pub(super) fn connection(&self) -> &AnyPool {
        &self.connection
    }
}

async fn read(pool: &AnyPool) -> Result<Stats, StoreError> {
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
