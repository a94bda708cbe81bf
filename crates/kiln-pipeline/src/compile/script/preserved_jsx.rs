//! JSX that tsconfig.json leaves to another tool.

use oxc::{
    ast::ast::{JSXOpeningElement, JSXOpeningFragment, Program},
    ast_visit::Visit,
    span::Span,
};

use super::{mistake::Mistake, syntax::range};

/// The error at the first element or fragment.
pub(super) fn preserved_jsx(program: &Program<'_>) -> Option<Mistake> {
    let mut first = FirstJsx(None);
    first.visit_program(program);
    first.0.map(|span| {
        Mistake::new(
            range(&span),
            "`jsx: preserve` in tsconfig.json is not supported",
            "not compiled",
            "set `jsx` to `react-jsx`, and `jsxImportSource` to the library: preact, react, solid-js/h",
        )
    })
}

/// The span of the first JSX element or fragment.
struct FirstJsx(Option<Span>);

impl<'a> Visit<'a> for FirstJsx {
    fn visit_jsx_opening_element(&mut self, element: &JSXOpeningElement<'a>) {
        self.0.get_or_insert(element.span);
    }

    fn visit_jsx_opening_fragment(&mut self, fragment: &JSXOpeningFragment) {
        self.0.get_or_insert(fragment.span);
    }
}
