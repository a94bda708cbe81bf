//! Languages, by the extensions of their files. A file in no language is a static file.

use kiln_manifest::LogicalPath;

/// The language of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// HTML, rewritten.
    Page,
    /// HTML whose name begins with `_`: a part of the pages that include it.
    Partial,
    /// CSS and Sass, compiled when something refers to it.
    Style,
    /// TypeScript or JavaScript, bundled when something refers to it.
    Script,
    /// Any other file, embedded unchanged.
    StaticFile,
}

/// The treatment of a file by the compilers of this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Compiled, with every reference rewritten.
    Compiled(Language),
    /// Embedded unchanged, without references.
    StaticFile,
    /// Embedded unchanged, with references. Files to which it refers have to keep their names.
    Finished,
    /// An error: browsers cannot read the language, and the compiler is not in this build.
    Unsupported,
}

/// Extensions, their language, and their treatment in a build without the toolchain.
const LANGUAGES: [(&[&str], Language, Reading); 5] = [
    (&["htm", "html"], Language::Page, Reading::Compiled(Language::Page)),
    (&["css"], Language::Style, Reading::Finished),
    (&["sass", "scss"], Language::Style, Reading::Unsupported),
    (&["js", "mjs"], Language::Script, Reading::Finished),
    (&["cjs", "cts", "jsx", "mts", "ts", "tsx"], Language::Script, Reading::Unsupported),
];

/// Extensions of languages that no build compiles, with the names of the languages.
const UNCOMPILED: [(&[&str], &str); 25] = [
    (&["astro"], "Astro"),
    (&["coffee", "litcoffee"], "CoffeeScript"),
    (&["ejs"], "EJS"),
    (&["elm"], "Elm"),
    (&["gql", "graphql"], "GraphQL"),
    (&["haml"], "Haml"),
    (&["handlebars", "hbs"], "Handlebars"),
    (&["imba"], "Imba"),
    (&["json5"], "JSON5"),
    (&["jsonc"], "JSON with comments"),
    (&["less"], "Less"),
    (&["liquid"], "Liquid"),
    (&["marko"], "Marko"),
    (&["markdown", "md"], "Markdown"),
    (&["mdx"], "MDX"),
    (&["mustache"], "Mustache"),
    (&["njk"], "Nunjucks"),
    (&["pcss", "postcss", "sss"], "PostCSS"),
    (&["jade", "pug"], "Pug"),
    (&["riot"], "Riot"),
    (&["styl", "stylus"], "Stylus"),
    (&["svelte"], "Svelte"),
    (&["toml"], "TOML"),
    (&["vue"], "Vue"),
    (&["yaml", "yml"], "YAML"),
];

impl Language {
    /// The language of files with this extension.
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

/// The name of the language of files with this extension, which browsers cannot read and this build does not compile.
pub(crate) fn uncompiled(extension: &str) -> Option<&'static str> {
    let extension = extension.to_ascii_lowercase();
    let found = UNCOMPILED.into_iter().find(|(extensions, _)| extensions.contains(&extension.as_str()));
    found.map(|(_, name)| name)
}

fn find(extension: &str) -> Option<(&'static [&'static str], Language, Reading)> {
    let extension = extension.to_ascii_lowercase();
    LANGUAGES.into_iter().find(|(extensions, ..)| extensions.contains(&extension.as_str()))
}
