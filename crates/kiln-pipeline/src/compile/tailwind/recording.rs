//! Recordings: cached outputs of the engine, with the requests that led to them.
//!
//! The output is a function of the sheet and of the responses to the engine's requests. While all responses are
//! unchanged, a recording replaces a run of the engine.

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
    /// Requests, with the digests of their responses.
    exchanges: Vec<(Request, Digest)>,
    output: Output,
}

/// The cache key of the recording of `job`.
pub(super) fn key(job: &Job) -> Digest {
    let form = format!("mapped: {}", job.is_mapped);
    Digest::of_parts([GLUE, &job.source, &job.css, &job.path, &job.base, &form].map(str::as_bytes))
}

/// The output of the recording `key`, when all responses of `respond` are as recorded. Warnings are replayed last, once
/// the recording is known to be valid.
pub(super) fn replay(
    cache: &Cache,
    key: &Digest,
    mut respond: impl FnMut(&Request) -> Response,
) -> Option<Output> {
    let recording: Recording = serde_json::from_slice(&cache.get(key)?.bytes).ok()?;
    let is_warning = |(request, _): &(Request, Digest)| matches!(request, Request::Warning { .. });
    let (warnings, requests): (Vec<_>, Vec<_>) = recording.exchanges.into_iter().partition(is_warning);
    let is_unchanged = |(request, recorded): (Request, Digest)| {
        respond(&request).is_ok_and(|response| Digest::of(response.as_bytes()) == recorded)
    };
    requests.into_iter().chain(warnings).all(is_unchanged).then_some(recording.output)
}

/// Runs the engine, and caches a recording of its output under `key`.
pub(super) fn record(
    cache: &Cache,
    key: &Digest,
    engines: &Engines,
    job: Job,
    mut respond: impl FnMut(&Request) -> Response,
) -> Result<Result<Output, Thrown>> {
    let mut exchanges = Vec::new();
    let mut respond_recorded = |request: Request| {
        let response = respond(&request);
        exchanges.extend(response.as_ref().ok().map(|text| (request, Digest::of(text.as_bytes()))));
        response
    };
    let output = match engines.run(cache, job, &mut respond_recorded)? {
        Ok(output) => output,
        Err(thrown) => return Ok(Err(thrown)),
    };
    let recording = Recording { exchanges, output };
    cache.keep(key, serde_json::to_vec(&recording).map_err(failed)?)?;
    Ok(Ok(recording.output))
}
