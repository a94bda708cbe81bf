//! Metrics, for Prometheus.
//!
//! Recording begins with [`install`], which the admin listener calls; until then nothing is counted and no memory is
//! held. The share of 304 among all answers is
//! `sum(rate(http_requests_total{status="304"}[5m])) / sum(rate(http_requests_total[5m]))`.

use std::{fs, sync::OnceLock, time::Duration};

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::time::{MissedTickBehavior, interval};

use super::{error::MetricsError, sample::RequestSample};
use crate::{
    lifespan::{Resource, ResourceState},
    phase::Phase,
};

/// The limits between buckets of durations, in seconds: from a cached page to a drain.
const SECONDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Interval at which recorded values are sorted into their buckets. Until then each value is held by itself.
const UPKEEP: Duration = Duration::from_secs(5);

/// Handle of the recorder, none when another one is installed. Global because the macros of `metrics` record into the
/// one recorder of the process.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Begins to record, for the whole process and for good.
///
/// # Errors
/// When the application has installed a recorder of its own.
pub fn install() -> Result<(), MetricsError> {
    let installed = RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets(&SECONDS).ok()?;
        let handle = builder.install_recorder().ok()?;
        describe();
        Some(handle)
    });
    installed.as_ref().map(drop).ok_or(MetricsError)
}

fn handle() -> Option<&'static PrometheusHandle> {
    RECORDER.get().and_then(Option::as_ref)
}

/// Whether metrics are recorded.
pub(crate) fn enabled() -> bool {
    handle().is_some()
}

/// All metrics, in the text format of Prometheus.
pub(crate) fn render() -> String {
    handle().map(PrometheusHandle::render).unwrap_or_default()
}

/// Sorts recorded values into their buckets, until dropped.
pub(crate) async fn upkeep() {
    let mut beat = interval(UPKEEP);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        if let Some(handle) = handle() {
            handle.run_upkeep();
        }
    }
}

fn describe() {
    describe_counter!("http_requests_total", "Answers, by method, route and status.");
    describe_counter!("http_response_bytes_total", "Bytes of bodies sent, by content coding.");
    describe_histogram!(
        "http_request_duration_seconds",
        "From the head of a request to the end of its answer."
    );
    describe_gauge!("http_requests_in_flight", "Requests that are not answered in full.");
    describe_gauge!("kiln_phase", "1 for the phase that the application is in, 0 for the others.");
    describe_gauge!("kiln_resource_open", "Whether a resource is open.");
    describe_gauge!("kiln_resource_open_seconds", "How long a resource took to open.");
    describe_gauge!("process_resident_memory_bytes", "Memory that is in use and not swapped out.");
}

pub(super) fn record(sample: &RequestSample<'_>) {
    let route = sample.route.to_owned();
    let status = sample.status.to_string();
    let bytes = u64::try_from(sample.bytes).unwrap_or(u64::MAX);
    counter!("http_requests_total", "method" => sample.method, "route" => route.clone(), "status" => status)
        .increment(1);
    counter!("http_response_bytes_total", "coding" => sample.coding).increment(bytes);
    histogram!("http_request_duration_seconds", "route" => route).record(sample.took);
}

/// Sets the gauges, at each scrape.
#[expect(clippy::cast_precision_loss, reason = "Prometheus knows no other numbers")]
pub(crate) fn update_gauges(phase: Phase, resources: &[Resource], in_flight: usize) {
    gauge!("http_requests_in_flight").set(in_flight as f64);
    for each in [Phase::Starting, Phase::Ready, Phase::Draining, Phase::Stopped] {
        gauge!("kiln_phase", "phase" => each.to_string()).set(f64::from(u8::from(each == phase)));
    }
    for resource in resources {
        let open = u8::from(resource.state == ResourceState::Open);
        gauge!("kiln_resource_open", "resource" => resource.name.clone()).set(f64::from(open));
        if let Some(milliseconds) = resource.opened_in_ms {
            let seconds = Duration::from_millis(milliseconds).as_secs_f64();
            gauge!("kiln_resource_open_seconds", "resource" => resource.name.clone()).set(seconds);
        }
    }
    if let Some(bytes) = fs::read_to_string("/proc/self/status").ok().as_deref().and_then(resident) {
        gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
}

/// Bytes, from `VmRSS:     1234 kB` (`man 5 proc_pid_status`).
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_memory_is_counted_in_bytes() {
        assert_eq!(resident("VmHWM:\t  9 kB\nVmRSS:\t    1234 kB\n"), Some(1_263_616));
        assert_eq!(resident("VmHWM:\t  9 kB\n"), None);
    }
}
