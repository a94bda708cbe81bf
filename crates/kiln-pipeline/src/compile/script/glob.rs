//! Files that a pattern finds while a script is bundled: `import.meta.glob("./pages/*.ts")`, and the variable names in
//! `` import(`./pages/${name}.ts`) `` and `` new URL(`./img/${name}.png`, import.meta.url) ``.
//!
//! Each becomes a table of files. Keys and options are those of Vite.

use std::{collections::BTreeMap, fmt::Write as _, mem, ops::Range, path::PathBuf};

use oxc::{
    allocator::{Allocator, Vec as AllocatorVec},
    ast::ast::{
        Argument, ArrayExpressionElement, CallExpression, Expression, ImportExpression, NewExpression,
        ObjectExpression, ObjectPropertyKind, Program, Statement, TemplateLiteral,
    },
    ast_visit::{Visit, VisitMut, walk, walk_mut},
    span::{GetSpan, SPAN, SourceType, Span},
};
use rolldown_ecmascript_utils::parse_injected_expression;

use super::{
    glob_pattern::{Folders, Patterns, relative},
    literal::literal,
    mistake::Mistake,
    syntax::{name_of_url, range, text},
};

/// Looks a module up, and rejects as browsers do for a file that is not there.
const IMPORT: &str = "((modules, name) => Object.hasOwn(modules, name) ? modules[name]() : Promise.reject(new \
    TypeError(\"Failed to fetch dynamically imported module: \" + name)))";
/// Looks a URL up.
const URL: &str = "((urls, name) => Object.hasOwn(urls, name) ? urls[name] : name)";

/// The globs of a script.
#[derive(Debug, Default)]
pub(super) struct Globs {
    globs: Vec<Glob>,
    mistakes: Vec<Mistake>,
}

/// An expression that stands for files.
#[derive(Debug)]
struct Glob {
    place: Range<usize>,
    patterns: Vec<String>,
    form: GlobForm,
}

#[derive(Debug)]
enum GlobForm {
    /// `import.meta.glob`.
    Meta(GlobOptions),
    /// `import()`; the query of the file names.
    Import(String),
    /// The first argument of `new URL()`.
    Url,
}

/// The options of `import.meta.glob`.
#[derive(Debug, Default)]
struct GlobOptions {
    is_eager: bool,
    /// The export that is imported; the whole module by default.
    import: Option<String>,
    /// The query of each import, with its question mark.
    query: String,
    /// The folder of the keys.
    base: Option<String>,
    /// Whether hidden files and `node_modules` are found.
    is_exhaustive: bool,
}

/// The code that replaces globs.
#[derive(Debug, Default)]
pub(super) struct GlobCode {
    /// Expressions, by the start of the replaced one.
    expressions: BTreeMap<usize, GlobReplacement>,
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

impl Globs {
    pub(super) fn of(source: &str, program: &Program<'_>) -> Self {
        let mut globs = Self::default();
        if source.contains("import.meta.") || source.contains("import(") {
            globs.visit_program(program);
        }
        globs
    }

    pub(super) fn is_empty(&self) -> bool {
        self.globs.is_empty() && self.mistakes.is_empty()
    }

    /// The code that replaces the globs of a script, and the mistakes in them. `url` is the URL of a file that the script
    /// names at a place.
    pub(super) fn code(
        self,
        folders: Folders<'_>,
        mut url: impl FnMut(Range<usize>, &str) -> Option<String>,
    ) -> (GlobCode, Vec<Mistake>) {
        let (mut code, mut mistakes) = (GlobCode::default(), self.mistakes);
        for Glob { place, patterns, form } in self.globs {
            let base = form.base().map_or_else(|| folders.base.to_owned(), |base| folders.folder(base));
            let of_patterns = Folders { base: &base, ..folders };
            let compiled = match Patterns::new(of_patterns, &patterns, form.is_exhaustive()) {
                Ok(compiled) => compiled,
                Err(problem) => {
                    mistakes.push(Mistake::new(place, problem, "invalid glob", "fix the pattern"));
                    continue;
                }
            };
            let files = compiled.files();
            if files.is_empty() && !matches!(form, GlobForm::Meta(_)) {
                mistakes.push(Mistake::new(
                    place,
                    format!("no file matches `{}`", patterns[0]),
                    "none at build time",
                    "add the files, or fix the name: `*` stands for the variable parts",
                ));
                continue;
            }
            let start = place.start;
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
                    let keyed: Vec<_> = files.iter().map(key).zip(named).collect();
                    GlobReplacement::Whole(options.table(&keyed, start, &mut code.imports))
                }
                GlobForm::Import(query) => {
                    let entry = |name: String| {
                        let name = literal(&format!("{name}{query}"));
                        format!("{name}: () => import({name})")
                    };
                    GlobReplacement::Call(call(IMPORT, named.map(entry)))
                }
                GlobForm::Url => {
                    let urls = named.filter_map(|name| {
                        Some(format!("{}: {}", literal(&name), literal(&url(place.clone(), &name)?)))
                    });
                    GlobReplacement::Call(call(URL, urls))
                }
            };
            code.expressions.insert(start, replacement);
            code.found.push((compiled, files));
        }
        (code, mistakes)
    }

    fn template(&mut self, template: &TemplateLiteral<'_>, what: &str) -> Option<(String, String)> {
        let place = template.span.start as usize..template.span.end as usize;
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
            place,
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
            let place = call.span.start as usize..call.span.end as usize;
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
            let place = import.span.start as usize..import.span.end as usize;
            self.globs.push(Glob { place, patterns: vec![pattern], form: GlobForm::Import(query) });
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
    fn base(&self) -> Option<&str> {
        match self {
            Self::Meta(options) => options.base.as_deref(),
            Self::Import(_) | Self::Url => None,
        }
    }

    fn is_exhaustive(&self) -> bool {
        matches!(self, Self::Meta(options) if options.is_exhaustive)
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

impl GlobCode {
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

struct Replacing<'a, 'c> {
    allocator: &'a Allocator,
    code: &'c GlobCode,
}

impl<'a> VisitMut<'a> for Replacing<'a, '_> {
    fn visit_expression(&mut self, expression: &mut Expression<'a>) {
        walk_mut::walk_expression(self, expression);
        let is_glob = match expression {
            Expression::ImportExpression(_) | Expression::TemplateLiteral(_) => true,
            Expression::CallExpression(call) => is_meta_glob(call),
            _ => false,
        };
        let replacement = self.code.expressions.get(&range(expression).start).filter(|_| is_glob);
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

fn call(function: &str, entries: impl Iterator<Item = String>) -> String {
    format!("{function}({{ {} }})", entries.collect::<Vec<_>>().join(", "))
}

fn is_meta_glob(call: &CallExpression<'_>) -> bool {
    let Expression::StaticMemberExpression(member) = &call.callee else { return false };
    matches!(&member.object, Expression::ImportMeta(_)) && member.property.name == "glob"
}

fn meta_glob(call: &CallExpression<'_>) -> Result<(Vec<String>, GlobOptions), Mistake> {
    let unknown = |place: Range<usize>| {
        Mistake::new(
            place,
            "argument of `import.meta.glob` is not a literal".to_owned(),
            "not known at build time",
            "write string literals: `import.meta.glob([\"./pages/*.ts\", \"!./pages/draft.ts\"])`",
        )
    };
    let whole = call.span.start as usize..call.span.end as usize;
    let patterns = match call.arguments.first() {
        Some(Argument::ArrayExpression(array)) => {
            let pattern = |element: &ArrayExpressionElement<'_>| {
                let place = element.span().start as usize..element.span().end as usize;
                element.as_expression().and_then(text).ok_or_else(|| unknown(place))
            };
            array.elements.iter().map(pattern).collect::<Result<_, _>>()?
        }
        first => vec![first.and_then(Argument::as_expression).and_then(text).ok_or_else(|| unknown(whole))?],
    };
    let options = match call.arguments.get(1) {
        None => GlobOptions::default(),
        Some(Argument::ObjectExpression(options)) => glob_options(options)?,
        Some(other) => return Err(unknown(other.span().start as usize..other.span().end as usize)),
    };
    Ok((patterns, options))
}

fn glob_options(object: &ObjectExpression<'_>) -> Result<GlobOptions, Mistake> {
    let mut options = GlobOptions::default();
    for property in &object.properties {
        let place = property.span().start as usize..property.span().end as usize;
        let wrong = || {
            Mistake::new(
                place.clone(),
                "invalid option of `import.meta.glob`".to_owned(),
                "not an option, or not a literal",
                "the options are `eager`, `import`, `query`, `base` and `exhaustive`",
            )
        };
        let ObjectPropertyKind::ObjectProperty(property) = property else { return Err(wrong()) };
        let name = property.key.static_name().ok_or_else(wrong)?;
        match (&*name, &property.value) {
            ("eager", Expression::BooleanLiteral(value)) => options.is_eager = value.value,
            ("exhaustive", Expression::BooleanLiteral(value)) => options.is_exhaustive = value.value,
            ("import", value) => options.import = Some(text(value).ok_or_else(wrong)?),
            ("base", value) => options.base = Some(text(value).ok_or_else(wrong)?),
            ("query", Expression::ObjectExpression(query)) => {
                options.query = object_query(query).ok_or_else(wrong)?;
            }
            ("query", value) => {
                let query = text(value).ok_or_else(wrong)?;
                options.query = format!("?{}", query.trim_start_matches('?'));
            }
            ("as", value) => {
                options.query = format!("?{}", text(value).ok_or_else(wrong)?);
                options.import.get_or_insert_with(|| "default".to_owned());
            }
            _ => return Err(wrong()),
        }
    }
    Ok(options)
}

/// The query `?a&b=c` of `{ a: true, b: "c" }`.
fn object_query(object: &ObjectExpression<'_>) -> Option<String> {
    let parts = object.properties.iter().map(|property| {
        let ObjectPropertyKind::ObjectProperty(property) = property else { return None };
        let name = property.key.static_name()?;
        match &property.value {
            Expression::BooleanLiteral(value) => Some(value.value.then(|| name.to_string())),
            value => Some(Some(format!("{name}={}", text(value)?))),
        }
    });
    let parts: Option<Vec<Option<String>>> = parts.collect();
    Some(format!("?{}", parts?.into_iter().flatten().collect::<Vec<_>>().join("&")))
}
