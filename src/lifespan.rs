//! What starts, and, in reverse, what closes: assets, database, model, cache.

use std::time::Duration;

use kiln::{
    BoxError, Lifespan, StartUpError,
    assets::{Assets, AssetsError},
    lifespan::{self, Backoff, Deadlines},
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

/// What every request can use.
#[derive(Debug)]
pub struct State {
    /// The front end, and the model's files.
    pub assets: Assets,
    /// What has been identified.
    pub store: Store,
    /// What identifies.
    pub identifier: Identifier,
    /// What has been identified lately, by content.
    pub verdicts: Verdicts,
    /// How much is taken on.
    pub limits: Limits,
}

impl State {
    /// Sets the gauges that only show when somebody asks for metrics.
    pub fn measure(&self) {
        self.store.measure();
        self.verdicts.measure();
    }
}

const DEADLINE: Duration = Duration::from_secs(20);

/// A database that takes longer to say that it is there is of no use now.
const ANSWERS_WITHIN: Duration = Duration::from_secs(1);

/// Opens everything in order.
///
/// # Errors
/// When something does not open, or the schema is not that of this program.
pub async fn start(lifespan: &mut Lifespan, settings: &Settings) -> Result<State, StartUpError> {
    let limits = settings.limits;
    let open = async { Assets::load::<Embedded>() };
    let assets: Assets =
        lifespan.enter::<_, AssetsError, _, _>("assets", DEADLINE, open, |_| async {}).await?;
    let close = async |store: Store| store.close().await;
    // Opening is boxed: unboxed, the states of all steps would add up to a future of 28 kB.
    let patient = Deadlines { open: settings.pool.wait + DEADLINE, close: DEADLINE };
    let store = lifespan.enter("database", patient, Box::pin(database(settings)), close).await?;
    lifespan.watch("database", ANSWERS_WITHIN, {
        let store = store.clone();
        move || {
            let store = store.clone();
            async move { store.ping().await }
        }
    });
    let close = async |_: Identifier| {};
    let identifier = lifespan.enter("model", DEADLINE, Box::pin(model(&assets, limits)), close).await?;
    let open = async { Ok::<_, BoxError>(Verdicts::default()) };
    let close = async |verdicts: Verdicts| verdicts.clear().await;
    let verdicts = lifespan.enter("cache", DEADLINE, open, close).await?;
    Ok(State { assets, store, identifier, verdicts, limits })
}

/// Start-up looks at the schema and never changes it. It waits for a server that comes up beside it.
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
