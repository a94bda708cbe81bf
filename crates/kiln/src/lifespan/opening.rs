//! A resource on its way onto the stack: its name, its deadlines, and its close.

use std::{
    future::{Future, IntoFuture, ready},
    pin::Pin,
    time::Duration,
};

use tokio::time::Instant;

use super::{
    error::{BoxError, CloseOutcome, StartUpError},
    guard,
    stack::{Close, Closing, Lifespan, StackEntry},
};

/// A resource that opens when it is awaited.
#[must_use = "a resource opens only when it is awaited"]
pub struct Opening<'a, T, F> {
    lifespan: &'a mut Lifespan,
    name: String,
    future: F,
    open_deadline: Duration,
    close_deadline: Duration,
    on_close: Option<OnClose<T>>,
}

/// Keeps a clone of the open resource for its close.
type OnClose<T> = Box<dyn FnOnce(&T) -> Close + Send>;

impl Lifespan {
    /// Opens a resource and puts it on the stack: awaited, `future` runs within [`DEADLINE`](Self::DEADLINE).
    ///
    /// The future is dropped when its deadline passes or a stop is asked for, so anything half open in it has to clean
    /// up in `Drop`. It runs in the caller's task: blocking work belongs into `spawn_blocking`.
    ///
    /// # Errors
    /// When `future` fails, panics, outruns its deadline, or is cancelled by a stop.
    pub fn open<T, E, F>(&mut self, name: impl Into<String>, future: F) -> Opening<'_, T, F>
    where
        F: Future<Output = Result<T, E>>,
        E: Into<BoxError>,
    {
        Opening {
            lifespan: self,
            name: name.into(),
            future,
            open_deadline: Self::DEADLINE,
            close_deadline: Self::DEADLINE,
            on_close: None,
        }
    }
}

impl<T, F> Opening<'_, T, F> {
    /// Sets the deadline for opening, and the one for closing.
    pub fn deadline(self, deadline: Duration) -> Self {
        Self { open_deadline: deadline, close_deadline: deadline, ..self }
    }

    /// Sets another deadline for closing: after [`deadline`](Self::deadline), which sets both.
    pub fn close_deadline(self, deadline: Duration) -> Self {
        Self { close_deadline: deadline, ..self }
    }

    /// Closes the resource by `close`, which receives a clone of it. Without one, the resource is dropped with the
    /// state of the application.
    pub fn on_close<OnClosing, Done>(self, close: OnClosing) -> Self
    where
        T: Clone + Send + 'static,
        OnClosing: FnOnce(T) -> Done + Send + 'static,
        Done: Future + Send + 'static,
        Done::Output: CloseOutcome,
    {
        let on_close = |resource: &T| -> Close {
            let resource = resource.clone();
            Box::new(|| -> Closing { Box::pin(async { close(resource).await.into_result() }) })
        };
        Self { on_close: Some(Box::new(on_close)), ..self }
    }
}

/// Boxed: unboxed, the futures of all openings would add up in that of the start function.
impl<'a, T, E, F> IntoFuture for Opening<'a, T, F>
where
    T: 'a,
    E: Into<BoxError> + 'a,
    F: Future<Output = Result<T, E>> + 'a,
{
    type Output = Result<T, StartUpError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<T, F> Opening<'_, T, F> {
    async fn run<E>(self) -> Result<T, StartUpError>
    where
        E: Into<BoxError>,
        F: Future<Output = Result<T, E>>,
    {
        let Self { lifespan, name, future, open_deadline, close_deadline, on_close } = self;
        let index = lifespan.resources.opening(&name);
        let started = Instant::now();
        match guard::open(future, open_deadline, &lifespan.shutdown).await {
            Ok(resource) => {
                lifespan.resources.opened(index, started.elapsed());
                let close = on_close.map_or_else(no_close, |on_close| on_close(&resource));
                lifespan.push(StackEntry { index, name, deadline: close_deadline, close });
                Ok(resource)
            }
            Err(failure) => {
                lifespan.resources.failed(index);
                Err(StartUpError::Resource { resource: name, failure })
            }
        }
    }
}

fn no_close() -> Close {
    Box::new(|| Box::pin(ready(Ok(()))))
}
