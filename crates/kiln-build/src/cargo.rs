//! The one place that talks to cargo: the environment in, directives out.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use miette::{GraphicalReportHandler, GraphicalTheme};

use crate::{Config, Report, awaited, build, supervise};

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
    let report = build(&config)?;
    let awaited = awaited::links(&config.out, &report.awaited)?;
    print!("{}", directives(&report, awaited.as_deref()));
    Ok(())
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
