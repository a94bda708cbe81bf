//! Concatenation of compiled style sheets.

use lightningcss::{
    rules::{CssRule, CssRuleList},
    stylesheet::{ParserOptions, PrinterOptions, StyleSheet},
};

use super::minify::failed;
use crate::{Result, compile::css::sheets::Mapped};

/// The concatenation of `parts`. Imports from other hosts move before every rule, because browsers ignore later ones; the
/// reordered text has no source map.
pub(in crate::compile) fn join(parts: &[&Mapped]) -> Result<Mapped> {
    if !parts.iter().skip(1).any(|part| part.text.contains("@import")) {
        return Ok(Mapped::joined(parts));
    }
    let (mut imports, mut rules) = (String::new(), String::new());
    for part in parts {
        let options = || ParserOptions { error_recovery: true, ..ParserOptions::default() };
        let parsed = StyleSheet::parse(&part.text, options()).map_err(failed)?;
        let (first, rest): (Vec<_>, Vec<_>) =
            parsed.rules.0.into_iter().partition(|rule| matches!(rule, CssRule::Import(_)));
        for (text, rules) in [(&mut imports, first), (&mut rules, rest)] {
            let sheet = StyleSheet::new(Vec::new(), CssRuleList(rules), options());
            text.push_str(&sheet.to_css(PrinterOptions::default()).map_err(failed)?.code);
            text.push('\n');
        }
    }
    Ok(Mapped::plain(imports + &rules))
}
