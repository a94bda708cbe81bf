//! Parts of syntax trees that several compilers of scripts read.

use std::{iter, ops::Range};

use oxc::{
    ast::ast::{Argument, Expression, NewExpression},
    span::GetSpan,
    syntax::operator::BinaryOperator,
};
use rolldown_ecmascript_utils::ExpressionExt;

/// The first argument of `new URL(…, import.meta.url)`.
pub(in crate::compile) fn name_of_url<'e, 'a>(new: &'e NewExpression<'a>) -> Option<&'e Expression<'a>> {
    let is_url = new.callee.as_identifier().is_some_and(|callee| callee.name == "URL");
    let base = new.arguments.get(1).and_then(Argument::as_expression);
    if !is_url || !base.is_some_and(ExpressionExt::is_import_meta_url) {
        return None;
    }
    new.arguments.first().and_then(Argument::as_expression)
}

/// The text of a literal, of literals that `+` joins, or of a template of such.
pub(in crate::compile) fn text(expression: &Expression<'_>) -> Option<String> {
    <[String; 1]>::try_from(constant_parts(expression)).ok().map(|[text]| text)
}

/// The constant parts of a text, between its variable parts: `a` and `b` of `` `a${x}b` `` and of `"a" + x + "b"`.
pub(super) fn constant_parts(expression: &Expression<'_>) -> Vec<String> {
    match expression {
        Expression::StringLiteral(literal) => vec![literal.value.to_string()],
        Expression::TemplateLiteral(template) => {
            let quasis = template.quasis.iter();
            let quasis = quasis.map(|part| vec![part.value.cooked.as_deref().unwrap_or_default().to_owned()]);
            let values = template.expressions.iter().map(constant_parts).chain(iter::once(Vec::new()));
            quasis.zip(values).flat_map(|(quasi, value)| [quasi, value]).fold(Vec::new(), joined)
        }
        Expression::BinaryExpression(sum) if sum.operator == BinaryOperator::Addition => {
            joined(constant_parts(&sum.left), constant_parts(&sum.right))
        }
        _ => vec![String::new(), String::new()],
    }
}

/// The parts of a text and of the text after it.
fn joined(mut parts: Vec<String>, after: Vec<String>) -> Vec<String> {
    if parts.is_empty() {
        return after;
    }
    let mut after = after.into_iter();
    if let (Some(last), Some(first)) = (parts.last_mut(), after.next()) {
        last.push_str(&first);
    }
    parts.extend(after);
    parts
}

pub(super) fn range(node: &impl GetSpan) -> Range<usize> {
    let span = node.span();
    span.start as usize..span.end as usize
}
