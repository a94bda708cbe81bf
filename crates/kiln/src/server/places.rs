//! Places for connections: as many as [`max_connections`](super::ServerOptions::max_connections), and a few more, at
//! which nothing but a probe is answered.
//!
//! A connection without a place is a guest. It has little time to send a request; that of a probe is answered, any other
//! waits for a place, as long as not too many do.

use std::{
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use super::options::ServerOptions;
use crate::phase::{Phase, Phases};

/// Number of guests that are accepted at once.
pub(super) const GUESTS: usize = 64;

/// Number of guests whose requests may wait for a place; the others are kept free for probes.
const WAITING: usize = GUESTS / 2;

/// Time for a guest to send its request, and for its handshake.
const GUEST_TIMEOUT: Duration = Duration::from_secs(2);

/// The places of a server; clones share them.
#[derive(Clone, Debug)]
pub(super) struct Places {
    free: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    phases: Phases,
}

/// The place of a connection, if it has one.
#[derive(Debug)]
pub(super) struct Place {
    places: Places,
    permit: OnceCell<OwnedSemaphorePermit>,
}

/// An error of a guest: all places are taken, and enough others wait.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoPlace;

impl Places {
    pub(super) fn new(options: &ServerOptions, phases: &Phases) -> Self {
        let places = options.max_connections.get().min(Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(places)), waiting: Arc::default(), phases: phases.clone() }
    }

    /// A place, or the lack of one, for a new connection.
    pub(super) fn take(&self) -> Rc<Place> {
        let permit = Arc::clone(&self.free).try_acquire_owned().ok();
        Rc::new(Place { places: self.clone(), permit: OnceCell::new_with(permit) })
    }
}

impl Place {
    pub(super) fn is_held(&self) -> bool {
        self.permit.initialized()
    }

    /// The time-out of something that begins a connection, whose limit is `limit` where there is a place.
    pub(super) fn timeout(&self, limit: Duration) -> Duration {
        if self.is_held() || limit.is_zero() { limit } else { limit.min(GUEST_TIMEOUT) }
    }

    /// Waits for a place, of which all requests of a connection need one. During a drain nobody does: requests that were
    /// accepted are answered, and no place is needed for another.
    pub(super) async fn wait(&self) -> Result<(), NoPlace> {
        let Places { free, waiting, phases } = &self.places;
        let _waiting = Waiting::begin(waiting).ok_or(NoPlace)?;
        tokio::select! {
            biased;
            _ = self.permit.get_or_try_init(|| Arc::clone(free).acquire_owned()) => {}
            () = phases.reached(Phase::Draining) => {}
        }
        Ok(())
    }
}

/// Counts a guest as waiting until dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Option<Self> {
        let waiting = Self(count);
        (count.fetch_add(1, Relaxed) < WAITING).then_some(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use futures_util::FutureExt;

    use super::*;

    fn places(count: usize) -> (Places, Phases) {
        let phases = Phases::new();
        let max_connections = NonZeroUsize::new(count).expect("a number");
        (Places::new(&ServerOptions { max_connections, ..ServerOptions::default() }, &phases), phases)
    }

    #[tokio::test]
    async fn a_guest_gets_the_place_that_is_given_up() {
        let (places, _) = places(1);
        let (first, guest) = (places.take(), places.take());
        assert!(first.is_held() && !guest.is_held());
        let mut wait = Box::pin(guest.wait());
        assert_eq!((&mut wait).now_or_never(), None);
        drop(first);
        assert_eq!(wait.await, Ok(()));
        assert!(guest.is_held() && !places.take().is_held());
    }

    #[tokio::test]
    async fn all_requests_of_a_guest_go_on_with_its_place() {
        let (places, _) = places(1);
        let (held, guest) = (places.take(), places.take());
        let mut waits: Vec<_> = (0..3).map(|_| Box::pin(guest.wait())).collect();
        assert!(waits.iter_mut().all(|wait| wait.now_or_never().is_none()));
        // The first is given up.
        drop(waits.remove(0));
        drop(held);
        assert_eq!(futures_util::future::join_all(waits).await, [Ok(()), Ok(())]);
        assert!(guest.is_held());
    }

    #[tokio::test]
    async fn half_of_the_guests_may_wait_and_a_drain_lets_them_go() {
        let (places, phases) = places(1);
        let _held = places.take();
        let guests: Vec<_> = (0..=WAITING).map(|_| places.take()).collect();
        let mut waits: Vec<_> = guests.iter().map(|guest| Box::pin(guest.wait())).collect();
        let outcomes: Vec<_> = waits.iter_mut().map(FutureExt::now_or_never).collect();
        assert!(outcomes[..WAITING].iter().all(Option::is_none), "{outcomes:?}");
        assert_eq!(outcomes[WAITING], Some(Err(NoPlace)));
        phases.advance(Phase::Draining);
        assert_eq!(waits[0].as_mut().await, Ok(()));
    }
}
