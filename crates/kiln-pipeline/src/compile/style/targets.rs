//! Targets of lightningcss: the browsers for which it prefixes and lowers.

use lightningcss::targets::{Browsers, Features, Targets};

use crate::config::{self, Browser};

/// The configured browsers, or by default the browsers and features of Tailwind's command line (`@tailwindcss/node`
/// 4.3), so that its `--minify` and this build agree to the byte.
pub(super) fn targets(configured: Option<&config::Targets>) -> Targets {
    match configured {
        Some(targets) => Targets::from(browsers(targets)),
        None => Targets {
            browsers: Some(Browsers {
                chrome: Some(version(111, 0)),
                firefox: Some(version(128, 0)),
                ios_saf: Some(version(16, 4)),
                safari: Some(version(16, 4)),
                ..Browsers::default()
            }),
            include: Features::Nesting | Features::MediaQueries,
            exclude: Features::LogicalProperties | Features::DirSelector | Features::LightDark,
        },
    }
}

fn browsers(targets: &config::Targets) -> Browsers {
    let mut browsers = Browsers::default();
    for (browser, oldest) in &targets.0 {
        let place = match browser {
            Browser::Android => &mut browsers.android,
            Browser::Chrome => &mut browsers.chrome,
            Browser::Edge => &mut browsers.edge,
            Browser::Firefox => &mut browsers.firefox,
            Browser::IosSafari => &mut browsers.ios_saf,
            Browser::Opera => &mut browsers.opera,
            Browser::Safari => &mut browsers.safari,
            Browser::Samsung => &mut browsers.samsung,
        };
        let oldest = version(oldest.major.into(), oldest.minor.into());
        *place = Some(place.map_or(oldest, |other| oldest.min(other)));
    }
    browsers
}

fn version(major: u32, minor: u32) -> u32 {
    (major << 16) | (minor << 8)
}
