//! An identified file, as it is stored and as it goes over the wire in JSON.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::identify::{RunnerUp, Sample, Verdict, model_metadata::Nature};

/// A file and its verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Identification {
    /// A UUID of version 7: later ids are greater.
    pub id: Uuid,
    /// RFC 3339 in UTC, to the millisecond.
    pub identified_at: String,
    /// The name that came with the file.
    pub name: Option<String>,
    /// The size in bytes.
    pub size: u64,
    /// The SHA-256 of the content, in hexadecimal.
    pub sha256: String,
    /// The content type, in short: `toml`.
    pub label: String,
    /// The content type, in words.
    pub description: String,
    /// The media type.
    pub mime_type: String,
    /// The family: `code`, `image`, …
    pub group: String,
    /// Whether the content is text.
    pub is_text: bool,
    /// The score of the model, from 0 to 1.
    pub score: f64,
    /// Other content types, best first.
    pub alternatives: Vec<Alternative>,
}

/// Another content type that the file could have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The content type, in short.
    pub label: String,
    /// The content type, in words.
    pub description: String,
    /// The score of the model, from 0 to 1.
    pub score: f64,
}

impl Identification {
    /// The identification of a file, made now.
    #[must_use]
    pub fn new(name: Option<String>, sample: &Sample, verdict: &Verdict) -> Self {
        let kind = &verdict.content_type;
        let id = Uuid::now_v7();
        Self {
            id,
            identified_at: time_of(id),
            name,
            size: sample.size,
            sha256: sample.hash.to_string(),
            label: kind.label.clone(),
            description: kind.description.clone(),
            mime_type: kind.mime_type.clone(),
            group: kind.group.clone(),
            is_text: kind.nature == Nature::Text,
            score: verdict.score,
            alternatives: verdict.runners_up.iter().map(Alternative::from).collect(),
        }
    }
}

impl From<&RunnerUp> for Alternative {
    fn from(runner_up: &RunnerUp) -> Self {
        let kind = &runner_up.content_type;
        Self { label: kind.label.clone(), description: kind.description.clone(), score: runner_up.score }
    }
}

/// The clock is read once: an id and its time stamp cannot disagree in their order.
fn time_of(id: Uuid) -> String {
    let (seconds, nanoseconds) = id.get_timestamp().map_or((0, 0), |timestamp| timestamp.to_unix());
    let moment = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::new(seconds, i32::try_from(nanoseconds).ok()?).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{moment:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_stamp_is_that_of_its_id() {
        // The example of RFC 9562, appendix A.6: Tuesday, February 22, 2022 2:22:22.00 PM GMT-05:00.
        let id = "017F22E2-79B0-7CC3-98C4-DC0C0C07398F".parse().expect("a UUID");
        assert_eq!(time_of(id), "2022-02-22T19:22:22.000Z");
    }
}
