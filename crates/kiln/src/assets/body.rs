//! Bodies that are never copied as a whole.
//!
//! actix copies each chunk of a body into the write buffer of its connection before it writes. A body in
//! one chunk would therefore cost its full length for every slow reader; slices cost one slice.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpResponse,
    body::{BodySize, MessageBody},
    http::{
        Method,
        header::{CONTENT_LENGTH, HeaderValue},
    },
    web::Bytes,
};

/// The longest slice, in bytes. Two of them and a head fit into the 128 KiB of write buffer that actix keeps: one
/// that grows beyond is given back and taken anew at each write.
const SLICE: usize = 60 * 1024;

/// Attaches the body; in a response to HEAD, only its length (RFC 9110 §9.3.2).
pub(super) fn attach(mut head: HttpResponse<()>, method: &Method, bytes: Bytes) -> HttpResponse {
    if method != Method::HEAD {
        return head.set_body(SlicedBody { rest: bytes }).map_into_boxed_body();
    }
    let length = HeaderValue::from(bytes.len());
    head.headers_mut().insert(CONTENT_LENGTH, length);
    // A body of known length would be sent after all when actix has read a GET behind this request on the same
    // connection meanwhile; this one is empty in any case. actix must then neither replace the length nor announce
    // chunks that do not come.
    head.head_mut().no_chunking(true);
    head.set_body(HeadBody).map_into_boxed_body()
}

/// A body that is sent slice by slice.
struct SlicedBody {
    rest: Bytes,
}

impl MessageBody for SlicedBody {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.rest.len() as u64)
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.rest.len().min(SLICE);
        Poll::Ready(Some(Ok(self.rest.split_to(length))))
    }

    /// A body of one slice needs no box of its own.
    fn try_into_bytes(self) -> Result<Bytes, Self> {
        if self.rest.len() <= SLICE { Ok(self.rest) } else { Err(self) }
    }
}

/// The empty body of a response to HEAD, whose length a header states.
struct HeadBody;

impl MessageBody for HeadBody {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_sent_in_slices_of_the_same_memory() {
        let bytes = Bytes::from(vec![7; SLICE * 2 + 1]);
        let start = bytes.as_ptr();
        let mut body = SlicedBody { rest: bytes };
        let mut context = Context::from_waker(std::task::Waker::noop());
        let mut slices = Vec::new();
        while let Poll::Ready(Some(Ok(slice))) = Pin::new(&mut body).poll_next(&mut context) {
            slices.push((slice.as_ptr() as usize - start as usize, slice.len()));
        }
        assert_eq!(slices, [(0, SLICE), (SLICE, SLICE), (SLICE * 2, 1)]);
    }
}
