//! Comma-separated fields (RFC 9110 §5.6.1) and their weights (RFC 9110 §12.4.2).

use actix_web::http::header::{HeaderMap, HeaderName};

/// The elements of a list field, of all its lines; empty ones are skipped, as are lines that are not
/// ASCII.
pub(super) fn elements<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(trim)
        .filter(|element| !element.is_empty())
}

/// The elements with their weights in thousandths; those whose weight breaks the grammar are skipped.
pub(super) fn weighted<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> impl Iterator<Item = (&'a str, u16)> {
    elements(headers, name).filter_map(split_weight)
}

/// `text/html;level=1;q=0.5` → `text/html`, 500. Without a weight it is 1000.
fn split_weight(element: &str) -> Option<(&str, u16)> {
    let mut parts = element.split(';').map(trim);
    let name = parts.next()?;
    let weight = parts.find_map(qvalue);
    Some((name, weight.map_or(Some(1000), thousandths)?))
}

/// The value of the parameter q. Without `=`, or with white space before it, it is empty, which is no weight:
/// whoever wrote `;q =0` did not mean 1.
fn qvalue(parameter: &str) -> Option<&str> {
    let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let name = trim(key);
    name.eq_ignore_ascii_case("q").then_some(if name == key { value } else { "" })
}

/// `qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )`
fn thousandths(qvalue: &str) -> Option<u16> {
    let (whole, decimals) = qvalue.split_once('.').unwrap_or((qvalue, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digit = |position| decimals.as_bytes().get(position).map_or(0, |digit| u16::from(digit - b'0'));
    let decimals = digit(0) * 100 + digit(1) * 10 + digit(2);
    match whole {
        "0" => Some(decimals),
        "1" if decimals == 0 => Some(1000),
        _ => None,
    }
}

/// Optional white space is spaces and tabs (RFC 9110 §5.6.3); no other gets through `to_str`.
fn trim(text: &str) -> &str {
    text.trim_ascii()
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
            assert_eq!(thousandths(qvalue), expected, "{qvalue}");
        }
    }

    /// RFC 9110 §12.4.2: the weight is the parameter named q, in either case.
    #[test]
    fn the_weight_may_follow_other_parameters() {
        assert_eq!(split_weight("text/html;level=1 ;\tQ=0.5"), Some(("text/html", 500)));
        assert_eq!(split_weight("br"), Some(("br", 1000)));
        for broken in ["br;q=x", "br;q=", "br;q", "br;q =0", "br;q\t=1", "br;q= 0"] {
            assert_eq!(split_weight(broken), None, "{broken}");
        }
    }
}
