//! The string literals of a script, with their meaning.

use std::{collections::BTreeMap, ops::Range};

use oxc::{
    allocator::Allocator,
    ast::ast::{
        Argument, AssignmentExpression, BinaryExpression, CallExpression, ComputedMemberExpression,
        Expression, ImportExpression, JSXAttribute, JSXAttributeValue, MemberExpression, NewExpression,
        PropertyKey, SwitchCase, TSType,
    },
    ast_visit::{Visit, walk},
    parser::Parser,
    span::SourceType,
};
use rolldown_ecmascript_utils::ExpressionExt;

use super::{
    registration::registered,
    syntax::{name_of_url, range, text},
};

/// Attributes and properties whose value is a URL.
const ATTRIBUTES: [&str; 6] = ["data", "href", "poster", "src", "srcObject", "xlinkHref"];

/// Functions and classes whose first argument is a URL.
const LOADERS: [&str; 7] = ["Audio", "Request", "SharedWorker", "URL", "Worker", "fetch", "importScripts"];

/// String literals that may be paths of files, by position. Specifiers, types, keys, patterns and compared values are not
/// among them.
#[derive(Default)]
pub(super) struct StringLiterals(pub(super) BTreeMap<usize, WrittenString>);

/// A literal that may be the path of a file.
pub(super) struct WrittenString {
    /// The range of the literal, quotes included.
    pub(super) place: Range<usize>,
    pub(super) written: String,
    pub(super) meaning: Meaning,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A URL by its context: `image.src = "…"`.
    Url,
    /// The script of a service worker.
    ServiceWorker,
    /// Any value. Only a path from the root is taken for a URL.
    Value,
}

impl StringLiterals {
    pub(super) fn of(script: &str, kind: SourceType) -> Self {
        let allocator = Allocator::default();
        let mut strings = Self::default();
        strings.visit_program(&Parser::new(&allocator, script, kind).parse().program);
        strings
    }

    /// Records a literal that is the path of a file. The first meaning of a place stays.
    fn add(&mut self, place: Range<usize>, written: &str, meaning: Meaning) {
        if written.contains('.') && !written.contains(['\n', '<', '{']) {
            let string = WrittenString { place, written: written.to_owned(), meaning };
            self.0.entry(string.place.start).or_insert(string);
        }
    }

    fn add_url(&mut self, expression: Option<&Expression<'_>>) {
        self.add_meaning(expression, Meaning::Url);
    }

    fn add_meaning(&mut self, expression: Option<&Expression<'_>>, meaning: Meaning) {
        if let Some((expression, written)) = expression.and_then(|found| Some((found, text(found)?))) {
            self.add(range(expression), &written, meaning);
        }
    }

    fn visit_unless_text(&mut self, expression: &Expression<'_>) {
        if text(expression).is_none() {
            self.visit_expression(expression);
        }
    }
}

impl<'a> Visit<'a> for StringLiterals {
    fn visit_expression(&mut self, expression: &Expression<'a>) {
        match text(expression) {
            Some(written) => self.add(range(expression), &written, Meaning::Value),
            None => walk::walk_expression(self, expression),
        }
    }

    fn visit_jsx_attribute(&mut self, attribute: &JSXAttribute<'a>) {
        let name = attribute.name.as_identifier().map(|name| &*name.name);
        let meaning =
            if name.is_some_and(|name| ATTRIBUTES.contains(&name)) { Meaning::Url } else { Meaning::Value };
        match &attribute.value {
            Some(JSXAttributeValue::StringLiteral(literal)) => {
                self.add(range(&**literal), &literal.value, meaning);
            }
            Some(JSXAttributeValue::ExpressionContainer(container)) if meaning == Meaning::Url => {
                self.add_url(container.expression.as_expression());
                walk::walk_jsx_attribute(self, attribute);
            }
            _ => walk::walk_jsx_attribute(self, attribute),
        }
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        let property =
            assignment.left.as_member_expression().and_then(MemberExpression::static_property_name);
        if property.is_some_and(|name| ATTRIBUTES.contains(&name)) {
            self.add_url(Some(&assignment.right));
        }
        walk::walk_assignment_expression(self, assignment);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        self.add_meaning(registered(call), Meaning::ServiceWorker);
        let argument = |index: usize| call.arguments.get(index).and_then(Argument::as_expression);
        let name = call.callee.as_identifier().map(|name| &*name.name);
        let method = call.callee.as_member_expression().and_then(MemberExpression::static_property_name);
        match method {
            // Patterns, not paths.
            Some("glob") => return,
            Some("setAttribute")
                if argument(0).and_then(text).is_some_and(|name| ATTRIBUTES.contains(&&*name)) =>
            {
                self.add_url(argument(1));
            }
            _ if name.is_some_and(|name| LOADERS.contains(&name)) => self.add_url(argument(0)),
            _ => {}
        }
        walk::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        if name_of_url(new).is_some() {
            return;
        }
        if new.callee.as_identifier().is_some_and(|callee| LOADERS.contains(&&*callee.name)) {
            self.add_url(new.arguments.first().and_then(Argument::as_expression));
        }
        walk::walk_new_expression(self, new);
    }

    fn visit_import_expression(&mut self, _: &ImportExpression<'a>) {}

    fn visit_ts_type(&mut self, _: &TSType<'a>) {}

    fn visit_property_key(&mut self, _: &PropertyKey<'a>) {}

    fn visit_computed_member_expression(&mut self, member: &ComputedMemberExpression<'a>) {
        self.visit_expression(&member.object);
        self.visit_unless_text(&member.expression);
    }

    fn visit_binary_expression(&mut self, binary: &BinaryExpression<'a>) {
        self.visit_unless_text(&binary.left);
        self.visit_unless_text(&binary.right);
    }

    fn visit_switch_case(&mut self, case: &SwitchCase<'a>) {
        self.visit_statements(&case.consequent);
    }
}
