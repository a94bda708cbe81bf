//! The test harness. `cargo test` passes every word after `--` as a filter, and libtest-mimic takes one.

use clap::Parser;
use libtest_mimic::{Arguments, Conclusion, Trial};

#[derive(Parser)]
struct HarnessArguments {
    #[command(flatten)]
    arguments: Arguments,
    more_filters: Vec<String>,
}

/// Runs the tests that the command line selects by any of its filters.
pub(crate) fn run(tests: &[(&'static str, fn())]) -> Conclusion {
    let HarnessArguments { mut arguments, more_filters } = HarnessArguments::parse();
    let filters: Vec<_> = arguments.filter.take().into_iter().chain(more_filters).collect();
    let is_match = |filter: &String, name: &str| {
        if arguments.exact { filter == name } else { name.contains(filter.as_str()) }
    };
    let is_selected = |name: &str| filters.is_empty() || filters.iter().any(|filter| is_match(filter, name));
    let trial = |&(name, test): &(&'static str, fn())| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    let trials = tests.iter().filter(|(name, _)| is_selected(name)).map(trial).collect();
    libtest_mimic::run(&arguments, trials)
}
