//! Comma-separated fields (RFC 9110 §5.6.1) and their weights (RFC 9110 §12.4.2).

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

/// The lines of a field.
pub(super) fn lines<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    headers.get_all(name).map(HeaderValue::as_bytes)
}

/// The elements of a list field with their weights in thousandths; empty ones are skipped, as are those whose weight
/// breaks the grammar.
pub(super) fn weighted<'a>(lines: impl Iterator<Item = &'a [u8]>) -> impl Iterator<Item = (&'a [u8], u16)> {
    lines
        .flat_map(|line| line.split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
        .filter(|element| !element.is_empty())
        .filter_map(split_weight)
}

/// `text/html;level=1;q=0.5` → `text/html`, 500. Without a weight it is 1000.
fn split_weight(element: &[u8]) -> Option<(&[u8], u16)> {
    let mut parts = element.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let name = parts.next()?;
    let weight = parts.find_map(qvalue);
    Some((name, weight.map_or(Some(1000), thousandths)?))
}

/// The value of the parameter `q`. Without `=`, or with white space before it, it is empty, which is no weight: `;q =0`
/// does not mean 1.
fn qvalue(parameter: &[u8]) -> Option<&[u8]> {
    let (key, value) = split_once(parameter, b'=');
    let name = key.trim_ascii_end();
    name.eq_ignore_ascii_case(b"q").then_some(if name == key { value } else { b"" })
}

/// `qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )`
fn thousandths(qvalue: &[u8]) -> Option<u16> {
    let (whole, decimals) = split_once(qvalue, b'.');
    if decimals.len() > 3 || !decimals.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |position| decimals.get(position).map_or(0, |digit| u16::from(digit - b'0'));
    let decimals = digit(0) * 100 + digit(1) * 10 + digit(2);
    match whole {
        b"0" => Some(decimals),
        b"1" if decimals == 0 => Some(1000),
        _ => None,
    }
}

/// The parts before and behind the first `separator`.
fn split_once(text: &[u8], separator: u8) -> (&[u8], &[u8]) {
    let mut parts = text.splitn(2, |byte| *byte == separator);
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9110 §12.4.2.
    #[test]
    fn weights_follow_the_grammar() {
        for (qvalue, expected) in [
            ("0", Some(0)),
            ("0.", Some(0)),
            ("0.5", Some(500)),
            ("0.05", Some(50)),
            ("0.001", Some(1)),
            ("0.999", Some(999)),
            ("1", Some(1000)),
            ("1.000", Some(1000)),
            ("1.001", None),
            ("0.0001", None),
            ("2", None),
            ("", None),
            (".5", None),
            ("-1", None),
            ("+0", None),
            ("0.+1", None),
            ("0,5", None),
            ("1e0", None),
        ] {
            assert_eq!(thousandths(qvalue.as_bytes()), expected, "{qvalue}");
        }
    }

    /// RFC 9110 §12.4.2: the weight is the parameter named q, in either case.
    #[test]
    fn the_weight_may_follow_other_parameters() {
        assert_eq!(split_weight(b"text/html;level=1 ;\tQ=0.5"), Some((&b"text/html"[..], 500)));
        assert_eq!(split_weight(b"br"), Some((&b"br"[..], 1000)));
        for broken in ["br;q=x", "br;q=", "br;q", "br;q =0", "br;q\t=1", "br;q= 0"] {
            assert_eq!(split_weight(broken.as_bytes()), None, "{broken}");
        }
    }
}
