//! Errors at a place of a script, found while its syntax tree is read.

use std::{borrow::Cow, ops::Range};

/// An error at `place`: the message, the label of the place, and the way to fix it.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) place: Range<usize>,
    pub(super) message: Cow<'static, str>,
    pub(super) label: &'static str,
    pub(super) help: &'static str,
}

impl Mistake {
    pub(super) fn new(
        place: Range<usize>,
        message: impl Into<Cow<'static, str>>,
        label: &'static str,
        help: &'static str,
    ) -> Self {
        Self { place, message: message.into(), label, help }
    }
}
