//! The same done to many things, on all cores.

use std::{
    env,
    num::NonZero,
    panic::resume_unwind,
    sync::{Mutex, PoisonError},
    thread::{self, ScopedJoinHandle},
};

/// What `work` makes of each item, in their order; those that come first are begun first.
///
/// `RAYON_NUM_THREADS` limits the threads, as it does those of the bundler.
pub(crate) fn map<Item: Send, Made: Send>(items: Vec<Item>, work: impl Fn(Item) -> Made + Sync) -> Vec<Made> {
    let workers = threads().min(items.len());
    if workers < 2 {
        return items.into_iter().map(work).collect();
    }
    let queue = Mutex::new(items.into_iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let worker = || {
        let mut made = Vec::new();
        while let Some((position, item)) = next() {
            made.push((position, work(item)));
        }
        made
    };
    let mut made = thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(worker)).collect();
        let mut made = worker();
        for other in others {
            made.extend(joined(other));
        }
        made
    });
    made.sort_unstable_by_key(|(position, _)| *position);
    made.into_iter().map(|(_, made)| made).collect()
}

/// What `thread` has made. Its panic is the caller's.
pub(crate) fn joined<Made>(thread: ScopedJoinHandle<'_, Made>) -> Made {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

fn threads() -> usize {
    let asked = env::var("RAYON_NUM_THREADS").ok().and_then(|number| number.parse().ok());
    asked.or(thread::available_parallelism().ok()).map_or(1, NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_stands_in_the_order_of_what_it_is_made_of() {
        let slow_at_first =
            |number: u64| (0..(100 - number) * 1000).fold(number, |sum, _| std::hint::black_box(sum));
        assert_eq!(map((0..100).collect(), slow_at_first), (0..100).collect::<Vec<_>>());
    }

    #[test]
    #[should_panic(expected = "on a worker")]
    fn a_panic_of_a_worker_is_that_of_the_caller() {
        map(vec![1, 2, 3], |number| assert!(number < 3, "on a worker"));
    }
}
