//! The command line, and the server that it starts.

use kiln::{CommandLine, Exit};
use whatsit::{
    assets::Embedded,
    lifespan::{self, State},
    migrations, routes,
    settings::{Flags, Settings},
};

fn main() -> Exit {
    CommandLine::of::<Embedded>().database(migrations::load).serve(|server, flags: Flags, database| {
        let settings = Settings::new(flags, database);
        server
            .start(async move |lifespan| lifespan::start(lifespan, &settings).await)
            .routes(routes::configure)
            .assets(|state| &state.assets)
            .measure(State::measure)
    })
}
