//! Request spans for an OpenTelemetry collector, by OTLP over HTTP.
//!
//! OpenTelemetry's own variables configure the endpoint and the name (`OTEL_EXPORTER_OTLP_ENDPOINT`,
//! `OTEL_SERVICE_NAME`, `OTEL_BSP_*`, `OTEL_TRACES_SAMPLER`). Without an endpoint nothing is exported. Spans
//! are made from the first line of the log on, but only sent once the process is sealed: sending takes a
//! thread, and the seal wants there to be one.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use actix_web::http::{Uri, header::HeaderMap};
use opentelemetry::{
    Context,
    propagation::{Extractor, TextMapPropagator},
    trace::TracerProvider,
};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    propagation::TraceContextPropagator,
    trace::{BatchSpanProcessor, SdkTracerProvider, Span as Recorded, SpanData, SpanProcessor},
};
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use super::{error::ObserveError, request_span::TARGET};
use crate::seal::Needs;

/// Time for the last spans to be sent when the process ends.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(2);

/// The provider, and the processor that begins to send later. Global because the log that makes spans is that of the
/// process, and is set up before there is anything that could own them.
static PROVIDER: OnceLock<(SdkTracerProvider, DeferredProcessor)> = OnceLock::new();

/// Passes spans on to a processor that is made later; spans that end before are not sent.
#[derive(Clone, Debug, Default)]
struct DeferredProcessor(Arc<OnceLock<BatchSpanProcessor>>);

impl SpanProcessor for DeferredProcessor {
    fn on_start(&self, span: &mut Recorded, context: &Context) {
        if let Some(processor) = self.0.get() {
            processor.on_start(span, context);
        }
    }

    fn on_end(&self, span: SpanData) {
        if let Some(processor) = self.0.get() {
            processor.on_end(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.get().map_or(Ok(()), SpanProcessor::force_flush)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.get().map_or(Ok(()), |processor| processor.shutdown_with_timeout(timeout))
    }
}

fn endpoint() -> Option<Uri> {
    ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"]
        .into_iter()
        .find_map(|variable| std::env::var(variable).ok())?
        .parse()
        .ok()
}

/// The collector's port, and its address when it is given by name.
pub(super) fn needs() -> Needs {
    let Some(endpoint) = endpoint() else { return Needs::new() };
    let needs = Needs::new().connect(endpoint.port_u16().unwrap_or(80));
    let host = endpoint.host().unwrap_or_default().trim_matches(['[', ']']);
    if host.parse::<IpAddr>().is_ok() { needs } else { needs.resolve_names() }
}

/// The layer that makes spans of requests, and the application's own, when there is a collector.
pub(super) fn layer<S>() -> Option<impl Layer<S>>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    endpoint()?;
    let (provider, _) = PROVIDER.get_or_init(|| {
        let deferred = DeferredProcessor::default();
        (SdkTracerProvider::builder().with_span_processor(deferred.clone()).build(), deferred)
    });
    let wanted = filter_fn(|metadata| {
        metadata.target() == TARGET || (metadata.is_span() && *metadata.level() <= tracing::Level::INFO)
    });
    Some(tracing_opentelemetry::layer().with_tracer(provider.tracer("kiln")).with_filter(wanted))
}

/// Begins to send.
pub(super) fn start() -> Result<(), ObserveError> {
    let Some((_, deferred)) = PROVIDER.get() else { return Ok(()) };
    let exporter = opentelemetry_otlp::SpanExporter::builder().with_http().build();
    let exporter = exporter.map_err(ObserveError::new)?;
    let mut processor = BatchSpanProcessor::builder(exporter).build();
    processor.set_resource(&Resource::builder().build());
    // A second start in one process, as in a test, finds the first still sending.
    let _ = deferred.0.set(processor);
    Ok(())
}

/// Sends the last spans.
pub(super) fn end() {
    if let Some((provider, _)) = PROVIDER.get()
        && let Err(error) = provider.shutdown_with_timeout(FLUSH_TIMEOUT)
    {
        tracing::warn!(%error, "the last spans were not exported");
    }
}

/// Makes `span` part of the trace of the client, if it sends one (W3C Trace Context).
pub(super) fn set_parent(span: &Span, headers: &HeaderMap) {
    if PROVIDER.get().is_some() {
        let context = TraceContextPropagator::new().extract(&Headers(headers));
        // Fails for a span that no layer records.
        let _ = span.set_parent(context);
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(actix_web::http::header::HeaderName::as_str).collect()
    }
}
