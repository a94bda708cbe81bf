//! Code that a script makes from text while it runs: `eval(text)`, `new Function(text)`. A call with nothing but literals
//! asks whether that is allowed, or stands in for `globalThis`, and is left out.

use oxc::{
    ast::ast::{Argument, CallExpression, Expression, NewExpression, Program},
    ast_visit::{Visit, walk},
};
use rolldown_ecmascript_utils::ExpressionExt;

use super::syntax::{range, text};

/// Constructors of functions; libraries name the two without a global name like this.
const CONSTRUCTORS: [&str; 4] = ["Function", "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction"];

/// The offset of the first such code in a module.
pub(super) fn find(source: &str, program: &Program<'_>) -> Option<usize> {
    if !source.contains("eval(") && !source.contains("Function(") {
        return None;
    }
    let mut code = CodeFromText(None);
    code.visit_program(program);
    code.0
}

struct CodeFromText(Option<usize>);

impl CodeFromText {
    fn add(&mut self, callee: &Expression<'_>, arguments: &[Argument<'_>], is_new: bool) {
        let Some(name) = callee.as_identifier().map(|name| &*name.name) else { return };
        let is_code = !is_new && name == "eval" || CONSTRUCTORS.contains(&name);
        let is_text = |argument: &Argument<'_>| argument.as_expression().and_then(text).is_some();
        if is_code && !arguments.iter().all(is_text) {
            self.0.get_or_insert(range(callee).start);
        }
    }
}

impl<'a> Visit<'a> for CodeFromText {
    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        self.add(&call.callee, &call.arguments, false);
        walk::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        self.add(&new.callee, &new.arguments, true);
        walk::walk_new_expression(self, new);
    }
}
