//! Syntax that is neither compiled nor parsed by browsers: decorators, unless tsconfig.json sets `experimentalDecorators`,
//! accessors, and JSX that tsconfig.json leaves to another tool.

use std::path::Path;

use oxc::{
    ast::ast::{AccessorProperty, Decorator},
    ast_visit::{Visit, walk},
};
use rolldown::plugin::PluginContext;
use rolldown_ecmascript::EcmaAst;
use rolldown_error::BatchedBuildDiagnostic;

use super::{mistake::Mistake, preserved_jsx::preserved_jsx, syntax::range};
use crate::packages::is_installed;

/// The first mistake of each kind in the script `id`.
///
/// # Errors
/// When its tsconfig.json is invalid.
pub(super) fn uncompiled_syntax(
    context: &PluginContext,
    id: &str,
    ast: &EcmaAst,
) -> Result<Vec<Mistake>, BatchedBuildDiagnostic> {
    let (file, source) = (Path::new(id), ast.source());
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let may_have_jsx = matches!(extension, "tsx" | "jsx");
    let may_have_decorators = !is_installed(file) && (source.contains('@') || source.contains("accessor"));
    if !may_have_jsx && !may_have_decorators {
        return Ok(Vec::new());
    }
    let has_tsconfig = !matches!(extension, "js" | "mjs" | "cjs");
    let transform = &context.options().transform_options;
    let options = transform.options_for_file(has_tsconfig.then_some(file), &mut Vec::new())?;
    let jsx = (may_have_jsx && !options.jsx.jsx_plugin).then(|| preserved_jsx(ast.program())).flatten();
    let mut classes = ClassSyntax { compiles_decorators: options.decorator.legacy, ..ClassSyntax::default() };
    if may_have_decorators {
        classes.visit_program(ast.program());
    }
    Ok([jsx, classes.decorator, classes.accessor].into_iter().flatten().collect())
}

#[derive(Default)]
struct ClassSyntax {
    compiles_decorators: bool,
    decorator: Option<Mistake>,
    accessor: Option<Mistake>,
}

impl<'a> Visit<'a> for ClassSyntax {
    fn visit_decorator(&mut self, decorator: &Decorator<'a>) {
        if !self.compiles_decorators {
            self.decorator.get_or_insert_with(|| {
                Mistake::new(
                    range(decorator),
                    "decorator without `experimentalDecorators`",
                    "not parsed by browsers",
                    "set `\"experimentalDecorators\": true` in `compilerOptions` of tsconfig.json, and write the class in TypeScript",
                )
            });
        }
        walk::walk_decorator(self, decorator);
    }

    fn visit_accessor_property(&mut self, property: &AccessorProperty<'a>) {
        self.accessor.get_or_insert_with(|| {
            Mistake::new(
                range(property),
                "`accessor` is not supported",
                "not parsed by browsers",
                "write a field, or a getter and a setter",
            )
        });
        walk::walk_accessor_property(self, property);
    }
}
