//! One run of rolldown.

use std::{io, num::NonZero, path::PathBuf, thread};

use rolldown::{Bundler, BundlerOptions, plugin::__inner::SharedPluginable};
use rolldown_common::Output;
use rolldown_error::{BatchedBuildDiagnostic, BuildDiagnostic, EventKind};
use tokio::runtime::{Builder, Handle, Runtime};

use super::diagnostics::{Explanation, diagnose, failed};
use crate::{Config, Error, Result, parallel::joined};

/// The version of rolldown and its crates.
pub(in crate::compile) const VERSION: &str = "1.2.5";

/// The oldest browsers that bundles support, of 2023: Tailwind's targets, and Edge.
pub(in crate::compile) const BROWSERS: [&str; 5] =
    ["chrome111", "edge111", "firefox128", "ios16.4", "safari16.4"];

/// The result of a run.
pub(in crate::compile) struct Bundled {
    pub(in crate::compile) outputs: Vec<Output>,
    /// The files that were read.
    pub(in crate::compile) read: Vec<PathBuf>,
    pub(in crate::compile) warnings: Vec<BuildDiagnostic>,
}

/// Bundles the inputs of `options`. An unresolved import, for rolldown a warning, is an error.
///
/// # Errors
/// The diagnostics of rolldown. `explain` receives the message about a module that could not be loaded.
pub(in crate::compile) fn run(
    config: &Config,
    options: BundlerOptions,
    plugins: Vec<SharedPluginable>,
    explain: impl Fn(&str) -> Option<Explanation> + Send + Sync,
) -> Result<Bundled> {
    outside_of_tokio(|| {
        let runtime = runtime().map_err(failed)?;
        let diagnosed = |problems: BatchedBuildDiagnostic| diagnose(config, &problems.into_vec(), &explain);
        let mut bundler = Bundler::with_plugins(options, plugins).map_err(diagnosed)?;
        let (output, read) = runtime.block_on(async {
            let output = bundler.generate().await.map_err(diagnosed)?;
            let read: Vec<String> = bundler.watch_files().iter().map(|file| file.to_string()).collect();
            bundler.close().await.map_err(diagnosed)?;
            Ok::<_, Error>((output, read))
        })?;
        let is_unresolved = |warning: &BuildDiagnostic| matches!(warning.kind(), EventKind::UnresolvedImport);
        let (unresolved, warnings): (Vec<_>, Vec<_>) = output.warnings.into_iter().partition(is_unresolved);
        if !unresolved.is_empty() {
            return Err(diagnose(config, &unresolved, &explain));
        }
        let read = read.iter().map(|id| id.split_once('?').map_or(id.as_str(), |(file, _)| file).into());
        Ok(Bundled { outputs: output.assets, read: read.collect(), warnings })
    })
}

/// The runtime of rolldown. One core is left to the style sheets, which are compiled at the same time; on two cores, a
/// single thread saves waking another for each task.
fn runtime() -> io::Result<Runtime> {
    match thread::available_parallelism().map_or(1, NonZero::get) {
        ..=2 => Builder::new_current_thread().build(),
        cores => Builder::new_multi_thread().worker_threads(cores - 1).build(),
    }
}

/// Runs `work` outside of a tokio runtime: on a new thread when this one belongs to a runtime, which must not block on a
/// second one.
fn outside_of_tokio<Done: Send>(work: impl FnOnce() -> Done + Send) -> Done {
    match Handle::try_current() {
        Ok(_) => thread::scope(|scope| joined(scope.spawn(work))),
        Err(_) => work(),
    }
}

#[cfg(test)]
mod tests {
    use kiln_manifest::Mode;

    use super::*;

    #[test]
    fn a_build_script_may_be_asynchronous() {
        let folder = tempfile::tempdir().expect("folder");
        let root = folder.path().canonicalize().expect("root");
        std::fs::create_dir(root.join("assets")).expect("folder");
        for (name, content) in [
            ("Cargo.toml", "[package]\nname = \"asynchronous\"\n"),
            ("assets/index.html", "<script type=module src=app.ts></script>"),
            ("assets/app.ts", "console.log(1);"),
        ] {
            std::fs::write(root.join(name), content).expect("write");
        }
        let config = Config::new(root.clone(), root.join("out"), Mode::Release).expect("configuration");
        let built = runtime().expect("a runtime").block_on(async { crate::build(&config) });
        assert!(built.is_ok(), "{:?}", built.err());
    }
}
