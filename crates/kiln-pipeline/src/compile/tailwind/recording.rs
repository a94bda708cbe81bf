//! Recordings: what the engine made of a sheet, kept with the requests that it made.
//!
//! The engine knows nothing but its sheet and the responses to its requests. Where every request would be answered
//! today as it was then, the engine would make the same again, and need not run.

use kiln_manifest::Digest;
use serde::{Deserialize, Serialize};

use super::{
    engine::{Engines, GLUE},
    error::failed,
    protocol::{Job, Output, Request, Response, Thrown},
};
use crate::{Result, cache::Cache};

#[derive(Deserialize, Serialize)]
struct Recording {
    /// The requests, with the digests of their responses.
    exchanges: Vec<(Request, Digest)>,
    output: Output,
}

/// The key under which the recording of `job` is kept.
pub(super) fn key(job: &Job) -> Digest {
    let form = format!("mapped: {}", job.is_mapped);
    Digest::of_parts([GLUE, &job.source, &job.css, &job.path, &job.base, &form].map(str::as_bytes))
}

/// The output that is kept under `key`, when `respond` answers every request as it was answered then. Warnings come
/// last, when that is sure.
pub(super) fn replay(
    cache: &Cache,
    key: &Digest,
    mut respond: impl FnMut(&Request) -> Response,
) -> Option<Output> {
    let recording: Recording = serde_json::from_slice(&cache.get(key)?.bytes).ok()?;
    let is_warning = |(request, _): &(Request, Digest)| matches!(request, Request::Warning { .. });
    let (warnings, requests): (Vec<_>, Vec<_>) = recording.exchanges.into_iter().partition(is_warning);
    let is_as_then = |(request, then): (Request, Digest)| {
        respond(&request).is_ok_and(|now| Digest::of(now.as_bytes()) == then)
    };
    requests.into_iter().chain(warnings).all(is_as_then).then_some(recording.output)
}

/// Runs the engine, and keeps what it makes.
pub(super) fn record(
    cache: &Cache,
    engines: &Engines,
    job: Job,
    mut respond: impl FnMut(&Request) -> Response,
) -> Result<Result<Output, Thrown>> {
    let key = key(&job);
    let mut exchanges = Vec::new();
    let mut listen = |request: Request| {
        let response = respond(&request);
        exchanges.extend(response.as_ref().ok().map(|text| (request, Digest::of(text.as_bytes()))));
        response
    };
    match engines.run(cache, job, &mut listen)? {
        Ok(output) => Ok(Ok(Recording { exchanges, output }.keep(cache, &key)?)),
        Err(thrown) => Ok(Err(thrown)),
    }
}

impl Recording {
    fn keep(self, cache: &Cache, key: &Digest) -> Result<Output> {
        let entry = serde_json::to_vec(&self).map_err(|error| failed(error.to_string()))?;
        cache.keep(key, entry)?;
        Ok(self.output)
    }
}
