//! Output on the terminal: a line for each rebuild, and errors with their place. Colour is left out where it would not
//! be seen, or is not wanted (<https://no-color.org>).

use std::fmt;

use anstream::eprintln;
use anstyle::{AnsiColor, Style};
use kiln_manifest::LogicalPath;

use super::{follow::Burst, rebuild::Round};

/// Names that are written out.
const NAMES: usize = 4;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const NOTE: Style = AnsiColor::Yellow.on_default().bold();
const QUIET: Style = Style::new().dimmed();

pub(super) fn started(port: u16) {
    eprintln!(
        "{GOOD}watching{GOOD:#} for the server that `cargo run` starts in another terminal {QUIET}(pages listen at 127.0.0.1:{port}; Ctrl-C ends this){QUIET:#}"
    );
}

pub(super) fn round(round: &Round) {
    let milliseconds = round.took.as_millis();
    if !round.changed.is_empty() {
        eprintln!("{GOOD}rebuilt{GOOD:#} {} {QUIET}in {milliseconds} ms{QUIET:#}", names(&round.changed));
    } else if round.is_fixed {
        eprintln!("{GOOD}fixed{GOOD:#} {QUIET}in {milliseconds} ms{QUIET:#}");
    }
    if !round.private.is_empty() {
        eprintln!("{NOTE}restart the server{NOTE:#} for {}, read at its start", names(&round.private));
    }
    for warning in &round.warnings {
        eprintln!("{NOTE}warning{NOTE:#} {warning}");
    }
    if let Some(error) = &round.failure {
        eprintln!("{}", rendered(error));
    }
}

/// Changed sources of the server, which take effect at its restart.
pub(super) fn restart(burst: &Burst) {
    if let [first, others @ ..] = &burst.server[..] {
        let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
        eprintln!("{NOTE}restart the server{NOTE:#} for {}{more}", first.display());
    }
}

fn names(paths: &[LogicalPath]) -> String {
    let shown: Vec<_> = paths.iter().take(NAMES).map(LogicalPath::as_str).collect();
    match paths.len().saturating_sub(NAMES) {
        0 => shown.join(", "),
        rest => format!("{} and {rest} more", shown.join(", ")),
    }
}

/// An error as miette shows the one that `main` returns.
fn rendered(error: &kiln_pipeline::Error) -> String {
    Rendered(&miette::MietteHandlerOpts::new().build(), error).to_string()
}

struct Rendered<'a>(&'a miette::MietteHandler, &'a kiln_pipeline::Error);

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        miette::ReportHandler::debug(self.0, self.1, f)
    }
}
