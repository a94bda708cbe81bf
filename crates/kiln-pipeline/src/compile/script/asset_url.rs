//! `new URL("./logo.svg", import.meta.url)`: files that a script refers to by URL, and workers of such files.
//!
//! A worker without the option `type` becomes a module worker, because its bundle is a module.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::Path,
};

use oxc::{
    allocator::Allocator,
    ast::ast::{Argument, CallExpression, Expression, NewExpression, ObjectPropertyKind, Program},
    ast_visit::{Visit, VisitMut, walk, walk_mut},
    span::SPAN,
};
use rolldown_ecmascript_utils::{ExpressionExt, parse_injected_expression};

use super::{
    literal::literal,
    mistake::Mistake,
    registration::{constructed_url, remove_type, scope},
    service::{AssetService, Target, UrlUse},
    service_worker::Registration,
    syntax::{name_of_url, range, text},
};

/// The URLs of a script.
#[derive(Debug, Default)]
pub(super) struct AssetUrls {
    /// URLs with their places, quotes included.
    urls: Vec<(Range<usize>, String)>,
    /// Registrations of service workers, by the place of the URL.
    registrations: BTreeMap<usize, Registration>,
    /// URLs of scripts that workers and worklets run, by place.
    workers: BTreeSet<usize>,
    /// Calls of `importScripts`, which the script of a worker may not have.
    classic_imports: Vec<Range<usize>>,
    mistakes: Vec<Mistake>,
}

impl AssetUrls {
    /// The URLs of `program`, which has `mistakes` already.
    pub(super) fn of(program: &Program<'_>, mistakes: Vec<Mistake>) -> Self {
        let mut urls = Self { mistakes, ..Self::default() };
        urls.visit_program(program);
        urls
    }

    pub(super) fn is_empty(&self) -> bool {
        self.urls.is_empty() && self.mistakes.is_empty() && self.classic_imports.is_empty()
    }

    /// Targets of the URLs, by place.
    pub(super) fn targets(
        self,
        service: &mut AssetService<'_>,
        script: &Path,
        content: &str,
    ) -> BTreeMap<usize, Target> {
        service.mistakes(script, content, self.mistakes);
        if service.workers.contains(script) {
            let mistakes = self.classic_imports.into_iter().map(classic_import);
            service.mistakes(script, content, mistakes.collect());
        }
        let mut targets = BTreeMap::new();
        for (place, written) in self.urls {
            let start = place.start;
            let is_worker = self.workers.contains(&start);
            let url_use = if is_worker { UrlUse::Worker } else { UrlUse::File };
            let target = match self.registrations.get(&start) {
                Some(worker) => worker.target(service, (script, content), (place, &written)),
                None => service.url(script, content, place, &written, url_use),
            };
            targets.extend(target.map(|target| (start, target)));
        }
        targets
    }
}

impl<'a> Visit<'a> for AssetUrls {
    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        if let Some(name) = constructed_url(call).and_then(name_of_url) {
            let scope = scope(call).and_then(|scope| Some((range(scope), text(scope)?)));
            self.registrations.insert(range(name).start, Registration { scope });
        }
        if is_worklet(call) {
            let name = call.arguments.first().and_then(worker_script);
            self.workers.extend(name.map(|name| range(name).start));
        }
        if is_classic_import(call) {
            self.classic_imports.push(range(call));
        }
        walk::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        if let Some(name) = name_of_url(new) {
            let place = range(name);
            self.urls.extend(text(name).map(|text| (place, text)));
        }
        if is_worker(new)
            && let Some(name) = new.arguments.first().and_then(worker_script)
        {
            self.workers.insert(range(name).start);
            self.mistakes.extend(mistaken_options(new));
        }
        walk::walk_new_expression(self, new);
    }
}

/// Writes the tokens of targets into the script.
pub(super) fn replace<'a>(
    allocator: &'a Allocator,
    program: &mut Program<'a>,
    targets: &BTreeMap<usize, Target>,
) {
    Replacement { allocator, targets }.visit_program(program);
}

struct Replacement<'a, 't> {
    allocator: &'a Allocator,
    targets: &'t BTreeMap<usize, Target>,
}

impl<'a> VisitMut<'a> for Replacement<'a, '_> {
    fn visit_call_expression(&mut self, call: &mut CallExpression<'a>) {
        let name = constructed_url(call).and_then(name_of_url);
        if name.is_some_and(|name| self.targets.contains_key(&range(name).start)) {
            remove_type(call);
        }
        walk_mut::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, new: &mut NewExpression<'a>) {
        if is_worker(new)
            && let Some(name) = new.arguments.first().and_then(worker_script)
            && self.targets.get(&range(name).start).is_some_and(|target| target.is_script)
        {
            self.make_module(new);
        }
        let target = name_of_url(new).and_then(|name| self.targets.get(&range(name).start));
        match target {
            Some(target) => {
                new.arguments[0] = Argument::from(self.parsed(&literal(&target.token)));
            }
            None => walk_mut::walk_new_expression(self, new),
        }
    }
}

impl<'a> Replacement<'a, '_> {
    /// Adds `type: "module"` to the options of a worker without `type`.
    fn make_module(&self, new: &mut NewExpression<'a>) {
        let module = "{ type: \"module\" }";
        match new.arguments.get_mut(1) {
            None => new.arguments.push(Argument::from(self.parsed(module))),
            Some(Argument::ObjectExpression(options)) if type_of(&options.properties).is_none() => {
                if let Expression::ObjectExpression(mut module) = self.parsed(module) {
                    options.properties.extend(module.properties.drain(..));
                }
            }
            Some(options) => {
                if let Argument::StringLiteral(name) = options {
                    let named = format!("{{ type: \"module\", name: {} }}", literal(&name.value));
                    *options = Argument::from(self.parsed(&named));
                }
            }
        }
    }

    /// The expression of well-formed `code`.
    fn parsed(&self, code: &str) -> Expression<'a> {
        parse_injected_expression(self.allocator, code).unwrap_or_else(|_| {
            Expression::new_null_literal(SPAN, &oxc::ast::builder::AstBuilder::new(self.allocator))
        })
    }
}

/// The name in `new Worker(new URL(name, import.meta.url))`.
fn worker_script<'e, 'a>(argument: &'e Argument<'a>) -> Option<&'e Expression<'a>> {
    match argument {
        Argument::NewExpression(url) => name_of_url(url),
        _ => None,
    }
}

fn is_worker(new: &NewExpression<'_>) -> bool {
    new.callee.as_identifier().is_some_and(|callee| matches!(&*callee.name, "Worker" | "SharedWorker"))
}

/// Whether a call adds a module to a worklet: `audioWorklet.addModule(…)`.
fn is_worklet(call: &CallExpression<'_>) -> bool {
    let method = call.callee.get_inner_expression().as_member_expression();
    method.is_some_and(|method| method.static_property_name() == Some("addModule"))
}

fn is_classic_import(call: &CallExpression<'_>) -> bool {
    let name = "importScripts";
    match call.callee.get_inner_expression() {
        Expression::Identifier(callee) => callee.name == name,
        callee => callee.as_member_expression().is_some_and(|callee| {
            callee.static_property_name() == Some(name) && callee.object().is_specific_id("self")
        }),
    }
}

fn classic_import(place: Range<usize>) -> Mistake {
    Mistake::new(
        place,
        "`importScripts` in a worker is not supported",
        "workers are bundled as modules, which have no `importScripts`",
        "write `import`, or copy the worker and its scripts to public/ and write `new Worker(\"/w.js\")`",
    )
}

fn mistaken_options(new: &NewExpression<'_>) -> Option<Mistake> {
    let options = new.arguments.get(1)?;
    let properties = match options {
        Argument::StringLiteral(_) => return None,
        Argument::ObjectExpression(options) => &options.properties,
        _ => {
            return Some(Mistake {
                place: range(options),
                message: "worker options are not an object literal".into(),
                label: "not known at build time",
                help: "write the options here: `{ type: \"module\" }`",
            });
        }
    };
    let kind = type_of(properties)?;
    (text(kind).as_deref() != Some("module")).then(|| Mistake {
        place: range(kind),
        message: "classic workers are not supported".into(),
        label: "workers are bundled as modules",
        help: "write `type: \"module\"`, or remove `type`",
    })
}

/// The value of the property `type`.
fn type_of<'e, 'a>(properties: &'e [ObjectPropertyKind<'a>]) -> Option<&'e Expression<'a>> {
    properties.iter().find_map(|property| match property {
        ObjectPropertyKind::ObjectProperty(property) if property.key.is_specific_static_name("type") => {
            Some(&property.value)
        }
        _ => None,
    })
}
