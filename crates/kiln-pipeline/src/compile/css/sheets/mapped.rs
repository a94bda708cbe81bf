//! CSS with its source map.

use oxc_sourcemap::{SourceMap, Token};

use crate::text::{Map, short};

/// CSS with tokens, and its source map in builds with source maps.
#[derive(Clone, Debug, Default)]
pub(in crate::compile) struct Mapped {
    pub(in crate::compile) text: String,
    pub(in crate::compile) map: Option<Map>,
}

impl Mapped {
    /// CSS without a map.
    pub(in crate::compile) fn plain(text: String) -> Self {
        Self { text, map: None }
    }

    /// The concatenation of `parts`, with a line feed between them. Parts without a map have no mappings.
    pub(in crate::compile) fn joined(parts: &[&Self]) -> Self {
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let (mut sources, mut contents, mut tokens) = (Vec::new(), Vec::new(), Vec::new());
        let mut line = 0;
        for part in parts {
            if let Some(map) = &part.map {
                let first = short(sources.len());
                sources.extend(map.get_sources().map(|source| source.to_owned().into()));
                contents
                    .extend(map.get_source_contents().map(|text| text.map(|text| text.to_owned().into())));
                tokens.extend(map.get_tokens().map(|token| {
                    Token::new(
                        token.get_dst_line() + line,
                        token.get_dst_col(),
                        token.get_src_line(),
                        token.get_src_col(),
                        token.get_source_id().map(|source| source + first),
                        None,
                    )
                }));
            }
            line += short(part.text.matches('\n').count()) + 1;
        }
        let is_mapped = parts.iter().any(|part| part.map.is_some());
        let map = SourceMap::new(None, Vec::new(), None, sources, contents, tokens.into_boxed_slice(), None);
        Self { text: texts.join("\n"), map: is_mapped.then_some(map) }
    }
}
