//! A session: builds of one package, one after another.

use crate::{
    Config, Report, Result,
    cache::Cache,
    compile::{Compilers, compile},
    compress::compress,
    emit::emit,
    link::link,
    restrict::restrict,
    source::{discover, prepare},
    step::Supervisor,
};

/// The state of a process that builds repeatedly: idle engines of Tailwind, and the last bundle with its inputs. Two
/// sessions share nothing.
#[derive(Debug)]
pub struct Session {
    config: Config,
    supervisor: Option<Supervisor>,
    compilers: Compilers,
}

impl Session {
    /// A session before its first build.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self { config, supervisor: None, compilers: Compilers::for_session() }
    }

    /// A session of one build, which caches no bundle for a second.
    #[must_use]
    pub fn once(config: Config) -> Self {
        Self { config, supervisor: None, compilers: Compilers::default() }
    }

    /// Lets this executable supervise the commands of external steps. Without a supervisor, a step whose command has to
    /// run is an error.
    #[must_use]
    pub fn with_supervisor(self, supervisor: Supervisor) -> Self {
        Self { supervisor: Some(supervisor), ..self }
    }

    /// Sets the configuration of the next build.
    pub fn configure(&mut self, config: Config) {
        self.config = config;
    }

    /// Builds the front end: from the sources in `config.root` to the folder below `config.out`.
    ///
    /// # Errors
    /// Every mistake in the sources, with file, place and help; the output is then that of the previous build.
    pub fn build(&mut self) -> Result<Report> {
        let config = &self.config;
        let cache = Cache::open(&config.cache)?;
        let sources = discover(config, prepare(config, self.supervisor)?)?;
        let compiled = compile(config, &cache, &mut self.compilers, sources)?;
        let linked = link(config, compiled)?;
        let restricted = restrict(config, linked);
        let packed = compress(config, cache, restricted)?;
        emit(config, packed)
    }
}

/// Builds the front end once. The commands of external steps take a [`Session`] with a supervisor.
///
/// # Errors
/// See [`Session::build`].
pub fn build(config: &Config) -> Result<Report> {
    Session::once(config.clone()).build()
}
