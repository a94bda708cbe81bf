//! `cargo kiln report`: sizes of a release, savings of each coding, and referrers, as a table and as one page that
//! needs nothing else.

mod page;
mod table;

use std::fs;

use kiln_manifest::Mode;
use kiln_pipeline::{Config, Session, Supervisor, config::Budgets};
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::package::FrontEnd;

/// Builds the front end for release beside the package's own output, prints its sizes, and writes the page.
///
/// # Errors
/// When the package cannot be found or built, or the page not written.
pub fn report(package: Option<&str>, supervisor: Supervisor) -> Result<()> {
    let front_end = FrontEnd::find(package)?;
    // Cargo's depth below the target folder, so that the cache lies beside its profiles.
    let out = front_end.target.join("release/build/kiln-report/out");
    let mut config = Config::new(front_end.root, out, Mode::Release)?;
    // An output over its budget is a row of the report, not an error.
    config.options.budgets = Budgets::default();
    let report = Session::once(config).with_supervisor(supervisor).build()?;
    print!("{}", table::table(&report.manifest));
    let page = front_end.target.join("kiln-report.html");
    fs::write(&page, page::page(&report)?)
        .into_diagnostic()
        .wrap_err_with(|| format!("could not write `{}`", page.display()))?;
    println!("{}", page.display());
    Ok(())
}
