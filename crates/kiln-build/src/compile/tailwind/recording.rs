//! What the engine made of a sheet, kept with the conversation that led to it.
//!
//! The engine knows nothing but its sheet and what it is told. Where every question that it asked would be answered
//! today as it was then, it would make the same again, and need not run.

use kiln_manifest::Digest;
use serde::{Deserialize, Serialize};

use super::{
    conversation::{Answer, Question},
    engine::{self, Built, GLUE, Job, Thrown},
    failed,
};
use crate::{Result, cache::Cache};

/// See the module.
#[derive(Deserialize, Serialize)]
pub(super) struct Recording {
    /// The questions, with the digests of their answers.
    exchanges: Vec<(Question, Digest)>,
    built: Built,
}

/// Under which the recording of `job` is kept.
pub(super) fn key(job: &Job) -> Digest {
    let form = format!("mapped: {}, parted: {}", job.is_mapped, job.is_parted);
    Digest::of_parts([GLUE, &job.source, &job.css, &job.path, &job.base, &form].map(str::as_bytes))
}

/// The result that is kept under `key`, when `answer` says to every question what was said then. It is warned once
/// that is sure.
pub(super) fn replay(
    cache: &Cache,
    key: &Digest,
    mut answer: impl FnMut(&Question) -> Answer,
) -> Option<Built> {
    let recording: Recording = serde_json::from_slice(&cache.get(key)?.bytes).ok()?;
    let is_warning = |(question, _): &(Question, Digest)| matches!(question, Question::Warning { .. });
    let (warnings, questions): (Vec<_>, Vec<_>) = recording.exchanges.into_iter().partition(is_warning);
    let is_as_then = |(question, then): (Question, Digest)| {
        answer(&question).is_ok_and(|now| Digest::of(now.as_bytes()) == then)
    };
    questions.into_iter().chain(warnings).all(is_as_then).then_some(recording.built)
}

/// Runs the engine, and keeps under `key` what it makes.
pub(super) fn record(
    cache: &Cache,
    key: &Digest,
    job: Job,
    mut answer: impl FnMut(&Question) -> Answer,
) -> Result<Result<Built, Thrown>> {
    let mut exchanges = Vec::new();
    let mut listen = |question: Question| {
        let answered = answer(&question);
        exchanges.extend(answered.as_ref().ok().map(|text| (question, Digest::of(text.as_bytes()))));
        answered
    };
    let outcome = engine::run(cache, job, &mut listen)?;
    match outcome {
        Ok(built) => Ok(Ok(Recording { exchanges, built }.keep(cache, key)?)),
        Err(thrown) => Ok(Err(thrown)),
    }
}

impl Recording {
    fn keep(self, cache: &Cache, key: &Digest) -> Result<Built> {
        let entry = serde_json::to_vec(&self).map_err(|error| failed(error.to_string()))?;
        cache.keep(key, entry)?;
        Ok(self.built)
    }
}
