//! The id of a request in the log: that of its client or proxy, or one that is generated here.

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use actix_web::http::header::{HeaderMap, HeaderName};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The id of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RequestId {
    /// Received: `X-Request-Id`, or the trace of `traceparent`.
    Received(String),
    /// Generated: counted from a start that differs for each process.
    Generated(u64),
}

impl RequestId {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let given = header(X_REQUEST_ID).filter(|id| is_well_formed(id));
        let given = given.or_else(|| trace(header(TRACEPARENT)?));
        given.map_or_else(Self::next, |given| Self::Received(given.to_owned()))
    }

    fn next() -> Self {
        // Global because the log is, in which no two requests of the process may have one id.
        static COUNT: AtomicU64 = AtomicU64::new(0);
        static START: OnceLock<u64> = OnceLock::new();
        let start = START.get_or_init(|| RandomState::new().hash_one(std::process::id()));
        Self::Generated(start.wrapping_add(COUNT.fetch_add(1, Relaxed)))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Received(id) => f.write_str(id),
            Self::Generated(number) => write!(f, "{number:016x}"),
        }
    }
}

/// Whether the id is short, and cannot break a line of the log.
fn is_well_formed(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:+/=".contains(&byte);
    (1..=128).contains(&id.len()) && id.bytes().all(plain)
}

/// The trace of `version-trace-parent-flags` (W3C Trace Context §3.2).
fn trace(traceparent: &str) -> Option<&str> {
    let lower_hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let is_zero = |text: &str| text.bytes().all(|byte| byte == b'0');
    let mut fields = traceparent.split('-');
    let (version, trace) = (fields.next()?, fields.next()?);
    let (parent, flags) = (fields.next()?, fields.next()?);
    let well_formed = lower_hex(version, 2)
        && version != "ff"
        // The version that exists has four fields; later ones may have more.
        && (version != "00" || fields.next().is_none())
        && lower_hex(trace, 32)
        && !is_zero(trace)
        && lower_hex(parent, 16)
        && !is_zero(parent)
        && lower_hex(flags, 2);
    well_formed.then_some(trace)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn id(headers: &[(&'static str, &str)]) -> RequestId {
        let pairs = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value"))
        });
        RequestId::of(&pairs.collect())
    }

    #[test]
    fn a_well_formed_id_of_the_client_is_used() {
        let traceparent = format!("00-{TRACE}-00f067aa0ba902b7-01");
        assert_eq!(id(&[("x-request-id", "a-1")]), RequestId::Received("a-1".to_owned()));
        assert_eq!(id(&[("traceparent", &traceparent)]), RequestId::Received(TRACE.to_owned()));
        let both = id(&[("x-request-id", "a-1"), ("traceparent", &traceparent)]);
        assert_eq!(both, RequestId::Received("a-1".to_owned()));
    }

    #[test]
    fn an_id_is_generated_in_place_of_a_malformed_or_missing_one() {
        let long = "x".repeat(129);
        for (name, value) in [
            ("x-request-id", ""),
            ("x-request-id", "a b"),
            ("x-request-id", &long),
            ("traceparent", TRACE),
            ("traceparent", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
            ("traceparent", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"),
            ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
            ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"),
            ("traceparent", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ] {
            assert!(matches!(id(&[(name, value)]), RequestId::Generated(_)), "{name}: {value}");
        }
        assert_ne!(id(&[]), id(&[]));
    }
}
