//! SHA-256 of content, the only source of names, validators and integrity metadata.

use std::{
    fmt,
    io::{self, Read},
    str::FromStr,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest (FIPS 180-4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// A digest in the making, of bytes that come in pieces.
#[derive(Clone, Debug, Default)]
pub struct Digesting(Sha256);

/// Text that is not 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid SHA-256 digest `{0}`: not 64 hexadecimal digits")]
pub struct InvalidDigest(String);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of all bytes of `content`, which is never held as a whole.
    ///
    /// # Errors
    /// When `content` cannot be read.
    pub fn of_reader(mut content: impl Read) -> io::Result<Self> {
        let mut digesting = Digesting::default();
        let mut piece = vec![0; 64 << 10];
        loop {
            match content.read(&mut piece) {
                Ok(0) => return Ok(digesting.finish()),
                Ok(length) => digesting.update(&piece[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The digest of several parts, each preceded by its length, so that no two lists of parts share one.
    #[must_use]
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// The 16 hexadecimal digits (64 bits) that stand in a hashed file name.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hexadecimal("", &self.0[..8], "")
    }

    /// A strong entity tag, quoted (RFC 9110 §8.8.3), of the first 128 bits.
    #[must_use]
    pub fn etag(&self) -> String {
        hexadecimal("\"", &self.0[..16], "\"")
    }

    /// Integrity metadata, `sha256-…` in base64 (W3C Subresource Integrity §3.1); also a CSP hash source
    /// when put in single quotes.
    #[must_use]
    pub fn integrity(&self) -> String {
        format!("sha256-{}", STANDARD.encode(self.0))
    }
}

impl Digesting {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest of all pieces.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal("", &self.0, ""))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: Option<&[u8; 64]> = text.as_bytes().try_into().ok();
        digits.and_then(bytes).map(Self).ok_or_else(|| InvalidDigest(text.to_owned()))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DigestVisitor)
    }
}

/// Visitor that parses a digest without a copy of its text: a manifest has one for each variant, and start-up waits
/// for them.
struct DigestVisitor;

impl de::Visitor<'_> for DigestVisitor {
    type Value = Digest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("64 hexadecimal digits")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Digest, E> {
        text.parse().map_err(E::custom)
    }
}

/// Hexadecimal digits, several times faster than by a formatter: start-up writes a digest for each variant.
fn hexadecimal(before: &str, bytes: &[u8], after: &str) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut text = String::with_capacity(before.len() + 2 * bytes.len() + after.len());
    text.push_str(before);
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 15)]);
    }
    text.push_str(after);
    text
}

fn bytes(digits: &[u8; 64]) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    // Validity is checked once, at the end.
    let mut invalid = 0;
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
        invalid |= high | low;
        *byte = high << 4 | low;
    }
    (invalid & INVALID == 0).then_some(bytes)
}

const INVALID: u8 = 0x80;

/// Value of each byte of text as a digit.
const VALUES: [u8; 256] = {
    let mut values = [INVALID; 256];
    let mut value: u8 = 0;
    while value < 16 {
        let digit = b"0123456789abcdef"[value as usize];
        values[digit as usize] = value;
        values[digit.to_ascii_uppercase() as usize] = value;
        value += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_a_digest_agree_with_known_answers() {
        let digest = Digest::of(b"abc"); // FIPS 180-4, the first example of its test vectors
        assert_eq!(digest.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(digest.fingerprint(), "ba7816bf8f01cfea");
        assert_eq!(digest.etag(), "\"ba7816bf8f01cfea414140de5dae2223\"");
        assert_eq!(digest.integrity(), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
        assert_eq!(digest.to_string().parse(), Ok(digest));
    }

    #[test]
    fn pieces_have_the_digest_of_the_whole() {
        let mut digesting = Digesting::default();
        for piece in ["a", "", "bc"] {
            digesting.update(piece.as_bytes());
        }
        assert_eq!(digesting.finish(), Digest::of(b"abc"));
    }

    #[test]
    fn a_reader_gives_the_digest_of_its_bytes() {
        let bytes = b"kiln".repeat(50_000);
        assert_eq!(Digest::of_reader(&*bytes).expect("in memory"), Digest::of(&bytes));
    }

    #[test]
    fn parts_cannot_flow_into_each_other() {
        let digest = |parts: [&str; 2]| Digest::of_parts(parts.map(str::as_bytes));
        assert_ne!(digest(["ab", "c"]), digest(["a", "bc"]));
    }

    #[test]
    fn digits_may_be_of_either_case() {
        let digest = Digest::of(b"abc");
        assert_eq!(digest.to_string().to_uppercase().parse(), Ok(digest));
    }

    #[test]
    fn a_digest_survives_json() {
        let digest = Digest::of(b"abc");
        let json = serde_json::to_string(&digest).expect("serialise");
        assert_eq!(json, format!("\"{digest}\""));
        assert_eq!(serde_json::from_str::<Digest>(&json).expect("parse"), digest);
        let wrong = serde_json::from_str::<Digest>("\"ba78\"").expect_err("too short").to_string();
        assert!(wrong.starts_with("invalid SHA-256 digest `ba78`: not 64 hexadecimal digits"), "{wrong}");
    }

    #[test]
    fn text_that_is_no_digest_is_refused() {
        let digest = Digest::of(b"abc").to_string();
        for position in 0..digest.len() {
            for wrong in ["g", " ", "/", ":", "@"] {
                let mut text = digest.clone();
                text.replace_range(position..=position, wrong);
                assert!(text.parse::<Digest>().is_err(), "{text:?} was accepted");
            }
        }
        for text in ["", "ba78", "zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"] {
            assert!(text.parse::<Digest>().is_err(), "{text:?} was accepted");
        }
    }
}
