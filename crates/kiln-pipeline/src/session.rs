//! A session: builds of one package, one after another.

use crate::{
    Config, Report, Result,
    cache::Cache,
    compile::{Compilers, compile},
    compress::compress,
    emit::emit,
    link::link,
    source::{discover, prepare},
    step::Supervisor,
};

/// Everything that a process which builds again and again may keep from one build to the next: the engines of
/// Tailwind, and the last bundle with its inputs. Two sessions know nothing of each other.
#[derive(Debug)]
pub struct Session {
    config: Config,
    supervisor: Option<Supervisor>,
    compilers: Compilers,
}

impl Session {
    /// A session that has built nothing yet.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self { config, supervisor: None, compilers: Compilers::for_session() }
    }

    /// A session of one build, which keeps nothing for a next one.
    #[must_use]
    pub fn once(config: Config) -> Self {
        Self { config, supervisor: None, compilers: Compilers::default() }
    }

    /// Lets this executable supervise the commands of external steps. Without it, a step whose command has to run is
    /// an error.
    #[must_use]
    pub fn with_supervisor(self, supervisor: Supervisor) -> Self {
        Self { supervisor: Some(supervisor), ..self }
    }

    /// Sets the configuration of the next build.
    pub fn configure(&mut self, config: Config) {
        self.config = config;
    }

    /// Builds the front end: everything from the sources in `config.root` to the folder below `config.out`.
    ///
    /// # Errors
    /// Every mistake in the sources, with file, place and help; then the output of the build before stays.
    pub fn build(&mut self) -> Result<Report> {
        let config = &self.config;
        let cache = Cache::open(&config.cache)?;
        let sources = discover(config, prepare(config, self.supervisor)?)?;
        let compiled = compile(config, &cache, &mut self.compilers, sources)?;
        let linked = link(config, compiled)?;
        let packed = compress(config, cache, linked)?;
        emit(config, packed)
    }
}

/// Builds the front end once.
///
/// # Errors
/// See [`Session::build`].
pub fn build(config: &Config) -> Result<Report> {
    Session::once(config.clone()).build()
}
