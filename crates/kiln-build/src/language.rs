//! What the compile stage makes of a source, by its name and by the features of this crate. What no feature
//! can read is embedded as it is written, as long as browsers read it.

use kiln_manifest::LogicalPath;

use crate::Error;

/// What the compile stage does with a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// HTML, rewritten.
    Page,
    /// CSS, compiled when something refers to it.
    Style,
    /// TypeScript or JavaScript, bundled when something refers to it.
    Script,
    /// Anything else: embedded as it is.
    Opaque,
}

/// How far this build can read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// It is compiled, so that every reference in it can be rewritten.
    Compiled(Language),
    /// It refers to nothing.
    Opaque,
    /// Browsers read it as it is. What it refers to has to keep its name.
    Finished,
    /// Nobody reads it without this feature.
    Unread(&'static str),
}

impl Reading {
    pub(crate) fn of(path: &LogicalPath) -> Self {
        match path.extension().unwrap_or_default().to_ascii_lowercase().as_str() {
            "html" | "htm" => Self::compiled_with(cfg!(feature = "pages"), Language::Page),
            "css" => Self::compiled_with(cfg!(feature = "styles"), Language::Style),
            "sass" | "scss" if cfg!(feature = "sass") => Self::Compiled(Language::Style),
            "sass" | "scss" => Self::Unread("sass"),
            "js" | "mjs" => Self::compiled_with(cfg!(feature = "scripts"), Language::Script),
            "cjs" | "cts" | "jsx" | "mts" | "ts" | "tsx" if cfg!(feature = "scripts") => {
                Self::Compiled(Language::Script)
            }
            "cjs" | "cts" | "jsx" | "mts" | "ts" | "tsx" => Self::Unread("scripts"),
            _ => Self::Opaque,
        }
    }

    fn compiled_with(feature: bool, language: Language) -> Self {
        if feature { Self::Compiled(language) } else { Self::Finished }
    }
}

impl Error {
    /// A source that only a feature of this crate can compile.
    pub(crate) fn without_feature(name: impl Into<std::path::PathBuf>, feature: &str) -> Self {
        Self::Tree {
            path: name.into(),
            problem: format!("to compile it takes the feature `{feature}` of kiln-build, which is off"),
            mend: format!(
                "add \"{feature}\" to the features of kiln-build in Cargo.toml, or embed what another tool made of it"
            ),
        }
    }
}
