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

/// An error of the API. Its text is the document's `detail`, for people: the error, and what to do.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// An invalid request.
    #[error("{0}")]
    Invalid(String),
    /// A URL without a resource.
    #[error("{0}")]
    NotFound(String),
    /// A method that the resource does not support.
    #[error("method not allowed: this URL supports {allow}")]
    Method {
        /// The methods.
        allow: &'static str,
    },
    /// A file beyond the limit.
    #[error("file too large: the limit is {limit}; send a shorter file, or its beginning")]
    TooLarge {
        /// The limit.
        limit: ByteSize,
    },
    /// A server with too much to do.
    #[error("{0}; try again in {RETRY_AFTER_SECONDS} seconds")]
    Overloaded(String),
    /// A failure of the server.
    #[error("internal server error; the log of the server has the reason")]
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

/// For routes whose only response is a problem.
impl Responder for Problem {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.error_response()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::from(&error)
    }
}

impl From<Arc<StoreError>> for Problem {
    fn from(error: Arc<StoreError>) -> Self {
        Self::from(&*error)
    }
}

impl From<&StoreError> for Problem {
    fn from(error: &StoreError) -> Self {
        match error {
            // The server counts refusals, and logs one line for many.
            StoreError::Busy(_) | StoreError::Unreachable(_) => {
                tracing::debug!("{error}");
                Self::Overloaded("the database is unavailable".to_owned())
            }
            StoreError::Database(_) | StoreError::Row { .. } => {
                tracing::error!("{error}");
                Self::Internal
            }
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
        Self::Invalid(format!("invalid query string: {}", innermost(&error)))
    }
}

/// The message of the value's own parser, without the layers around it.
fn innermost(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}

/// The response to unknown URLs below `/api`.
pub(super) async fn unknown_url(request: HttpRequest) -> Problem {
    Problem::NotFound(format!("not found: {}", request.path()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identify::Overloaded;

    #[test]
    fn an_overload_has_retry_after() {
        let overloaded = Problem::from(Arc::new(IdentifyError::from(Overloaded { waiting: 256 })));
        let response = overloaded.error_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        let seconds = header::HeaderValue::from_static("2");
        assert_eq!(response.headers().get(header::RETRY_AFTER), Some(&seconds));
        assert!(overloaded.to_string().contains("256 are waiting"), "{overloaded}");
    }
}
