//! The one place that talks to cargo: the environment in, directives out.

use std::{
    fmt::Write as _,
    panic::resume_unwind,
    path::{Path, PathBuf},
    thread,
};

use kiln_manifest::COMMIT_VARIABLE;

use miette::{GraphicalReportHandler, GraphicalTheme};

use crate::{
    Config, Report, Result, awaited, build,
    provenance::{self, Package},
    staged, supervise,
};

/// The build lifecycle of a package, from its build script:
///
/// ```no_run
/// fn main() -> kiln_build::Outcome {
///     kiln_build::build_script()
/// }
/// ```
///
/// Embeds `assets/` below `OUT_DIR` and tells cargo when to do it again. To be called first: where external steps are
/// declared, the build script is started once more for each that has to run, up to this call; see [`supervise`].
///
/// # Errors
/// Every mistake in the sources, rendered for cargo's output with file, place and mend.
pub fn build_script() -> Outcome {
    supervise();
    render_without_colour();
    let config = Config::from_cargo()?;
    let package = Package::of(&config.variables)?;
    // Cargo is asked for the crates while the front end is built.
    let (bill, report) = thread::scope(|scope| {
        let bill = scope.spawn(|| bill(&config, &package));
        let report = build(&config);
        (bill.join(), report)
    });
    let mut report = report?;
    report.watched.extend(bill.unwrap_or_else(|panic| resume_unwind(panic))?);
    staged::replace(&config.out.join(provenance::FILE), package.expression().as_bytes())?;
    report.variables.insert(COMMIT_VARIABLE.to_owned());
    let awaited = awaited::links(&config.out, &report.awaited)?;
    print!("{}", directives(&report, awaited.as_deref()));
    Ok(())
}

/// Writes the bill of materials, and returns what it was made from.
#[cfg(feature = "sbom")]
fn bill(config: &Config, package: &Package) -> Result<Vec<PathBuf>> {
    let (bill, read) = crate::sbom::bill(&config.root, package)?;
    staged::replace(&config.out.join(crate::sbom::FILE), bill.as_bytes())?;
    Ok(read)
}

#[cfg(not(feature = "sbom"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it may fail")]
fn bill(_config: &Config, _package: &Package) -> Result<Vec<PathBuf>> {
    Ok(Vec::new())
}

/// What the `main` of a build script returns.
pub type Outcome = miette::Result<()>;

/// Cargo shows what a failed build script wrote, as it was written.
fn render_without_colour() {
    // Another hook may have been set before; it then has its way.
    let _ = miette::set_hook(Box::new(|_| {
        Box::new(GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100))
    }));
}

fn directives(report: &Report, awaited: Option<&Path>) -> String {
    let mut text = String::new();
    for path in report.watched.iter().map(PathBuf::as_path).chain(awaited) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "cargo::rerun-if-changed={}", path.display());
    }
    for name in &report.variables {
        let _ = writeln!(text, "cargo::rerun-if-env-changed={name}");
    }
    for line in report.warnings.iter().flat_map(|warning| warning.lines()) {
        let _ = writeln!(text, "cargo::warning={line}");
    }
    text
}
