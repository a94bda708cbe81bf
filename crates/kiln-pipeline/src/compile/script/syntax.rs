//! Parts of syntax trees that several compilers of scripts read.

use std::ops::Range;

use oxc::{
    ast::ast::{Argument, Expression, NewExpression},
    span::GetSpan,
};
use rolldown_ecmascript_utils::ExpressionExt;

/// The first argument of `new URL(…, import.meta.url)`.
pub(super) fn name_of_url<'e, 'a>(new: &'e NewExpression<'a>) -> Option<&'e Expression<'a>> {
    let is_url = new.callee.as_identifier().is_some_and(|callee| callee.name == "URL");
    let base = new.arguments.get(1).and_then(Argument::as_expression);
    if !is_url || !base.is_some_and(ExpressionExt::is_import_meta_url) {
        return None;
    }
    new.arguments.first().and_then(Argument::as_expression)
}

/// The text of a literal without substitutions.
pub(super) fn text(expression: &Expression<'_>) -> Option<String> {
    match expression {
        Expression::StringLiteral(literal) => Some(literal.value.to_string()),
        Expression::TemplateLiteral(template) if template.is_no_substitution_template() => {
            template.quasis.first()?.value.cooked.as_ref().map(ToString::to_string)
        }
        _ => None,
    }
}

pub(super) fn range(node: &impl GetSpan) -> Range<usize> {
    let span = node.span();
    span.start as usize..span.end as usize
}
