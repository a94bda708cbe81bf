//! Values that may hold a password, masked.

const MASK: &str = "***";

/// A URL with its password masked, or a mask when it is no URL.
pub(super) fn masked(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else { return MASK.to_owned() };
    let (place, query) = rest.split_once('?').map_or((rest, None), |(place, query)| (place, Some(query)));
    // A password may hold characters that should have been escaped: the last `@` ends it, and one behind a
    // question mark may do so too.
    let place = match place.rsplit_once('@') {
        None if query.is_some_and(|query| query.contains('@')) => return format!("{scheme}://{MASK}"),
        None => place.to_owned(),
        Some((user, host)) => match user.split_once(':') {
            None => format!("{user}@{host}"),
            Some((user, _)) => format!("{user}:{MASK}@{host}"),
        },
    };
    match query {
        None => format!("{scheme}://{place}"),
        Some(query) => format!("{scheme}://{place}?{}", masked_query(query)),
    }
}

fn masked_query(query: &str) -> String {
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((key, _)) if key.to_ascii_lowercase().contains("password") => format!("{key}={MASK}"),
        _ => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_masked_in_any_part_of_a_url() {
        for (value, shown) in [
            ("postgres://ann:secret@h/d", "postgres://ann:***@h/d"),
            ("postgres://ann:se/cr@et@h/d", "postgres://ann:***@h/d"),
            (
                "postgres://ann@h/d?password=secret&sslmode=require",
                "postgres://ann@h/d?password=***&sslmode=require",
            ),
            ("postgres://ann:se?cr@et@h/d", "postgres://***"),
            ("postgres://ann@h/d?password=se@cret", "postgres://ann@h/d?password=***"),
            ("postgres://h/d", "postgres://h/d"),
            ("sqlite://whatsit.db?mode=rwc", "sqlite://whatsit.db?mode=rwc"),
            ("secret", "***"),
        ] {
            assert_eq!(masked(value), shown);
        }
    }
}
