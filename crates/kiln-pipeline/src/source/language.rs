//! Languages, by the extensions of their files. A file in no language is embedded as it is.

use kiln_manifest::LogicalPath;

/// A kind of source, by what the compile stage makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// HTML, rewritten.
    Page,
    /// CSS and Sass, compiled when something refers to it.
    Style,
    /// TypeScript or JavaScript, bundled when something refers to it.
    Script,
    /// Anything else: embedded as it is.
    StaticFile,
}

/// A file as this build can read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Compiled, so that every reference in it can be rewritten.
    Compiled(Language),
    /// Without references.
    StaticFile,
    /// Read by browsers as it is. Files to which it refers have to keep their names.
    Finished,
    /// Read by nothing without the toolchain.
    Refused,
}

/// Every language, and its files in a build without the toolchain.
const LANGUAGES: [(&[&str], Language, Reading); 5] = [
    (&["htm", "html"], Language::Page, Reading::Compiled(Language::Page)),
    (&["css"], Language::Style, Reading::Finished),
    (&["sass", "scss"], Language::Style, Reading::Refused),
    (&["js", "mjs"], Language::Script, Reading::Finished),
    (&["cjs", "cts", "jsx", "mts", "ts", "tsx"], Language::Script, Reading::Refused),
];

impl Language {
    /// The language of files with this extension.
    #[cfg(feature = "toolchain")]
    pub(crate) fn of_extension(extension: &str) -> Self {
        find(extension).map_or(Self::StaticFile, |(_, language, _)| language)
    }
}

impl Reading {
    pub(crate) fn of(path: &LogicalPath) -> Self {
        match find(path.extension().unwrap_or_default()) {
            Some((_, language, _)) if cfg!(feature = "toolchain") => Self::Compiled(language),
            Some((.., without_toolchain)) => without_toolchain,
            None => Self::StaticFile,
        }
    }
}

fn find(extension: &str) -> Option<(&'static [&'static str], Language, Reading)> {
    let extension = extension.to_ascii_lowercase();
    LANGUAGES.into_iter().find(|(extensions, ..)| extensions.contains(&extension.as_str()))
}
