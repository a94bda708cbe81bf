//! One file out of the body of a request, raw or `multipart/form-data`, sampled as it streams past.
//!
//! A body whose `Content-Length` is beyond the limit is refused before it is read, any other as soon as it is beyond it.
//! The server discards the rest of a refused body for a moment, so that a client that is still sending receives the
//! response.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{
    HttpMessage, HttpRequest,
    error::PayloadError,
    http::header::{self, HeaderMap},
    web::{Bytes, Payload},
};
use futures_util::{Stream, StreamExt, TryStreamExt};

use super::problem::Problem;
use crate::{
    identify::{Sample, Sampler},
    settings::ByteSize,
};

/// A file of a request.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) name: Option<String>,
    pub(super) sample: Sample,
}

/// Bytes of a multipart body around its file: boundaries, headers of parts, small fields.
const MULTIPART_OVERHEAD: u64 = 64 * 1024;

/// The longest stored name, in characters; file systems allow 255 bytes.
const NAME_LENGTH: usize = 255;

impl Upload {
    /// Reads the body of `request`, whose file has at most `limit` bytes.
    pub(super) async fn read(
        request: &HttpRequest,
        body: Payload,
        limit: ByteSize,
        sampler: impl Fn() -> Sampler,
    ) -> Result<Self, Problem> {
        // Names of media types have no case (RFC 9110 §8.3.1).
        if request.content_type().eq_ignore_ascii_case("multipart/form-data") {
            let body = bounded(request.headers(), body, ByteSize(limit.0.saturating_add(MULTIPART_OVERHEAD)));
            let body = body.map_err(|_| Problem::TooLarge { limit })?;
            from_parts(Multipart::new(request.headers(), body), limit, sampler).await
        } else {
            let body = bounded(request.headers(), body, limit).map_err(|_| Problem::TooLarge { limit })?;
            let sample = sampled(body, sampler(), limit).await?;
            Ok(Self { name: None, sample })
        }
    }
}

/// A body that is longer than its limit by its own `Content-Length`.
struct TooLong;

/// A body that fails after more than `limit` bytes.
fn bounded(
    headers: &HeaderMap,
    body: Payload,
    limit: ByteSize,
) -> Result<impl Stream<Item = Result<Bytes, PayloadError>> + use<>, TooLong> {
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limit.0) {
        return Err(TooLong);
    }
    let mut room = limit.0;
    Ok(body.map(move |chunk| {
        let chunk = chunk?;
        room = room.checked_sub(chunk.len() as u64).ok_or(PayloadError::Overflow)?;
        Ok(chunk)
    }))
}

/// The first part that has a file name, or else the first.
async fn from_parts(
    mut parts: Multipart,
    limit: ByteSize,
    sampler: impl Fn() -> Sampler,
) -> Result<Upload, Problem> {
    let mut found: Option<Upload> = None;
    while let Some(part) = parts.try_next().await.map_err(|error| multipart_problem(&error, limit))? {
        let name = name_of(&part);
        let wanted = match &found {
            None => true,
            Some(found) => found.name.is_none() && name.is_some(),
        };
        // The other parts are read too: the connection can be used again only after them.
        let sample = sampled(part, sampler(), limit).await?;
        if wanted {
            found = Some(Upload { name, sample });
        }
    }
    found.ok_or_else(|| Problem::Invalid("the form has no parts; send the file as a part".to_owned()))
}

async fn sampled<E: Into<MultipartError>>(
    mut chunks: impl Stream<Item = Result<Bytes, E>> + Unpin,
    mut sampler: Sampler,
    limit: ByteSize,
) -> Result<Sample, Problem> {
    while let Some(chunk) =
        chunks.try_next().await.map_err(|error| multipart_problem(&error.into(), limit))?
    {
        sampler.feed(&chunk);
        if sampler.size() > limit.0 {
            return Err(Problem::TooLarge { limit });
        }
    }
    Ok(sampler.finish())
}

fn multipart_problem(error: &MultipartError, limit: ByteSize) -> Problem {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => Problem::TooLarge { limit },
        error => Problem::Invalid(format!("cannot read the body: {error}")),
    }
}

fn name_of(part: &Field) -> Option<String> {
    let disposition = part.content_disposition()?;
    file_name(
        disposition.get_filename_ext().map_or_else(
            || disposition.get_filename(),
            |extended| std::str::from_utf8(&extended.value).ok(),
        )?,
    )
}

/// The last segment of a path of any system, without characters that deceive, cut to a length; none when nothing is left.
pub(super) fn file_name(given: &str) -> Option<String> {
    let segment = given.rsplit(['/', '\\']).next().unwrap_or(given);
    let shown: String = segment.chars().filter(|character| !is_deceptive(*character)).collect();
    let name: String = shown.trim().chars().take(NAME_LENGTH).collect();
    (!name.is_empty()).then_some(name)
}

/// Whether a character is not seen, or changes the order in which others are: `gpj.exe` after U+202E reads `exe.jpg`.
fn is_deceptive(character: char) -> bool {
    let is_bidi = matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    // Without a width: soft hyphen, joiners, spaces and operators, separators of lines, tags.
    let is_invisible = matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{2060}'..='\u{2065}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    );
    character.is_control() || is_bidi || is_invisible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_shows_every_character_in_the_order_that_it_has() {
        let bidi =
            "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
        let invisible = "\u{ad}\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{2028}\u{2029}\u{e0041}\u{7f}\u{85}";
        for character in bidi.chars().chain(invisible.chars()) {
            let given = format!("{character} photo{character}gpj.exe {character}");
            assert_eq!(file_name(&given).as_deref(), Some("photogpj.exe"), "{}", character.escape_unicode());
            assert_eq!(file_name(&character.to_string()), None, "{}", character.escape_unicode());
        }
        let shown = "שלום 写真 Größe é e\u{301}.txt";
        assert_eq!(file_name(shown).as_deref(), Some(shown));
    }

    #[test]
    fn a_name_is_one_segment_without_control_characters() {
        for (given, expected) in [
            ("a.txt", Some("a.txt")),
            ("/etc/passwd", Some("passwd")),
            ("C:\\fakepath\\b.gif", Some("b.gif")),
            (" c\0d\n.rs ", Some("cd.rs")),
            ("Größe.csv", Some("Größe.csv")),
            ("folder/", None),
            ("", None),
        ] {
            assert_eq!(file_name(given).as_deref(), expected, "{given:?}");
        }
        assert_eq!(file_name(&"ä".repeat(300)).map(|name| name.chars().count()), Some(NAME_LENGTH));
    }
}
