//! Files that a pattern finds while a script is bundled: `import.meta.glob("./pages/*.ts")`, and the variable names in
//! `` import(`./pages/${name}.ts`) `` and `` new URL(`./img/${name}.png`, import.meta.url) ``.
//!
//! Each becomes a table of files.

use std::ops::Range;

use oxc::{
    ast::ast::{CallExpression, Expression, ImportExpression, NewExpression, Program, TemplateLiteral},
    ast_visit::{Visit, walk},
};

use super::{
    glob_arguments::{GlobOptions, is_meta_glob, meta_glob},
    mistake::Mistake,
    syntax::{name_of_url, range},
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
    /// The first argument of `new URL()`.
    Url,
}

impl Globs {
    pub(super) fn of(program: &Program<'_>) -> Self {
        let mut globs = Self::default();
        globs.visit_program(program);
        globs
    }

    pub(super) fn is_empty(&self) -> bool {
        self.globs.is_empty() && self.mistakes.is_empty()
    }

    /// The pattern and the query of a template with a variable name; a name that no pattern covers is a mistake.
    fn template(&mut self, template: &TemplateLiteral<'_>, what: &str) -> Option<(String, String)> {
        let parts: Option<Vec<&str>> =
            template.quasis.iter().map(|part| part.value.cooked.as_deref()).collect();
        let parts = parts.filter(|parts| parts.len() > 1 && parts[0].starts_with('.'))?;
        let mut written = parts.iter().map(|part| globset::escape(part)).collect::<Vec<_>>().join("*");
        let last = parts.last().copied().unwrap_or_default();
        let (end, query) = last.split_at(last.find('?').unwrap_or(last.len()));
        written.truncate(written.len() - globset::escape(last).len() + globset::escape(end).len());
        let has_folder = parts[0].contains('/');
        let has_extension = end.contains('.') && !end.ends_with('.');
        if has_folder && has_extension {
            return Some((written, query.to_owned()));
        }
        self.mistakes.push(Mistake::new(
            range(template),
            format!("dynamic file name in `{what}`"),
            "not known at build time",
            "begin it with a folder and end it with an extension, as in `./pages/${name}.ts`, or write a string literal for each file",
        ));
        None
    }
}

impl<'a> Visit<'a> for Globs {
    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        if is_meta_glob(call) {
            let place = range(call);
            match meta_glob(call) {
                Ok((patterns, options)) => {
                    self.globs.push(Glob { place, patterns, form: GlobForm::Meta(options) });
                }
                Err(mistake) => self.mistakes.push(mistake),
            }
        }
        walk::walk_call_expression(self, call);
    }

    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        if let Expression::TemplateLiteral(template) = &import.source
            && let Some((pattern, query)) = self.template(template, "import()")
        {
            self.globs.push(Glob {
                place: range(import),
                patterns: vec![pattern],
                form: GlobForm::Import(query),
            });
        }
        walk::walk_import_expression(self, import);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        if let Some(name @ Expression::TemplateLiteral(template)) = name_of_url(new)
            && let Some((pattern, _)) = self.template(template, "new URL()")
        {
            self.globs.push(Glob { place: range(name), patterns: vec![pattern], form: GlobForm::Url });
        }
        walk::walk_new_expression(self, new);
    }
}

impl GlobForm {
    /// The folder of the keys, as it is written.
    pub(super) fn base(&self) -> Option<&str> {
        match self {
            Self::Meta(options) => options.base.as_deref(),
            Self::Import(_) | Self::Url => None,
        }
    }

    /// Whether hidden files and `node_modules` are found.
    pub(super) fn is_exhaustive(&self) -> bool {
        matches!(self, Self::Meta(options) if options.is_exhaustive)
    }
}
