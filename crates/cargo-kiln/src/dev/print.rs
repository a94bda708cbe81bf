//! What the terminal shows: one line for each rebuild, and what is wrong with its place. Colour is left out
//! where it would not be seen, or is not wanted (<https://no-color.org>).

use std::fmt;

use anstream::eprintln;
use anstyle::{AnsiColor, Style};
use kiln_manifest::LogicalPath;

use super::{Burst, Round, Watch};

/// So many names are written out.
const NAMES: usize = 4;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const NOTE: Style = AnsiColor::Yellow.on_default().bold();
const QUIET: Style = Style::new().dimmed();

pub(super) fn started(watch: &Watch) {
    eprintln!(
        "{GOOD}watching{GOOD:#} for the server that `cargo run` starts in another terminal {QUIET}(pages listen at 127.0.0.1:{}; Ctrl-C ends this){QUIET:#}",
        watch.port()
    );
}

pub(super) fn round(round: &Round) {
    let milliseconds = round.took.as_millis();
    if !round.changed.is_empty() {
        eprintln!("{GOOD}rebuilt{GOOD:#} {} {QUIET}in {milliseconds} ms{QUIET:#}", names(&round.changed));
    } else if round.is_mended {
        eprintln!("{GOOD}mended{GOOD:#} {QUIET}in {milliseconds} ms{QUIET:#}");
    }
    if !round.private.is_empty() {
        eprintln!(
            "{NOTE}restart the server{NOTE:#} for {}, which it read when it started",
            names(&round.private)
        );
    }
    for warning in &round.warnings {
        eprintln!("{NOTE}warning{NOTE:#} {warning}");
    }
    if let Some(error) = &round.failure {
        eprintln!("{}", rendered(error));
    }
}

/// Says whose business the rest of a burst is.
pub(super) fn elsewhere(burst: &Burst) {
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

/// As miette shows what `main` returns.
fn rendered(error: &kiln_build::Error) -> String {
    Rendered(&miette::MietteHandlerOpts::new().build(), error).to_string()
}

struct Rendered<'a>(&'a miette::MietteHandler, &'a kiln_build::Error);

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        miette::ReportHandler::debug(self.0, self.1, f)
    }
}
