//! Type assertions of TypeScript, which hide names: `(import.meta as any).env`, `import.meta.env!`, `"./*.ts" as const`.

use oxc::{
    allocator::ReplaceWith,
    ast::ast::{Expression, Program},
    ast_visit::{VisitMut, walk_mut},
};

/// Replaces each asserted expression by the expression itself.
pub(super) fn remove(program: &mut Program<'_>) {
    TypeAssertions.visit_program(program);
}

struct TypeAssertions;

impl<'a> VisitMut<'a> for TypeAssertions {
    fn visit_expression(&mut self, expression: &mut Expression<'a>) {
        if expression.is_typescript_syntax() {
            expression.replace_with(Expression::into_inner_expression);
        }
        walk_mut::walk_expression(self, expression);
    }
}
