//! Every fault at each resource, in a process: opened resources are closed in reverse, and no others, and the exit
//! code names the kind of fault.

use std::{future::pending, io, net::SocketAddr, time::Duration};

use kiln::{
    BoxError, Exit, Lifespan, Options, Server, StartUpError, launch::ProcessOptions, observe::LogFormat,
};
use serde_json::Value;

use crate::{harness::SECOND, process::Process};

const RESOURCES: [&str; 4] = ["assets", "database", "model", "cache"];

/// First word of a role; `open` or `close`, a resource, and a fault follow.
pub(crate) const ROLE: &str = "table";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Error,
    Panic,
    TimeOut,
    Signal,
}

impl Fault {
    fn parse(word: &str) -> Self {
        match word {
            "Error" => Self::Error,
            "Panic" => Self::Panic,
            "TimeOut" => Self::TimeOut,
            "Signal" => Self::Signal,
            _ => panic!("`{word}` is no fault"),
        }
    }

    async fn happen(self) -> Result<(), BoxError> {
        match self {
            Self::Error => Err(io::Error::other("on purpose").into()),
            Self::Panic => panic!("on purpose"),
            Self::TimeOut => pending().await,
            Self::Signal => {
                tracing::info!("waiting for the signal");
                pending().await
            }
        }
    }

    /// A short deadline for [`Self::TimeOut`] alone.
    fn deadline(self) -> Duration {
        if self == Self::TimeOut { SECOND / 20 } else { 60 * SECOND }
    }
}

/// Serves with one fault.
pub(crate) fn play(role: &str) -> Exit {
    let words: Vec<&str> = role.split(' ').collect();
    let [_, step, faulty, fault] = words[..] else { panic!("`{role}` is no role") };
    let (opens, faulty, fault) = (step == "close", faulty.to_owned(), Fault::parse(fault));
    let options = Options {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        process: ProcessOptions {
            log: "info".parse().expect("a filter"),
            log_format: LogFormat::Json,
            ..ProcessOptions::default()
        },
        ..Options::default()
    };
    let start = async move |lifespan: &mut Lifespan| {
        for name in RESOURCES {
            let at_fault = (name == faulty).then_some(fault);
            open(lifespan, name, at_fault.filter(|_| !opens), at_fault.filter(|_| opens)).await?;
        }
        Ok(())
    };
    Server::from(options).start(start).run()
}

async fn open(
    lifespan: &mut Lifespan,
    name: &'static str,
    opening: Option<Fault>,
    closing: Option<Fault>,
) -> Result<(), StartUpError> {
    let deadline = |fault: Option<Fault>| fault.map_or(60 * SECOND, Fault::deadline);
    let happen = |fault: Option<Fault>| async move {
        match fault {
            Some(fault) => fault.happen().await,
            None => Ok(()),
        }
    };
    let resource = lifespan.open(name, happen(opening)).on_close(move |()| happen(closing));
    resource.deadline(deadline(opening)).close_deadline(deadline(closing)).await
}

/// The events of resources in the log: `+` opened, `-` closed, `!` failed.
fn events(log: &str) -> Vec<String> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let event = |line: Value| {
        let name = line["resource"].as_str()?.to_owned();
        let mark = match (line["message"].as_str()?, line["level"].as_str()?) {
            ("open", _) => '+',
            ("closed", _) => '-',
            (_, "ERROR") => '!',
            _ => return None,
        };
        Some(format!("{mark}{name}"))
    };
    lines.filter_map(event).collect()
}

fn marked(mark: char, names: impl Iterator<Item = &'static str>) -> Vec<String> {
    names.map(|name| format!("{mark}{name}")).collect()
}

#[test]
fn a_failed_start_closes_in_reverse_and_is_reported_once() {
    for (place, faulty) in RESOURCES.into_iter().enumerate() {
        for fault in [Fault::Error, Fault::Panic, Fault::TimeOut, Fault::Signal] {
            let role = format!("{ROLE} open {faulty} {fault:?}");
            let mut process = Process::start(&role);
            let mut log = String::new();
            if fault == Fault::Signal {
                log = process.logged_up_to("waiting for the signal");
                process.signal("TERM");
            }
            let (code, rest) = process.ended();
            log.push_str(&rest);
            let started = &RESOURCES[..place];
            let mut expected = marked('+', started.iter().copied());
            expected.extend(marked('-', started.iter().rev().copied()));
            let exit = if fault == Fault::Signal { Exit::Clean } else { Exit::StartUp };
            if exit == Exit::StartUp {
                expected.push(format!("!{faulty}"));
            }
            assert_eq!(events(&log), expected, "{role}:\n{log}");
            assert_eq!(log.matches(&format!("`{faulty}`")).count(), 1, "{role}: reported once:\n{log}");
            assert_eq!(code, Some(exit.code().into()), "{role}:\n{log}");
        }
    }
}

#[test]
fn a_failed_close_leaves_no_other_resource_open() {
    for faulty in RESOURCES {
        for fault in [Fault::Error, Fault::Panic, Fault::TimeOut] {
            let role = format!("{ROLE} close {faulty} {fault:?}");
            let mut process = Process::start(&role);
            let mut log = process.logged_up_to("serving at");
            process.signal("TERM");
            let (code, rest) = process.ended();
            log.push_str(&rest);
            let mut expected = marked('+', RESOURCES.into_iter());
            expected.extend(RESOURCES.into_iter().rev().map(|name| {
                let mark = if name == faulty { '!' } else { '-' };
                format!("{mark}{name}")
            }));
            assert_eq!(events(&log), expected, "{role}:\n{log}");
            assert_eq!(code, Some(Exit::TearDown.code().into()), "{role}:\n{log}");
        }
    }
}
