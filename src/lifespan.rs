//! The resources: assets, database, model and cache, opened in this order and closed in reverse.

use std::time::Duration;

use kiln::{
    BoxError, Lifespan, StartUpError,
    assets::Assets,
    lifespan::{self, Backoff},
    migrate::{self, MigrateError},
};
use tokio::task;

use crate::{
    assets::{self, Embedded},
    cache::Verdicts,
    identify::Identifier,
    migrations,
    settings::{Limits, Settings},
    store::Store,
};

/// The state that handlers receive.
#[derive(Debug)]
pub struct State {
    /// The front end, and the model's files.
    pub assets: Assets,
    /// The identified files.
    pub store: Store,
    /// The model.
    pub identifier: Identifier,
    /// The latest verdicts, by content.
    pub verdicts: Verdicts,
    /// Limits for clients.
    pub limits: Limits,
}

impl State {
    /// Sets the gauges of the store and the cache.
    pub fn measure(&self) {
        self.store.measure();
        self.verdicts.measure();
    }
}

/// The deadline of the readiness check of the database.
const PING_DEADLINE: Duration = Duration::from_secs(1);

/// Opens the resources in order.
///
/// # Errors
/// When a resource does not open, or the schema does not fit this program.
pub async fn start(lifespan: &mut Lifespan, settings: &Settings) -> Result<State, StartUpError> {
    let limits = settings.limits;
    let open = async { Assets::load::<Embedded>() };
    let assets = lifespan.open("assets", open).await?;
    let store = lifespan
        .open("database", database(settings))
        .deadline(settings.pool.wait + Lifespan::DEADLINE)
        .close_deadline(Lifespan::DEADLINE)
        .on_close(Store::close)
        .await?;
    lifespan.check_readiness("database", PING_DEADLINE, {
        let store = store.clone();
        move || {
            let store = store.clone();
            async move { store.ping().await }
        }
    });
    let identifier = lifespan.open("model", model(&assets, limits)).await?;
    let open = async { Ok::<_, BoxError>(Verdicts::default()) };
    let verdicts = lifespan.open("cache", open).on_close(Verdicts::clear).await?;
    Ok(State { assets, store, identifier, verdicts, limits })
}

/// Opens the store once the schema fits: start-up never changes the schema, and waits for a database server that comes
/// up beside it.
async fn database(settings: &Settings) -> Result<Store, BoxError> {
    let (database, pool) = (&settings.database, settings.pool);
    let migrations = migrations::load()?;
    let check = || migrate::check(&migrations, &database.target, migrations::COMMAND);
    lifespan::retry(Backoff::default(), pool.wait, MigrateError::is_transient, check).await?;
    Ok(Store::open(database, pool).await?)
}

async fn model(assets: &Assets, limits: Limits) -> Result<Identifier, BoxError> {
    let files = assets::model(assets)?;
    Ok(task::spawn_blocking(move || Identifier::load(files, limits.predictions)).await??)
}
