//! Prepared responses, for the fast path. Most requests ask for no more than a file that a client may have already; for
//! those neither the request nor the response needs a map of fields.

use std::io::Write as _;

use actix_web::web::Bytes;
use kiln_manifest::Mode;

use super::{
    Assets, accept_encoding::AcceptEncoding, precondition::is_held, representation::Representation,
    resolver::Resolver, table::Route,
};

/// A GET request of HTTP/1.1 with no other condition than `If-None-Match`, and for no range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlainGet<'a> {
    /// Path without a query and without escapes.
    pub(crate) path: &'a str,
    pub(crate) accept_encoding: Option<&'a [u8]>,
    pub(crate) if_none_match: Option<&'a [u8]>,
}

/// The response to a [`PlainGet`].
pub(crate) struct Prepared<'a> {
    representation: &'a Representation,
    is_held: bool,
}

impl Assets {
    /// Whether responses can be prepared: not in development, where a watcher may replace the assets.
    pub(crate) fn are_fixed(&self) -> bool {
        self.mode() == Mode::Release
    }

    /// The response, where the path names an asset with a representation that the client accepts.
    pub(crate) fn prepared(&self, request: &PlainGet<'_>) -> Option<Prepared<'_>> {
        let Resolver::Fixed(table) = &*self.resolver else { return None };
        let Route::Asset(representations) = table.at(request.path)? else { return None };
        let accepted = AcceptEncoding::read(request.accept_encoding.into_iter());
        let representation = representations.negotiate(&accepted)?;
        let is_held = is_held(request.if_none_match.into_iter(), &representation.etag);
        Some(Prepared { representation, is_held })
    }
}

impl Prepared<'_> {
    pub(crate) fn status(&self) -> u16 {
        if self.is_held { 304 } else { 200 }
    }

    /// Content coding of the body.
    pub(crate) fn coding(&self) -> &'static str {
        if self.is_held { "identity" } else { self.representation.coding().token() }
    }

    pub(crate) fn body(&self) -> Bytes {
        if self.is_held { Bytes::new() } else { self.representation.body.clone() }
    }

    /// Writes the status line and the fields, without those that depend on the connection and on the time.
    pub(crate) fn write_head(&self, head: &mut Vec<u8>) {
        let representation = self.representation;
        if self.is_held {
            head.extend_from_slice(b"HTTP/1.1 304 Not Modified\r\n");
            representation.write_unchanged(head);
        } else {
            head.extend_from_slice(b"HTTP/1.1 200 OK\r\n");
            representation.write_head(head);
            // Writing into a `Vec` cannot fail.
            let _ = write!(head, "content-length: {}\r\n", representation.body.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use allocation_counter::measure;

    use super::{super::properties::sized, *};

    #[test]
    fn a_prepared_response_allocates_nothing() {
        let representations = sized::representations([Some(u16::MAX), None, None, None]);
        let (representation, mut head) = (representations.identity(), Vec::with_capacity(1024));
        let mut answer = |is_held| {
            let answer = Prepared { representation, is_held };
            head.clear();
            answer.write_head(&mut head);
            answer.body()
        };
        // Bytes that are not in the executable are shared from their second use on.
        answer(false);
        for (is_held, length) in [(false, usize::from(u16::MAX)), (true, 0)] {
            let mut body = Bytes::new();
            let counted = measure(|| body = answer(is_held));
            assert_eq!((body.len(), counted.count_total), (length, 0), "{counted:?}");
        }
    }
}
