//! A process around any work: set up before it, reported on after it.

use std::future::Future;

use actix_web::rt::System;

use super::options::ProcessOptions;
use crate::{error::Error, exit::Exit, lifespan::StartUpError, observe, seal};

/// Sets the process up, runs `work` to its end, logs its error, and returns the exit code. Call it from `main`, on the
/// only thread.
pub fn launch<Work, Running>(options: &ProcessOptions, work: Work) -> Exit
where
    Work: FnOnce(seal::Report) -> Running,
    Running: Future<Output = Result<(), Error>>,
{
    let outcome = observe::init(&options.log, options.log_format)
        .map_err(Error::from)
        .and_then(|()| Ok(seal::apply(options.seal, &options.needs.clone().and(observe::needs()))?))
        .and_then(|report| {
            log_seal(&report);
            observe::exporting(|| System::new().block_on(work(report)))
        });
    match outcome {
        Ok(()) => Exit::Clean,
        Err(error) => {
            let exit = error.exit();
            log_end(&error, exit);
            exit
        }
    }
}

fn log_seal(seal: &seal::Report) {
    if let Some(reason) = seal.gap() {
        tracing::warn!(mode = %seal.mode, reason, "the seal has a gap");
    } else {
        let landlock = seal.landlock_abi.unwrap_or_default();
        tracing::info!(mode = %seal.mode, refused = seal.refused.len(), landlock, "seal");
    }
}

fn log_end(error: &Error, exit: Exit) {
    let resource = match error {
        Error::StartUp { cause: StartUpError::Resource { resource, .. }, .. } => Some(resource.as_str()),
        _ => None,
    };
    // A start that was cancelled by a stop signal is no failure.
    if exit == Exit::Clean {
        tracing::info!(resource, "{error}");
    } else {
        tracing::error!(exit = exit.code(), resource, "{error}");
    }
}
