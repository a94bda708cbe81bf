//! The compiler of styles.

use std::path::Path;

use kiln_manifest::{Exposure, LogicalPath, Mode};

use super::{
    bundle::bundle,
    minify::minify,
    modules::{Module, Modules, is_module},
    targets::targets,
};
use crate::{
    Error, Result,
    compile::{
        context::Context,
        css::{
            Scan, policy,
            sheets::{Mapped, Sheet},
        },
        output::{Compiled, Content},
        tailwind::Engines,
    },
    reference::output_of,
    source::Source,
};

/// The compiler of style sheets, for pages and for scripts that import them.
#[derive(Clone, Copy, Debug)]
pub(in crate::compile) struct Styles<'a> {
    pub(in crate::compile) context: &'a Context<'a>,
    engines: &'a Engines,
}

impl<'a> Styles<'a> {
    pub(in crate::compile) fn new(context: &'a Context<'a>, engines: &'a Engines) -> Self {
        Self { context, engines }
    }

    /// Compiles entries, each with its imports.
    pub(in crate::compile) fn compile_all<'s>(
        &self,
        entries: impl Iterator<Item = &'s Source>,
    ) -> Result<Vec<Compiled>> {
        Error::collect(entries.map(|entry| self.compile(entry)))
    }

    fn compile(&self, source: &Source) -> Result<Compiled> {
        let css = if is_module(&source.file) {
            let sheets = self.module(&source.file)?.sheets;
            Mapped::joined(&sheets.iter().map(|(_, css)| css).collect::<Vec<_>>())
        } else {
            self.bundled(&source.file)?
        };
        Ok(self.output(output_of(source), source.exposure, self.finish(css)?))
    }

    /// The output of a style sheet in its served form.
    pub(in crate::compile) fn output(&self, path: LogicalPath, exposure: Exposure, css: Mapped) -> Compiled {
        if let Some(map) = css.map {
            self.context.map(path.clone(), map);
        }
        let policy = policy(&Scan::of(&css.text));
        Compiled { policy, ..Compiled::new(path, exposure, Content::Text(css.text)) }
    }

    /// One style sheet with its imports, neither minified nor prefixed.
    pub(in crate::compile) fn bundled(&self, file: &Path) -> Result<Mapped> {
        let entry = Sheet::read(self.context, file)?;
        bundle(self.context, self.engines, entry, self.context.config.mode)
    }

    /// A CSS module, and the modules that it composes from.
    ///
    /// # Errors
    /// When it does not parse, or composes a class that does not exist.
    pub(in crate::compile) fn module(&self, file: &Path) -> Result<Module> {
        Modules::new(self.context, self.engines).compile(file)
    }

    /// A style sheet in its served form: minified and prefixed in a release.
    pub(in crate::compile) fn finish(&self, css: Mapped) -> Result<Mapped> {
        match self.context.config.mode {
            Mode::Dev => Ok(css),
            Mode::Release => {
                let targets = targets(self.context.config.options.targets.as_ref());
                Ok(Mapped::plain(minify(&css.text, targets)?))
            }
        }
    }
}
