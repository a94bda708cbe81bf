//! The build of a package, from cargo's environment to directives.

use std::{env, panic::resume_unwind, path::PathBuf, thread};

use kiln_manifest::{COMMIT_VARIABLE, Mode};
use kiln_pipeline::{
    Config, Error, PROVENANCE_FILE, Package, Result, SBOM_FILE, Session, Supervisor, bill, cargo_lock,
    replace, supervise,
};
use miette::{GraphicalReportHandler, GraphicalTheme};

use super::{directives::directives, missing_inputs, watched::watched};
use crate::{Failure, Outcome};

/// The build lifecycle of a package, from its build script:
///
/// ```no_run
/// fn main() -> kiln_build::Outcome {
///     kiln_build::build_script()
/// }
/// ```
///
/// Embeds `assets/` below `OUT_DIR`, writes the provenance and the bill of materials, which is empty unless the
/// configuration enables it, and prints the directives by which cargo decides when to rerun the build script. The call
/// comes first in `main`: where external steps are declared, the build script is started once more as the supervisor of
/// each command, up to this call.
///
/// # Errors
/// Every mistake in the sources, rendered for cargo's output with file, place and help.
pub fn build_script() -> Outcome {
    let supervisor = supervise();
    let lock = env::var_os("CARGO_MANIFEST_DIR").and_then(|root| cargo_lock(&PathBuf::from(root)));
    let directives = build(supervisor, lock).map_err(|error| rendered(&error))?;
    print!("{directives}");
    Ok(())
}

/// The same build in another executable than the build script, for `cargo-kiln`: returns the directives. The versions of
/// its compressors are its own, whatever the package's lock file holds.
///
/// # Errors
/// See [`build_script`].
pub fn engine_script(supervisor: Supervisor) -> std::result::Result<String, Failure> {
    build(supervisor, None).map_err(|error| rendered(&error))
}

fn build(supervisor: Supervisor, compiled_by: Option<PathBuf>) -> Result<String> {
    let config = Config { lock_file: compiled_by, ..configuration()? };
    let package = Package::of(&config.variables)?;
    // `cargo tree` runs while the front end is built.
    let (bill, report) = thread::scope(|scope| {
        let bill = scope.spawn(|| {
            if config.options.sbom { bill(&config.root, &package) } else { Ok((String::new(), Vec::new())) }
        });
        let report = Session::once(config.clone()).with_supervisor(supervisor).build();
        (bill.join(), report)
    });
    let mut report = report?;
    let (bill, inputs) = bill.unwrap_or_else(|panic| resume_unwind(panic))?;
    replace(&config.out.join(SBOM_FILE), bill.as_bytes())?;
    replace(&config.out.join(PROVENANCE_FILE), package.expression().as_bytes())?;
    report.watched.extend(inputs);
    report.watched = watched(&config.root, &report.watched)?;
    report.variables.insert(COMMIT_VARIABLE.to_owned());
    let missing_inputs = missing_inputs::links(&config.out, &report.missing_inputs)?;
    Ok(directives(&report, missing_inputs.as_deref()))
}

/// The configuration by cargo's environment of a build script, and by `Cargo.toml`.
fn configuration() -> Result<Config> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    let mode = match variable("PROFILE")?.as_str() {
        "release" => Mode::Release,
        _ => Mode::Dev,
    };
    Config::new(root, out, mode)
}

fn variable(name: &'static str) -> Result<String> {
    env::var(name).map_err(|_| Error::Environment(name))
}

/// The error as miette prints it, without colours.
fn rendered(error: &Error) -> Failure {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = handler.render_report(&mut text, error);
    Failure(text)
}
