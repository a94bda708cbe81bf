//! The properties, tested with fields similar to those of clients, and with noise.

use proptest::{array, collection::vec, option, prelude::*};

use super::{OURS, accept_encoding, conditions, path, range};

/// A list of elements, with separators of all kinds.
fn list(element: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<u8>> {
    let separator =
        prop_oneof![4 => Just(", "), 2 => Just(","), 1 => Just(" ,\t"), 1 => Just(";"), 1 => Just(" ")];
    let elements = vec((element, separator), 0..5);
    elements
        .prop_map(|parts| {
            parts.into_iter().map(|(element, separator)| element + separator).collect::<String>()
        })
        .prop_map(String::into_bytes)
}

/// `line` in most cases, noise in the others.
fn noisy(line: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![9 => line, 1 => vec(any::<u8>(), 0..20)]
}

fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z0-9._~é+ -]{0,6}",
        2 => Just(".".to_owned()),
        2 => Just("..".to_owned()),
        3 => "%[0-9a-fA-F]{2}",
        1 => Just("%2e%2E".to_owned()),
        1 => Just("%2F".to_owned()),
        1 => "%C3%[89AB][0-9A-F]",
        1 => any::<String>(),
    ]
}

fn coding() -> impl Strategy<Value = String> {
    let token = prop_oneof!["gzip|x-gzip|GZip|br|zstd|identity|[*]|deflate", "[a-z*-]{0,5}"];
    let weight = prop_oneof![
        3 => Just(String::new()),
        4 => "[ \t]?;[ \t]?[qQ]=(0|1|0[.][0-9]{0,4}|1[.]0{0,4}|[0-9.]{0,4})",
        1 => ";[a-z]{0,2} ?=?[01]?",
    ];
    (token, weight).prop_map(|(token, weight)| token + &weight)
}

fn tag() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(OURS.to_owned()),
        2 => Just(format!("W/{OURS}")),
        1 => Just("*".to_owned()),
        1 => Just(OURS.trim_matches('"').to_owned()),
        2 => "(W/|w/)?\"[!#-~ ,é]{0,5}\"?",
    ]
}

fn positions() -> impl Strategy<Value = String> {
    let number = prop_oneof![5 => "[0-9]{1,3}", 1 => "", 1 => "[0-9]{18,24}", 1 => "[ +a-z-]{1,2}"];
    (number.clone(), prop_oneof![8 => Just("-"), 1 => Just(""), 1 => Just(" - ")], number)
        .prop_map(|(first, dash, last)| first + dash + &last)
}

fn slices(lines: &[Vec<u8>]) -> Vec<&[u8]> {
    lines.iter().map(Vec::as_slice).collect()
}

proptest! {
    /// RFC 3986 §2.1 and §2.4.
    #[test]
    fn paths_are_decoded_once_and_stay_below_the_root(segments in vec(segment(), 0..5), noise in any::<String>()) {
        path(&format!("/{}", segments.join("/")));
        path(&noise);
    }

    /// RFC 9110 §12.5.3 and §5.3.
    #[test]
    fn a_refused_coding_is_never_sent(
        lengths in array::uniform4(option::of(0..9u16)),
        lines in vec(noisy(list(coding())), 0..4),
    ) {
        accept_encoding(lengths, &slices(&lines));
    }

    /// RFC 9110 §14.1.2 and §14.2.
    #[test]
    fn a_range_lies_within_the_body(
        length in prop_oneof![0..300usize, any::<usize>()],
        unit in prop_oneof![6 => Just("bytes="), 1 => Just("BYTES= "), 1 => Just("lines=")],
        set in noisy(list(positions())),
        more in option::weighted(0.1, list(positions())),
    ) {
        let line = [unit.as_bytes(), &set].concat();
        range(length, &slices(&[vec![line], more.into_iter().collect()].concat()));
    }

    /// RFC 9110 §13.2.2.
    #[test]
    fn conditions_are_met_by_our_tag_alone(
        if_match in vec(noisy(list(tag())), 0..2),
        if_none_match in vec(noisy(list(tag())), 0..3),
        if_range in vec(noisy(tag().prop_map(String::into_bytes)), 0..3),
    ) {
        conditions(&slices(&if_match), &slices(&if_none_match), &slices(&if_range));
    }
}
