//! The `Link` field of a page (RFC 8288 §3): preloads for the browser, before it has the page.

use kiln_manifest::{CorsSetting, Destination, Preload};

/// The longest field, in bytes. Proxies give a head little room (nginx 4 or 8 KiB), and a browser finds the
/// other files of a page soon enough by itself.
const LONGEST: usize = 2048;

/// The value of the field: the links that come first in load order, as many as fit; none without any.
pub(super) fn link(preloads: &[Preload]) -> Option<String> {
    let mut value = String::new();
    for link in preloads.iter().map(one) {
        let separator = if value.is_empty() { "" } else { ", " };
        if value.len() + separator.len() + link.len() > LONGEST {
            break;
        }
        value.extend([separator, &link]);
    }
    (!value.is_empty()).then_some(value)
}

/// `link-value = "<" URI-Reference ">" *( OWS ";" OWS link-param )`; URLs of assets are escaped by the build.
fn one(Preload { url, destination, cors, integrity }: &Preload) -> String {
    let relation = match destination {
        Destination::Module => "modulepreload",
        Destination::Script => "preload; as=script",
        Destination::Style => "preload; as=style",
    };
    let cors = match cors {
        CorsSetting::NoCors => "",
        CorsSetting::Anonymous => "; crossorigin",
        CorsSetting::UseCredentials => "; crossorigin=use-credentials",
    };
    let integrity = integrity.as_ref().map(|value| format!("; integrity=\"{value}\"")).unwrap_or_default();
    format!("<{url}>; rel={relation}{cors}{integrity}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(url: String) -> Preload {
        Preload { url, destination: Destination::Style, cors: CorsSetting::NoCors, integrity: None }
    }

    /// RFC 8288 §3; the parameters are those of HTML, "process link headers".
    #[test]
    fn a_link_has_the_attributes_of_its_element() {
        let preload = |destination, cors, integrity: Option<&str>| Preload {
            url: "/assets/a-1.x".to_owned(),
            destination,
            cors,
            integrity: integrity.map(str::to_owned),
        };
        for (preload, expected) in [
            (preload(Destination::Module, CorsSetting::NoCors, None), "</assets/a-1.x>; rel=modulepreload"),
            (
                preload(Destination::Script, CorsSetting::UseCredentials, None),
                "</assets/a-1.x>; rel=preload; as=script; crossorigin=use-credentials",
            ),
            (
                preload(Destination::Style, CorsSetting::Anonymous, Some("sha256-+/=")),
                "</assets/a-1.x>; rel=preload; as=style; crossorigin; integrity=\"sha256-+/=\"",
            ),
        ] {
            assert_eq!(link(&[preload]).as_deref(), Some(expected));
        }
        assert_eq!(link(&[]), None);
    }

    #[test]
    fn a_link_that_does_not_fit_is_left_out_whole() {
        let short = style("/a.css".to_owned());
        let long = style(format!("/{}.css", "b".repeat(LONGEST)));
        let expected = "</a.css>; rel=preload; as=style, </a.css>; rel=preload; as=style";
        assert_eq!(link(&[short.clone(), short.clone(), long.clone(), short]).as_deref(), Some(expected));
        assert_eq!(link(&[long]), None);
    }
}
