//! Work on many items, on all cores.

use std::{
    env,
    num::NonZero,
    panic::resume_unwind,
    sync::{Mutex, PoisonError},
    thread::{self, ScopedJoinHandle},
};

/// The results of `work` for each item, in the order of the items, which are started in that order too.
///
/// `RAYON_NUM_THREADS` limits the threads, as it does those of the bundler.
pub(crate) fn map<Item: Send, Done: Send>(items: Vec<Item>, work: impl Fn(Item) -> Done + Sync) -> Vec<Done> {
    let workers = threads().min(items.len());
    if workers < 2 {
        return items.into_iter().map(work).collect();
    }
    let queue = Mutex::new(items.into_iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let worker = || {
        let mut done = Vec::new();
        while let Some((position, item)) = next() {
            done.push((position, work(item)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for other in others {
            done.extend(joined(other));
        }
        done
    });
    done.sort_unstable_by_key(|(position, _)| *position);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The result of `thread`. A panic of the thread continues in the caller.
pub(crate) fn joined<Done>(thread: ScopedJoinHandle<'_, Done>) -> Done {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

fn threads() -> usize {
    let configured = env::var("RAYON_NUM_THREADS").ok().and_then(|number| number.parse().ok());
    configured.or(thread::available_parallelism().ok()).map_or(1, NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let slow_at_first =
            |number: u64| (0..(100 - number) * 1000).fold(number, |sum, _| std::hint::black_box(sum));
        assert_eq!(map((0..100).collect(), slow_at_first), (0..100).collect::<Vec<_>>());
    }

    #[test]
    #[should_panic(expected = "on a worker")]
    fn a_panic_of_a_worker_continues_in_the_caller() {
        map(vec![1, 2, 3], |number| assert!(number < 3, "on a worker"));
    }
}
