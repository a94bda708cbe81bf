//! Every error of the API, as a problem document (RFC 9457).

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, Responder, ResponseError,
    body::BoxBody,
    error::QueryPayloadError,
    http::{StatusCode, header},
};
use serde::Serialize;

use crate::{identify::IdentifyError, settings::ByteSize, store::StoreError};

/// Why a request has no other answer. The text is the document's `detail`: it is for the person who reads
/// it, and says what to do.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// The request says something that cannot be.
    #[error("{0}")]
    Invalid(String),
    /// There is nothing at this URL.
    #[error("{0}")]
    NotFound(String),
    /// There is something at this URL, but not for this method.
    #[error("this URL answers {allow}; send one of these")]
    Method {
        /// The methods.
        allow: &'static str,
    },
    /// The file is too long.
    #[error("a file may have {limit} at most; send a shorter one, or its beginning")]
    TooLarge {
        /// The limit.
        limit: ByteSize,
    },
    /// Too much is going on.
    #[error("{0}; try again in {RETRY_AFTER_SECONDS} seconds")]
    Overloaded(String),
    /// It is the server's fault.
    #[error("the server failed; its log says why")]
    Internal,
}

const RETRY_AFTER_SECONDS: u32 = 2;

/// The members that RFC 9457 §3.1 defines.
#[derive(Serialize)]
struct Document<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: String,
}

impl Problem {
    /// No identification has this id.
    #[must_use]
    pub(super) fn no_identification(id: &str) -> Self {
        Self::NotFound(format!("no identification has the id `{id}`; /api/identifications lists them"))
    }

    /// The title is the status' own name (RFC 9110 §15), which for 413 and 422 is newer than the library's.
    fn title(&self) -> &'static str {
        match self.status_code() {
            StatusCode::PAYLOAD_TOO_LARGE => "Content Too Large",
            status => status.canonical_reason().unwrap_or("Error"),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Overloaded(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let mut response = HttpResponseBuilder::new(status);
        match self {
            Self::Method { allow } => _ = response.insert_header((header::ALLOW, *allow)),
            Self::Overloaded(_) => _ = response.insert_header((header::RETRY_AFTER, RETRY_AFTER_SECONDS)),
            _ => {}
        }
        let document = Document {
            r#type: "about:blank",
            title: self.title(),
            status: status.as_u16(),
            detail: self.to_string(),
        };
        response.insert_header((header::CONTENT_TYPE, "application/problem+json")).json(document)
    }
}

/// Where a problem is the only answer there can be.
impl Responder for Problem {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.error_response()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!("{error}");
        match error {
            StoreError::Busy(_) | StoreError::Unreachable(_) => {
                Self::Overloaded("the database does not answer now".to_owned())
            }
            StoreError::Database(_) | StoreError::Row { .. } => Self::Internal,
        }
    }
}

impl From<Arc<IdentifyError>> for Problem {
    fn from(error: Arc<IdentifyError>) -> Self {
        match &*error {
            IdentifyError::Overloaded(overloaded) => Self::Overloaded(overloaded.to_string()),
            error => {
                tracing::error!("{error}");
                Self::Internal
            }
        }
    }
}

impl From<QueryPayloadError> for Problem {
    fn from(error: QueryPayloadError) -> Self {
        Self::Invalid(format!("the query of the URL cannot be used: {}", innermost(&error)))
    }
}

/// What the value's own parser says, without what the layers around it are called.
fn innermost(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}

/// For what lies below `/api` and is no route.
pub(super) async fn unknown_url(request: HttpRequest) -> Problem {
    Problem::NotFound(format!("there is nothing at {}", request.path()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identify::Overloaded;

    #[test]
    fn who_is_asked_to_come_back_is_told_when() {
        let overloaded = Problem::from(Arc::new(IdentifyError::from(Overloaded { waiting: 256 })));
        let response = overloaded.error_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        let seconds = header::HeaderValue::from_static("2");
        assert_eq!(response.headers().get(header::RETRY_AFTER), Some(&seconds));
        assert!(overloaded.to_string().contains("256 are waiting"), "{overloaded}");
    }
}
