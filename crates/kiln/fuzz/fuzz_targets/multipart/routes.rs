//! The route of an upload, without what follows it.

mod problem {
    use crate::settings::ByteSize;

    /// The problems that an upload may have.
    #[derive(Debug)]
    pub(super) enum Problem {
        Invalid(#[expect(dead_code, reason = "for people")] String),
        TooLarge {
            #[expect(dead_code, reason = "for people")]
            limit: ByteSize,
        },
    }
}

#[path = "../../../../../src/routes/upload.rs"]
mod upload;

use actix_web::{
    FromRequest as _,
    dev::Payload,
    error::PayloadError,
    http::header::{CONTENT_TYPE, HeaderValue},
    test::TestRequest,
    web::{self, Bytes},
};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use tokio::runtime::{Builder, Runtime};

use crate::{
    identify::{Sample, Sampler},
    settings::ByteSize,
};

/// Limit of a file, in bytes, shorter than the longest input.
pub(crate) const LIMIT: u64 = 300;
/// Length of the blocks of a sample.
const BLOCK: usize = 16;

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread().build().expect("a runtime");
}

/// A file that was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) name: Option<String>,
    pub(crate) sample: Sample,
}

impl File {
    pub(crate) fn sampler() -> Sampler {
        Sampler::new(BLOCK)
    }
}

/// The file in a body that comes in these parts; none where that is an error.
pub(crate) fn read(content_type: &[u8], parts: &[&[u8]]) -> Option<File> {
    let content_type = HeaderValue::from_bytes(content_type).ok()?;
    let request = TestRequest::default().insert_header((CONTENT_TYPE, content_type)).to_http_request();
    let parts: Vec<_> =
        parts.iter().map(|part| Ok::<_, PayloadError>(Bytes::copy_from_slice(part))).collect();
    let parts = stream::iter(parts).then(async |part| {
        tokio::task::yield_now().await;
        part
    });
    let mut payload = Payload::Stream { payload: parts.boxed_local() };
    let body = web::Payload::from_request(&request, &mut payload).now_or_never()?.ok()?;
    let read = upload::Upload::read(&request, body, ByteSize(LIMIT), File::sampler);
    let upload = RUNTIME.with(|runtime| runtime.block_on(read)).ok()?;
    Some(File { name: upload.name, sample: upload.sample })
}
