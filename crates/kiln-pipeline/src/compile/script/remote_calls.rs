//! Calls of own scripts that name another origin: `fetch("https://…")`, `new WebSocket("wss://…")`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use kiln_manifest::{Directive, LogicalPath};
use oxc::{
    allocator::Allocator,
    ast::ast::{
        Argument, CallExpression, Expression, ImportDeclaration, ImportExpression, MemberExpression,
        NewExpression, TSType,
    },
    ast_visit::{Visit, walk},
    parser::Parser,
    span::SourceType,
};
use rolldown_ecmascript_utils::ExpressionExt;

use super::{
    path_strings::source_type,
    syntax::{range, text},
};
use crate::{
    compile::{
        context::Context,
        demand::{DemandKind, DemandScope, is_decided},
    },
    text::Text,
};

/// Records the calls of the scripts `files`; `outputs` are the names of the chunks that hold a file.
pub(super) fn demand(
    context: &Context<'_>,
    files: &BTreeSet<PathBuf>,
    outputs: impl Fn(&Path) -> Vec<LogicalPath>,
) {
    for file in files {
        let Some(kind) = source_type(file) else { continue };
        let Ok(script) = fs::read_to_string(file) else { continue };
        if !script.contains("//") {
            continue;
        }
        let text = Text::new(context.config.name_of(file), script);
        for (offset, demand) in calls(text.content(), kind) {
            context.demand((&text, offset), demand, DemandScope::Outputs(outputs(file)));
        }
    }
}

/// The calls of a script, with the offsets of their URLs.
pub(in crate::compile) fn calls(script: &str, kind: SourceType) -> Vec<(usize, DemandKind)> {
    let allocator = Allocator::default();
    let mut calls = RemoteCalls(Vec::new());
    calls.visit_program(&Parser::new(&allocator, script, kind).parse().program);
    calls.0
}

struct RemoteCalls(Vec<(usize, DemandKind)>);

impl RemoteCalls {
    fn add(&mut self, argument: Option<&Argument<'_>>, kind: impl FnOnce(String) -> DemandKind) {
        let Some(expression) = argument.and_then(Argument::as_expression) else { return };
        if let Some(url) = beginning(expression).filter(|url| is_decided(url)) {
            self.0.push((range(expression).start, kind(url)));
        }
    }
}

fn url_of(directive: Directive) -> impl FnOnce(String) -> DemandKind {
    move |url| DemandKind::Url { directive, url }
}

/// The text of a literal, or the beginning of a template that holds a whole origin.
fn beginning(expression: &Expression<'_>) -> Option<String> {
    if let Expression::TemplateLiteral(template) = expression {
        let start = template.quasis.first()?.value.cooked.as_ref()?.to_string();
        let has_origin = template.expressions.is_empty()
            || start.split_once("//").is_some_and(|(_, rest)| rest.contains('/'));
        return has_origin.then_some(start);
    }
    text(expression)
}

fn is_data(argument: &Argument<'_>) -> bool {
    argument.as_expression().and_then(text).is_some_and(|url| url.starts_with("data:"))
}

impl<'a> Visit<'a> for RemoteCalls {
    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        let name = call.callee.as_identifier().map(|name| &*name.name);
        let method = call.callee.as_member_expression().and_then(MemberExpression::static_property_name);
        match (name, method) {
            (Some("fetch"), _) | (_, Some("fetch" | "sendBeacon")) => {
                self.add(call.arguments.first(), url_of(Directive::ConnectSrc));
            }
            // Of XMLHttpRequest; of a window, the second argument is a name.
            (_, Some("open")) => self.add(call.arguments.get(1), url_of(Directive::ConnectSrc)),
            _ => {}
        }
        walk::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        match new.callee.as_identifier().map(|name| &*name.name) {
            // A request with a `data:` URL asks what the browser knows, and is never sent.
            Some("Request") if new.arguments.first().is_some_and(is_data) => {}
            Some("WebSocket" | "EventSource" | "Request" | "WebTransport") => {
                self.add(new.arguments.first(), url_of(Directive::ConnectSrc));
            }
            Some("Audio") => self.add(new.arguments.first(), url_of(Directive::MediaSrc)),
            Some("Worker" | "SharedWorker") => self.add(new.arguments.first(), |url| {
                if url.contains("//") {
                    DemandKind::Worker { url }
                } else {
                    DemandKind::Url { directive: Directive::WorkerSrc, url }
                }
            }),
            _ => {}
        }
        walk::walk_new_expression(self, new);
    }

    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        if let Some(url) = beginning(&import.source).filter(|url| is_decided(url)) {
            self.0.push((range(&import.source).start, url_of(Directive::ScriptSrc)(url)));
        }
        walk::walk_import_expression(self, import);
    }

    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        let url = import.source.value.to_string();
        if is_decided(&url) {
            self.0.push((range(&import.source).start, url_of(Directive::ScriptSrc)(url)));
        }
    }

    fn visit_ts_type(&mut self, _: &TSType<'a>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_names_its_directive_and_its_url() {
        let url = |directive, url: &str| Some(DemandKind::Url { directive, url: url.to_owned() });
        let connect = |text| url(Directive::ConnectSrc, text);
        for (script, expected) in [
            ("fetch('https://a.example/x')", connect("https://a.example/x")),
            ("window.fetch(`https://a.example/${id}`)", connect("https://a.example/")),
            ("fetch(`https://${host}/x`)", None),
            ("fetch(`https://a.example${path}`)", None),
            ("fetch('/api/x'); fetch(other)", None),
            ("new WebSocket('wss://a.example')", connect("wss://a.example")),
            ("new Request('https://a.example/x')", connect("https://a.example/x")),
            ("new Request('data:,')", None),
            ("new EventSource('//a.example/e')", connect("//a.example/e")),
            ("navigator.sendBeacon('https://a.example')", connect("https://a.example")),
            ("request.open('GET', 'https://a.example')", connect("https://a.example")),
            ("window.open('https://a.example', 'name')", None),
            (
                "new Worker('https://a.example/w.js')",
                Some(DemandKind::Worker { url: "https://a.example/w.js".to_owned() }),
            ),
            ("new Worker('data:text/javascript,1')", url(Directive::WorkerSrc, "data:text/javascript,1")),
            ("import('https://a.example/m.js')", url(Directive::ScriptSrc, "https://a.example/m.js")),
            ("import x from 'https://a.example/m.js'", url(Directive::ScriptSrc, "https://a.example/m.js")),
            ("link.href = 'https://a.example/'", None),
        ] {
            let found = calls(script, SourceType::mjs()).into_iter().next().map(|(_, demand)| demand);
            assert_eq!(found, expected, "{script}");
        }
    }
}
