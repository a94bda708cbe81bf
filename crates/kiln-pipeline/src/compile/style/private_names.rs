//! Names of a CSS module that are private to it: those of classes, ids, animations, view transitions and counter styles.

use lightningcss::{
    css_modules::Config,
    declaration::DeclarationBlock,
    properties::{
        Property, PropertyId,
        custom::{Token, TokenList, TokenOrValue, UnparsedProperty},
        transition::ViewTransitionName,
    },
    rules::{CssRule, CssRuleList},
};

/// The configuration of lightningcss. Names of grid areas and containers are those of every style sheet: lightningcss
/// renames an area in `grid-area` and not beside a `var()`, and a container is often declared by another sheet.
pub(super) fn private_names() -> Config {
    Config { grid: false, container: false, ..Config::default() }
}

/// A keyword of `view-transition-name` that lightningcss takes for a name.
const MATCH_ELEMENT: &str = "match-element";

/// Keeps keywords that lightningcss would rename.
pub(super) fn keep_keywords(rules: &mut CssRuleList<'_>) {
    for rule in &mut rules.0 {
        match rule {
            CssRule::Style(rule) => {
                keep_in(&mut rule.declarations);
                keep_keywords(&mut rule.rules);
            }
            CssRule::Nesting(rule) => {
                keep_in(&mut rule.style.declarations);
                keep_keywords(&mut rule.style.rules);
            }
            CssRule::NestedDeclarations(rule) => keep_in(&mut rule.declarations),
            CssRule::Media(rule) => keep_keywords(&mut rule.rules),
            CssRule::Supports(rule) => keep_keywords(&mut rule.rules),
            CssRule::Container(rule) => keep_keywords(&mut rule.rules),
            CssRule::LayerBlock(rule) => keep_keywords(&mut rule.rules),
            CssRule::Scope(rule) => keep_keywords(&mut rule.rules),
            CssRule::StartingStyle(rule) => keep_keywords(&mut rule.rules),
            _ => {}
        }
    }
}

fn keep_in(block: &mut DeclarationBlock<'_>) {
    for property in block.declarations.iter_mut().chain(&mut block.important_declarations) {
        if let Property::ViewTransitionName(ViewTransitionName::Custom(name)) = property
            && name.0.eq_ignore_ascii_case(MATCH_ELEMENT)
        {
            let keyword = TokenOrValue::Token(Token::Ident(MATCH_ELEMENT.into()));
            let value = TokenList(vec![keyword]);
            *property =
                Property::Unparsed(UnparsedProperty { property_id: PropertyId::ViewTransitionName, value });
        }
    }
}
