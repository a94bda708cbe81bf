//! The `Accept-Encoding` field (RFC 9110 §12.5.3).

use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap};
use kiln_manifest::Coding;

use super::list_field;

/// Content codings that a client accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AcceptEncoding {
    /// The weights of the codings, in the order of [`Coding::ALL`], where named.
    named: [Option<u16>; Coding::ALL.len()],
    /// The weight of all that is not named.
    any: Option<u16>,
}

impl AcceptEncoding {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self::read(list_field::lines(headers, &ACCEPT_ENCODING))
    }

    /// Reads the lines of the field.
    pub(super) fn read<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut accepted = Self::default();
        list_field::weighted(lines).for_each(|(token, weight)| accepted.note(token, weight));
        accepted
    }

    /// The weight of `coding`, in thousandths; none when the client refuses it. Identity is acceptable
    /// unless excluded, but less welcome than anything that the client names.
    pub(super) fn weight(&self, coding: Coding) -> Option<u16> {
        match (self.named[coding as usize].or(self.any), coding) {
            (Some(0), _) => None,
            (None, Coding::Identity) => Some(0),
            (weight, _) => weight,
        }
    }

    /// Notes a weight. The lesser one of a coding that is named twice counts, so that a refusal is kept.
    fn note(&mut self, token: &[u8], weight: u16) {
        let slot = match coding(token) {
            Some(coding) => &mut self.named[coding as usize],
            None if token == b"*" => &mut self.any,
            None => return,
        };
        *slot = Some(slot.map_or(weight, |noted| noted.min(weight)));
    }
}

/// The coding with this name, in either case; gzip also by its old name (RFC 9110 §8.4.1.3).
fn coding(token: &[u8]) -> Option<Coding> {
    let is = |name: &str| token.eq_ignore_ascii_case(name.as_bytes());
    Coding::ALL.into_iter().find(|coding| is(coding.token())).or_else(|| is("x-gzip").then_some(Coding::Gzip))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    /// The weights of identity, gzip, zstd and br.
    fn weights(lines: &[&'static str]) -> [Option<u16>; 4] {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_static(line));
        }
        let accepted = AcceptEncoding::of(&headers);
        Coding::ALL.map(|coding| accepted.weight(coding))
    }

    /// RFC 9110 §12.5.3.
    #[test]
    fn fields_are_read_by_the_full_grammar() {
        const FULL: Option<u16> = Some(1000);
        for (lines, expected) in [
            (vec![], [Some(0), None, None, None]),
            (vec![""], [Some(0), None, None, None]),
            (vec!["gzip, deflate, br, zstd"], [Some(0), FULL, FULL, FULL]),
            (vec!["gzip", "br;q=0.5"], [Some(0), FULL, None, Some(500)]),
            (vec!["*"], [FULL, FULL, FULL, FULL]),
            (vec!["*;q=0"], [None, None, None, None]),
            (vec!["*;q=0.2, gzip"], [Some(200), FULL, Some(200), Some(200)]),
            (vec!["identity;q=0"], [None, None, None, None]),
            (vec!["identity;q=0, *"], [None, FULL, FULL, FULL]),
            (vec!["identity;q=0.5, *;q=0"], [Some(500), None, None, None]),
            (vec!["gzip;q=0"], [Some(0), None, None, None]),
            (vec!["gzip;q=0, *"], [FULL, None, FULL, FULL]),
            (vec!["GZIP ;\tQ=0.3 ,, BR"], [Some(0), Some(300), None, FULL]),
            (vec!["x-gzip"], [Some(0), FULL, None, None]),
            (vec!["gzip;q=0, gzip;q=1"], [Some(0), None, None, None]),
            (vec!["gzip;q=1.5, br;q=abc"], [Some(0), None, None, None]),
            (vec!["gzip;q=0.0001"], [Some(0), None, None, None]),
            (vec!["gzipped, brr, deflate"], [Some(0), None, None, None]),
        ] {
            assert_eq!(weights(&lines), expected, "{lines:?}");
        }
    }
}
