//! The admission of a connection to a place, which a guest has to wait for with its first request.

use std::{
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use crate::server::places::{NoPlace, Place};

/// State of the admission.
pub(super) enum Admission {
    /// A connection without a place.
    Guest(Rc<Place>),
    /// A guest whose request waits.
    Waiting(Rc<Place>, Pin<Box<dyn Future<Output = Result<(), NoPlace>>>>),
    /// A connection with its place, which it gives up when dropped.
    Admitted { _place: Rc<Place> },
}

impl Admission {
    pub(super) fn new(place: Rc<Place>) -> Self {
        if place.is_held() { Self::Admitted { _place: place } } else { Self::Guest(place) }
    }

    /// The place that is lacking.
    pub(super) fn guest(&self) -> Option<&Rc<Place>> {
        match self {
            Self::Guest(place) => Some(place),
            Self::Waiting(..) | Self::Admitted { .. } => None,
        }
    }

    /// Waits until the connection is admitted.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NoPlace>> {
        if let Self::Guest(place) = self {
            let (place, waiting) = (Rc::clone(place), Rc::clone(place));
            *self = Self::Waiting(place, Box::pin(async move { waiting.wait().await }));
        }
        match self {
            Self::Waiting(place, wait) => {
                let outcome = ready!(wait.as_mut().poll(context));
                *self = Self::Admitted { _place: Rc::clone(place) };
                Poll::Ready(outcome)
            }
            Self::Guest(_) | Self::Admitted { .. } => Poll::Ready(Ok(())),
        }
    }
}
