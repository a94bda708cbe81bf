//! The code that replaces globs in a script. Keys are those of Vite.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    mem,
    ops::Range,
    path::{Path, PathBuf},
};

use oxc::{
    allocator::{Allocator, Vec as AllocatorVec},
    ast::ast::{Argument, Expression, Program, Statement},
    ast_visit::{VisitMut, walk_mut},
    span::{SPAN, SourceType, Span},
};
use rolldown_ecmascript_utils::parse_injected_expression;

use super::{
    glob::{Glob, GlobForm, Globs},
    glob_arguments::{GlobOptions, is_meta_glob},
    glob_pattern::{Folders, Patterns, relative},
    literal::literal,
    mistake::Mistake,
    syntax::range,
};

/// Looks a module up, and rejects as browsers do for a file that is not there.
const IMPORT: &str = "((modules, name) => Object.hasOwn(modules, name) ? modules[name]() : Promise.reject(new \
    TypeError(\"Failed to fetch dynamically imported module: \" + name)))";
/// Looks a URL up.
const URL: &str = "((urls, name) => Object.hasOwn(urls, name) ? urls[name] : name)";

/// The code that replaces globs.
#[derive(Debug, Default)]
pub(super) struct GlobCode {
    /// Expressions, by the start and end of the replaced one.
    expressions: BTreeMap<(usize, usize), GlobReplacement>,
    /// Imports of eager globs.
    imports: String,
    /// The patterns, with the files that they have found.
    pub(super) found: Vec<(Patterns, Vec<PathBuf>)>,
}

#[derive(Debug)]
enum GlobReplacement {
    Whole(String),
    /// A call whose last argument is the replaced expression, or the source of the replaced `import()`.
    Call(String),
}

impl GlobCode {
    /// The code that replaces `globs` in `script`, and the mistakes in them. `url` is the URL of a file that the script
    /// names at a place.
    pub(super) fn new(
        globs: Globs,
        script: &Path,
        folders: Folders<'_>,
        mut url: impl FnMut(Range<usize>, &str) -> Option<String>,
    ) -> (Self, Vec<Mistake>) {
        let (mut code, mut mistakes) = (Self::default(), globs.mistakes);
        for glob in globs.globs {
            mistakes.extend(code.add(glob, script, folders, &mut url).err());
        }
        (code, mistakes)
    }

    fn add(
        &mut self,
        Glob { place, patterns, form }: Glob,
        script: &Path,
        folders: Folders<'_>,
        url: &mut impl FnMut(Range<usize>, &str) -> Option<String>,
    ) -> Result<(), Mistake> {
        let base = form.base().map_or_else(|| folders.base.to_owned(), |base| folders.folder(base));
        let compiled = Patterns::new(Folders { base: &base, ..folders }, &patterns, form.is_exhaustive());
        let compiled = compiled
            .map_err(|problem| Mistake::new(place.clone(), problem, "invalid glob", "fix the pattern"))?;
        let (position, files) = ((place.start, place.end), compiled.files());
        let named = files.iter().map(|file| relative(folders.base, file));
        let replacement = match form {
            GlobForm::Meta(options) => {
                let is_relative = patterns.iter().all(|pattern| pattern.starts_with(['.', '!']));
                let key = |file: &PathBuf| match file.strip_prefix(folders.root) {
                    Ok(path) if !is_relative && options.base.is_none() => {
                        format!("/{}", path.to_string_lossy())
                    }
                    _ => relative(&base, file),
                };
                // The script itself is no part of its own table.
                let others = files.iter().zip(named).filter(|(file, _)| *file != script);
                let keyed: Vec<_> = others.map(|(file, name)| (key(file), name)).collect();
                GlobReplacement::Whole(options.table(&keyed, place.start, &mut self.imports))
            }
            _ if files.is_empty() => return Err(no_file(place, &patterns[0])),
            GlobForm::Import(query) => {
                let entry = |name: String| {
                    let name = literal(&format!("{name}{query}"));
                    format!("{name}: () => import({name})")
                };
                GlobReplacement::Call(call(IMPORT, named.map(entry)))
            }
            GlobForm::Url(query) => {
                let entry = |name: String| {
                    let name = format!("{name}{query}");
                    Some(format!("{}: {}", literal(&name), literal(&url(place.clone(), &name)?)))
                };
                GlobReplacement::Call(call(URL, named.filter_map(entry)))
            }
        };
        self.expressions.insert(position, replacement);
        self.found.push((compiled, files));
        Ok(())
    }

    /// Writes the code into the script.
    pub(super) fn replace<'a>(&self, allocator: &'a Allocator, program: &mut Program<'a>) {
        Replacing { allocator, code: self }.visit_program(program);
        let imports = statements(allocator, &self.imports);
        let is_import = |statement: &Statement<'_>| matches!(statement, Statement::ImportDeclaration(_));
        let after = program.body.iter().rposition(is_import).map_or(0, |last| last + 1);
        for (index, import) in imports.into_iter().enumerate() {
            program.body.insert(after + index, import);
        }
    }
}

impl GlobOptions {
    /// The object of files, `(key, specifier)`. Imports of an eager glob are added to `imports`.
    fn table(&self, files: &[(String, String)], start: usize, imports: &mut String) -> String {
        let entries = files.iter().enumerate().map(|(index, (key, specifier))| {
            let specifier = literal(&format!("{specifier}{}", self.query));
            let value = match (self.is_eager, &self.import) {
                (true, import) => {
                    let name = format!("__kiln_glob_{start}_{index}");
                    let binding = match import.as_deref() {
                        None | Some("*") => format!("* as {name}"),
                        Some(import) => format!("{{ {} as {name} }}", literal(import)),
                    };
                    let _ = writeln!(imports, "import {binding} from {specifier};");
                    name
                }
                (false, None) => format!("() => import({specifier})"),
                (false, Some(import)) if import == "*" => format!("() => import({specifier})"),
                (false, Some(import)) => {
                    format!("() => import({specifier}).then((module) => module[{}])", literal(import))
                }
            };
            format!("{}: {value}", literal(key))
        });
        format!("({{ {} }})", entries.collect::<Vec<_>>().join(", "))
    }
}

fn no_file(place: Range<usize>, pattern: &str) -> Mistake {
    Mistake::new(
        place,
        format!("no file matches `{pattern}`"),
        "none at build time",
        "add the files, or fix the name: `*` stands for the variable parts",
    )
}

/// A call of `function` with an object of `entries`.
fn call(function: &str, entries: impl Iterator<Item = String>) -> String {
    format!("{function}({{ {} }})", entries.collect::<Vec<_>>().join(", "))
}

struct Replacing<'a, 'c> {
    allocator: &'a Allocator,
    code: &'c GlobCode,
}

impl<'a> VisitMut<'a> for Replacing<'a, '_> {
    fn visit_expression(&mut self, expression: &mut Expression<'a>) {
        walk_mut::walk_expression(self, expression);
        let is_glob = match expression {
            Expression::ImportExpression(_)
            | Expression::TemplateLiteral(_)
            | Expression::BinaryExpression(_) => true,
            Expression::CallExpression(call) => is_meta_glob(call),
            _ => false,
        };
        let Range { start, end } = range(expression);
        let replacement = self.code.expressions.get(&(start, end)).filter(|_| is_glob);
        let (code, keeps) = match replacement {
            Some(GlobReplacement::Whole(code)) => (code, false),
            Some(GlobReplacement::Call(code)) => (code, true),
            None => return,
        };
        let Ok(parsed) = parse_injected_expression(self.allocator, code) else { return };
        let replaced = mem::replace(expression, parsed);
        if let (true, Expression::CallExpression(call)) = (keeps, expression) {
            let name = match replaced {
                Expression::ImportExpression(import) => import.unbox().source,
                other => other,
            };
            call.arguments.push(Argument::from(name));
        }
    }
}

/// The statements of well-formed `code`, without places: they stand in no source.
fn statements<'a>(allocator: &'a Allocator, code: &str) -> AllocatorVec<'a, Statement<'a>> {
    let code = allocator.alloc_str(code);
    let mut program = oxc::parser::Parser::new(allocator, code, SourceType::mjs()).parse().program;
    NoPlaces.visit_program(&mut program);
    program.body
}

struct NoPlaces;

impl VisitMut<'_> for NoPlaces {
    fn visit_span(&mut self, span: &mut Span) {
        *span = SPAN;
    }
}
