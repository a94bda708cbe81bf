//! A response in a few words, as a cell of the table has them, once the rest of the response has been checked.

use std::collections::HashMap;

use crate::client::Reply;

/// The representations of a resource, by the tokens of their codings.
pub(crate) type Files = HashMap<&'static str, Vec<u8>>;

/// `200 gzip, vary`; `206 2-4/10`; `416 */10`; `304, vary`: the status, then the coding where there is one, the
/// range, whether there is `Allow`, and whether there is `Vary`.
///
/// [`fault`] covers the rest: the body is that of the file, or the range of it; `Content-Length` agrees; 200, 206
/// and 304 have a strong `ETag`.
pub(crate) fn outcome(method: &str, reply: &Reply, files: &Files) -> String {
    let coding = reply.header("content-encoding");
    let range = reply.header("content-range").map(|range| range.trim_start_matches("bytes "));
    let parts = reply.header("content-type").filter(|media| media.starts_with("multipart/byteranges"));
    let mut words: Vec<&str> = coding.into_iter().chain(range).collect();
    if parts.is_some() {
        words.push("multipart");
    } else {
        words.extend(fault(method, reply, files));
    }
    if reply.header("allow").is_some() {
        words.push("with Allow");
    }
    let varies = reply.header("vary").is_some_and(|vary| vary.eq_ignore_ascii_case("accept-encoding"));
    let status = reply.status.to_string();
    words.insert(0, &status);
    words.join(" ") + if varies { ", vary" } else { "" }
}

/// Mistake in a response that no cell of the table expresses.
fn fault(method: &str, reply: &Reply, files: &Files) -> Option<&'static str> {
    if matches!(reply.status, 200 | 206 | 304) && !reply.header("etag").is_some_and(is_strong) {
        return Some("WITHOUT A STRONG TAG");
    }
    if !matches!(reply.status, 200 | 206) {
        return (reply.status == 304 && !reply.body.is_empty()).then_some("WITH A BODY");
    }
    let Some(file) = files.get(reply.header("content-encoding").unwrap_or("identity")) else {
        return Some("IN A CODING THAT IS NOT THERE");
    };
    let expected = match reply.header("content-range") {
        Some(range) => part(file, range),
        None => Some(&file[..]),
    };
    let Some(expected) = expected else { return Some("WITH A RANGE OF SOMETHING ELSE") };
    if reply.header("content-length") != Some(&*expected.len().to_string()) {
        return Some("WITH ANOTHER LENGTH");
    }
    let body: &[u8] = if method == "HEAD" { b"" } else { expected };
    (reply.body != body).then_some("WITH OTHER BYTES")
}

/// Slice for a range such as `bytes 2-4/10` of ten bytes (RFC 9110 §14.4).
fn part<'a>(file: &'a [u8], range: &str) -> Option<&'a [u8]> {
    let (positions, length) = range.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = positions.split_once('-')?;
    let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
    (length.parse() == Ok(file.len())).then(|| file.get(first..=last))?
}

fn is_strong(tag: &str) -> bool {
    tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"')
}
