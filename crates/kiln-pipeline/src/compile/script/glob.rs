//! Files that a pattern finds while a script is bundled: `import.meta.glob("./pages/*.ts")`, and the variable names in
//! `` import(`./pages/${name}.ts`) `` and `new URL("./img/" + name + ".png", import.meta.url)`.
//!
//! Each becomes a table of files.

use std::{collections::BTreeSet, ops::Range};

use oxc::{
    ast::ast::{
        CallExpression, Expression, ImportDeclaration, ImportExpression, NewExpression, Program, Statement,
    },
    ast_visit::{Visit, walk},
};

use super::{
    glob_arguments::{GlobOptions, is_meta_glob, meta_glob},
    mistake::Mistake,
    syntax::{constant_parts, name_of_url, range, text},
};

/// The globs of a script.
#[derive(Debug, Default)]
pub(super) struct Globs {
    pub(super) globs: Vec<Glob>,
    pub(super) mistakes: Vec<Mistake>,
}

/// An expression that stands for files.
#[derive(Debug)]
pub(super) struct Glob {
    pub(super) place: Range<usize>,
    pub(super) patterns: Vec<String>,
    pub(super) form: GlobForm,
}

#[derive(Debug)]
pub(super) enum GlobForm {
    /// `import.meta.glob`.
    Meta(GlobOptions),
    /// `import()`; the query of the file names.
    Import(String),
    /// The first argument of `new URL()`; the query of the file names.
    Url(String),
}

impl Globs {
    pub(super) fn of(program: &Program<'_>) -> Self {
        let imported = program.body.iter().flat_map(imported_names).collect();
        let mut visitor = GlobVisitor { imported, globs: Self::default() };
        visitor.visit_program(program);
        visitor.globs
    }

    pub(super) fn is_empty(&self) -> bool {
        self.globs.is_empty() && self.mistakes.is_empty()
    }

    /// The pattern and the query of a relative name with variable parts; a name that no pattern covers is a mistake.
    fn pattern(&mut self, name: &Expression<'_>, what: &str) -> Option<(String, String)> {
        let parts = constant_parts(name);
        let (last, before) = parts.split_last()?;
        let (end, query) = last.split_at(last.find(['?', '#']).unwrap_or(last.len()));
        let is_relative = parts[0].starts_with("./") || parts[0].starts_with("../");
        if is_relative && end.contains('.') && !end.ends_with('.') {
            let names = before.iter().map(String::as_str).chain([end]).map(globset::escape);
            return Some((names.collect::<Vec<_>>().join("*"), query.to_owned()));
        }
        self.mistakes.push(Mistake::new(
            range(name),
            format!("dynamic file name in `{what}`"),
            "not known at build time",
            match what {
                "import()" => {
                    "begin it with a folder and end it with an extension, as in `./pages/${name}.ts`, or write a string literal for each file"
                }
                _ => {
                    "begin it with a folder and end it with an extension, as in `./img/${name}.svg`, import the file with `?url`, or resolve a URL of the server against `location.href`"
                }
            },
        ));
        None
    }
}

struct GlobVisitor {
    /// Names of imports, as those of URLs by `?url`.
    imported: BTreeSet<String>,
    globs: Globs,
}

impl GlobVisitor {
    /// Whether a name may be that of a file, and is not known: a name that begins with an imported value or with one of
    /// `import.meta` is a URL already, as `https:` and `/` begin one.
    fn may_be_unknown_file(&self, name: &Expression<'_>) -> bool {
        let first = &constant_parts(name)[0];
        let is_url = first.starts_with(['/', '?', '#']) || first.contains(':');
        let is_known = match leading_value(name) {
            Expression::Identifier(identifier) => self.imported.contains(&*identifier.name),
            Expression::ImportMeta(_) => true,
            _ => false,
        };
        text(name).is_none() && !is_url && !(first.is_empty() && is_known)
    }
}

impl<'a> Visit<'a> for GlobVisitor {
    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        if is_meta_glob(call) {
            let place = range(call);
            match meta_glob(call) {
                Ok((patterns, options)) => {
                    self.globs.globs.push(Glob { place, patterns, form: GlobForm::Meta(options) });
                }
                Err(mistake) => self.globs.mistakes.push(mistake),
            }
        }
        walk::walk_call_expression(self, call);
    }

    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        let name = &import.source;
        // The URL of a module may be computed.
        let may_be_url = constant_parts(name)[0].is_empty();
        if !may_be_url
            && self.may_be_unknown_file(name)
            && let Some((pattern, query)) = self.globs.pattern(name, "import()")
        {
            let place = range(import);
            self.globs.globs.push(Glob { place, patterns: vec![pattern], form: GlobForm::Import(query) });
        }
        walk::walk_import_expression(self, import);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        if let Some(name) = name_of_url(new)
            && self.may_be_unknown_file(name)
            && let Some((pattern, query)) = self.globs.pattern(name, "new URL()")
        {
            let place = range(name);
            self.globs.globs.push(Glob { place, patterns: vec![pattern], form: GlobForm::Url(query) });
        }
        walk::walk_new_expression(self, new);
    }
}

fn imported_names(statement: &Statement<'_>) -> Vec<String> {
    let Statement::ImportDeclaration(import) = statement else { return Vec::new() };
    let ImportDeclaration { specifiers, .. } = &**import;
    specifiers.iter().flatten().map(|specifier| specifier.local().name.to_string()).collect()
}

/// The value with which a text begins, without its members: `base` of `base.url + "/x"`.
fn leading_value<'e, 'a>(expression: &'e Expression<'a>) -> &'e Expression<'a> {
    match expression {
        Expression::BinaryExpression(sum) => leading_value(&sum.left),
        Expression::TemplateLiteral(template) => {
            template.expressions.first().map_or(expression, leading_value)
        }
        _ => match expression.as_member_expression() {
            Some(member) => leading_value(member.object()),
            None => expression,
        },
    }
}

impl GlobForm {
    /// The folder of the keys, as it is written.
    pub(super) fn base(&self) -> Option<&str> {
        match self {
            Self::Meta(options) => options.base.as_deref(),
            Self::Import(_) | Self::Url(_) => None,
        }
    }

    /// Whether hidden files and `node_modules` are found.
    pub(super) fn is_exhaustive(&self) -> bool {
        matches!(self, Self::Meta(options) if options.is_exhaustive)
    }
}
