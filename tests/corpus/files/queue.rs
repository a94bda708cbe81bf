use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};

/// A queue that makes its producers wait when it is full.
pub struct Bounded<T> {
    state: Arc<(Mutex<VecDeque<T>>, Condvar)>,
    capacity: usize,
}

impl<T: Send> Bounded<T> {
    pub fn new(capacity: usize) -> Self {
        Self { state: Arc::new((Mutex::new(VecDeque::new()), Condvar::new())), capacity }
    }

    pub fn push(&self, item: T) -> Result<(), &'static str> {
        let (lock, space) = &*self.state;
        let mut items = lock.lock().map_err(|_| "poisoned")?;
        while items.len() >= self.capacity {
            items = space.wait(items).map_err(|_| "poisoned")?;
        }
        items.push_back(item);
        Ok(())
    }
}
