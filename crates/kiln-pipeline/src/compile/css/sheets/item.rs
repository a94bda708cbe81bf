//! Rules and declarations of a style sheet as browsers divide it (CSS Syntax Level 3), whether they parse or not.

use std::ops::Range;

use cssparser::{ParseError, Parser, ParserInput, Token};

/// A rule or a declaration.
#[derive(Debug)]
pub(in crate::compile) struct Item {
    pub(in crate::compile) place: Range<usize>,
    /// The name of an at-rule in lower case; empty for other items.
    pub(in crate::compile) name: String,
    /// The inside of the block of a rule.
    pub(in crate::compile) block: Option<Range<usize>>,
}

/// A part of a style sheet that browsers skip.
#[derive(Debug)]
pub(in crate::compile) struct Skipped {
    pub(in crate::compile) place: Range<usize>,
    pub(in crate::compile) reason: String,
}

/// The items in the range `within` of `css`: the whole sheet, or the inside of a block.
pub(in crate::compile) fn items(css: &str, within: Range<usize>, is_block: bool) -> Vec<Item> {
    let mut items = Vec::new();
    let mut input = ParserInput::new(&css[within.clone()]);
    let mut parser = Parser::new(&mut input);
    loop {
        parser.skip_whitespace();
        let start = parser.position().byte_index();
        let state = parser.state();
        let name = match parser.next() {
            Err(_) => return items,
            Ok(Token::Semicolon) if is_block => continue,
            Ok(Token::CDO | Token::CDC) if !is_block => continue,
            Ok(Token::AtKeyword(name)) => name.to_ascii_lowercase(),
            Ok(_) => String::new(),
        };
        parser.reset(&state);
        let block = if is_block && is_declaration(&mut parser) {
            None
        } else {
            parser.reset(&state);
            end(&mut parser, is_block || !name.is_empty())
        };
        let after = |offset: usize| within.start + offset;
        let place = after(start)..after(parser.position().byte_index());
        items.push(Item { place, name, block: block.map(|block| after(block.start)..after(block.end)) });
    }
}

/// The parts between the commas in the range `within` of `css`.
pub(super) fn parts(css: &str, within: Range<usize>) -> Vec<Range<usize>> {
    let mut input = ParserInput::new(&css[within.clone()]);
    let mut parser = Parser::new(&mut input);
    let mut parts = Vec::new();
    let mut start = within.start;
    while let Ok(token) = parser.next_including_whitespace_and_comments() {
        if matches!(token, Token::Comma) {
            let end = within.start + parser.position().byte_index();
            parts.push(start..end - 1);
            start = end;
        }
    }
    parts.push(start..within.end);
    parts
}

/// Consumes a declaration. Returns whether there is one: an item with a block is a rule, other than a custom property.
fn is_declaration(parser: &mut Parser<'_, '_>) -> bool {
    let Ok(name) = parser.expect_ident().cloned() else { return false };
    if parser.expect_colon().is_err() {
        return false;
    }
    loop {
        match parser.next() {
            Err(_) | Ok(Token::Semicolon) => return true,
            Ok(Token::CurlyBracketBlock) if !name.starts_with("--") => return false,
            Ok(_) => {}
        }
    }
}

/// Consumes a rule, and returns the inside of its block.
fn end(parser: &mut Parser<'_, '_>, ends_at_semicolon: bool) -> Option<Range<usize>> {
    loop {
        match parser.next() {
            Err(_) => return None,
            Ok(Token::Semicolon) if ends_at_semicolon => return None,
            Ok(Token::CurlyBracketBlock) => return Some(block(parser)),
            Ok(_) => {}
        }
    }
}

fn block(parser: &mut Parser<'_, '_>) -> Range<usize> {
    let start = parser.position().byte_index();
    // The inside is consumed as a whole, so an error is impossible.
    let end = parser.parse_nested_block(|inner| {
        while inner.next().is_ok() {}
        Ok::<usize, ParseError<'_, ()>>(inner.position().byte_index())
    });
    start..end.unwrap_or(start)
}
