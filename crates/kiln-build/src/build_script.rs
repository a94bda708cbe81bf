//! The one call of `build.rs`.

use std::{env, panic::resume_unwind, path::PathBuf, thread};

use kiln_manifest::{COMMIT_VARIABLE, Mode};
use kiln_pipeline::{
    Config, Error, PROVENANCE_FILE, Package, Result, SBOM_FILE, Session, bill, cargo_lock, replace, supervise,
};
use miette::{GraphicalReportHandler, GraphicalTheme};

use crate::{directives::directives, missing_inputs, watched::watched};

/// The return value of a build script's `main`.
pub type Outcome = miette::Result<()>;

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
    render_without_colour();
    let config = configuration()?;
    let package = Package::of(&config.variables)?;
    // `cargo tree` runs while the front end is built.
    let (bill, report) = thread::scope(|scope| {
        let bill = scope.spawn(|| {
            if config.options.sbom { bill(&config, &package) } else { Ok((String::new(), Vec::new())) }
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
    print!("{}", directives(&report, missing_inputs.as_deref()));
    Ok(())
}

/// The configuration by cargo's environment of a build script, and by `Cargo.toml`.
fn configuration() -> Result<Config> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    let mode = match variable("PROFILE")?.as_str() {
        "release" => Mode::Release,
        _ => Mode::Dev,
    };
    Ok(Config { lock_file: cargo_lock(&root), ..Config::new(root, out, mode)? })
}

fn variable(name: &'static str) -> Result<String> {
    env::var(name).map_err(|_| Error::Environment(name))
}

/// Diagnostics without colours: cargo prints the output of a failed build script verbatim, into logs as well.
fn render_without_colour() {
    // An error means that a hook is installed already, which stays.
    let _ = miette::set_hook(Box::new(|_| {
        Box::new(GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100))
    }));
}
