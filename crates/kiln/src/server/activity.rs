//! Counters of connections and of requests in flight; the drain ends when they are zero.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::time::{Instant, MissedTickBehavior, interval};

/// Interval at which a drain reads the counters. Polling costs the drain little; a notification of every change
/// would cost every request.
const POLL: Duration = Duration::from_millis(5);

/// Counters of the whole server; clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Activity {
    connections: Arc<Connections>,
    workers: Arc<Mutex<Vec<Arc<Requests>>>>,
}

#[derive(Debug, Default)]
struct Connections {
    open: AtomicUsize,
    ever: AtomicUsize,
}

/// Counters of one worker. Workers count apart, so that no request waits for another core's cache line.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Requests {
    in_flight: AtomicUsize,
    ever: AtomicUsize,
}

/// The handle by which one worker counts.
#[derive(Clone, Debug)]
pub(super) struct WorkerActivity(Arc<Requests>);

/// Counts a connection as open until dropped.
#[derive(Debug)]
pub(super) struct ConnectionGuard(Arc<Connections>);

/// Counts a request as in flight until dropped: when the last byte of its answer is handed over, or it is abandoned.
#[derive(Debug)]
pub(super) struct RequestGuard(Arc<Requests>);

impl Activity {
    pub(super) fn worker(&self) -> WorkerActivity {
        let requests = Arc::new(Requests::default());
        self.workers.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&requests));
        WorkerActivity(requests)
    }

    pub(super) fn connection(&self) -> ConnectionGuard {
        self.connections.open.fetch_add(1, Relaxed);
        self.connections.ever.fetch_add(1, Relaxed);
        ConnectionGuard(Arc::clone(&self.connections))
    }

    pub(super) fn requests_in_flight(&self) -> usize {
        self.sum(|requests| requests.in_flight.load(Relaxed))
    }

    /// Waits until no connection is left, or until none of those left has carried a request, and no new one
    /// has come, for `idle_grace`.
    pub(super) async fn settled(&self, idle_grace: Duration) {
        let mut poll = interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut quiet = Quiet { since: Instant::now(), before: self.events() };
        loop {
            poll.tick().await;
            let grace = grace(self.connections.open.load(Relaxed), idle_grace);
            if quiet.lasts(self.requests_in_flight(), self.events(), Instant::now()) >= grace {
                return;
            }
        }
    }

    /// Grows with every connection and every request.
    fn events(&self) -> usize {
        let requests = self.sum(|requests| requests.ever.load(Relaxed));
        self.connections.ever.load(Relaxed).wrapping_add(requests)
    }

    fn sum(&self, count: impl Fn(&Requests) -> usize) -> usize {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|worker| count(worker)).sum()
    }
}

/// The time without an event that a drain waits for.
#[derive(Debug)]
struct Quiet {
    since: Instant,
    /// Number of events by then.
    before: usize,
}

impl Quiet {
    /// How long it has been quiet at `now`.
    fn lasts(&mut self, in_flight: usize, events: usize, now: Instant) -> Duration {
        if in_flight > 0 || events != self.before {
            self.since = now;
        }
        self.before = events;
        now.duration_since(self.since)
    }
}

/// How long it has to be quiet. A connection that the acceptor has handed over is counted once its worker has picked it
/// up; one full interval without a change covers that.
fn grace(open_connections: usize, idle_grace: Duration) -> Duration {
    if open_connections == 0 { idle_grace.min(POLL) } else { idle_grace }
}

impl WorkerActivity {
    pub(super) fn request(&self) -> RequestGuard {
        self.0.in_flight.fetch_add(1, Relaxed);
        self.0.ever.fetch_add(1, Relaxed);
        RequestGuard(Arc::clone(&self.0))
    }
}

impl ConnectionGuard {
    /// Counts an event of this connection, so that the idle grace of a drain begins anew: its client is about to
    /// send a request.
    #[cfg(feature = "tls")]
    pub(super) fn record_request(&self) {
        self.0.ever.fetch_add(1, Relaxed);
    }
}

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Relaxed);
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_hours(1);
    const GRACE: Duration = Duration::from_millis(60);

    #[tokio::test]
    async fn a_server_without_connections_is_settled_at_once() {
        let activity = Activity::default();
        assert!(tokio::time::timeout(LONG / 60, activity.settled(LONG)).await.is_ok());
    }

    #[tokio::test]
    async fn an_idle_connection_is_given_the_grace_period_once() {
        let activity = Activity::default();
        let _connection = activity.connection();
        let started = Instant::now();
        activity.settled(GRACE).await;
        assert!(started.elapsed() >= GRACE);
    }

    #[test]
    fn without_a_connection_a_moment_is_enough() {
        assert_eq!((grace(1, GRACE), grace(0, GRACE), grace(0, POLL / 2)), (GRACE, POLL, POLL / 2));
    }

    #[tokio::test]
    async fn a_request_in_flight_is_waited_for_without_a_limit() {
        let activity = Activity::default();
        let _connection = activity.connection();
        let request = activity.worker().request();
        assert!(tokio::time::timeout(3 * GRACE, activity.settled(GRACE)).await.is_err());
        drop(request);
        assert_eq!(activity.requests_in_flight(), 0);
        activity.settled(GRACE).await;
    }

    #[test]
    fn an_event_or_a_request_in_flight_restarts_the_grace_period() {
        let start = Instant::now();
        let mut quiet = Quiet { since: start, before: 7 };
        let mut lasts = |in_flight, events, at: u32| quiet.lasts(in_flight, events, start + at * POLL);
        assert_eq!(lasts(0, 7, 5), 5 * POLL);
        assert_eq!(lasts(0, 8, 6), Duration::ZERO, "a request has come and gone");
        assert_eq!(lasts(0, 8, 9), 3 * POLL);
        assert_eq!(lasts(1, 8, 10), Duration::ZERO, "one is in flight");
        assert_eq!(lasts(0, 8, 12), 2 * POLL);
    }
}
