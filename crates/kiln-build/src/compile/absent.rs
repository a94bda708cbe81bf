//! What stands in for a language whose feature is off. The discover stage gives no source to such a language, so
//! there is nothing to compile.

#[cfg(not(feature = "pages"))]
pub(super) mod page {
    use std::{convert::Infallible, marker::PhantomData};

    use crate::{
        Error, Result,
        compile::{Compiled, Entry, Graph, Stage},
        discover::Source,
    };

    /// There is none.
    #[derive(Debug)]
    pub(in crate::compile) struct Page<'a>(Infallible, PhantomData<&'a Source>);

    impl<'a> Page<'a> {
        pub(in crate::compile) fn read(_: &Stage<'_>, source: &'a Source) -> Result<Self> {
            Err(Error::without_feature(source.path.as_str(), "pages"))
        }

        pub(in crate::compile) fn entries<'s>(&self, _: &Stage<'s>) -> Vec<Entry<'s>> {
            match self.0 {}
        }

        pub(in crate::compile) fn compile(self, _: &Stage<'_>, _: &Graph) -> Result<Compiled> {
            match self.0 {}
        }
    }
}

#[cfg(not(feature = "scripts"))]
pub(super) mod script {
    use crate::{Error, Result, compile::Scripts, compile::Stage, discover::Source};

    pub(in crate::compile) fn compile<'a>(_: &'a Stage<'a>, entries: &[&Source]) -> Result<Scripts<'a>> {
        let off = entries.iter().map(|entry| Error::without_feature(entry.path.as_str(), "scripts"));
        Error::all(off.collect()).map(|()| Scripts::default())
    }
}

#[cfg(not(feature = "styles"))]
pub(super) mod style {
    use crate::{Error, Result, compile::Compiled, compile::Stage, discover::Source};

    pub(in crate::compile) fn compile(_: &Stage<'_>, source: &Source) -> Result<Compiled> {
        Err(Error::without_feature(source.path.as_str(), "styles"))
    }

    #[cfg(feature = "scripts")]
    pub(in crate::compile) use self::imported::*;

    /// What scripts ask of style sheets.
    #[cfg(feature = "scripts")]
    mod imported {
        use std::{
            collections::BTreeMap,
            path::{Path, PathBuf},
        };

        use crate::{
            Error, Result,
            compile::{Stage, mapped::Mapped},
        };

        pub(in crate::compile) struct Module {
            pub(in crate::compile) exports: BTreeMap<String, String>,
            pub(in crate::compile) sheets: Vec<(PathBuf, Mapped)>,
        }

        pub(in crate::compile) fn is_module(_: &Path) -> bool {
            false
        }

        pub(in crate::compile) fn module(stage: &Stage<'_>, file: &Path) -> Result<Module> {
            Err(Error::without_feature(stage.config.name_of(file), "styles"))
        }

        pub(in crate::compile) fn plain(stage: &Stage<'_>, file: &Path) -> Result<Mapped> {
            Err(Error::without_feature(stage.config.name_of(file), "styles"))
        }

        pub(in crate::compile) fn joined(_: &[&Mapped]) -> Result<Mapped> {
            Err(Error::without_feature("assets", "styles"))
        }

        pub(in crate::compile) fn finished(_: &Stage<'_>, _: Mapped) -> Result<Mapped> {
            Err(Error::without_feature("assets", "styles"))
        }
    }
}

#[cfg(all(feature = "styles", not(feature = "tailwind")))]
pub(super) mod tailwind {
    use crate::{
        Error, Result,
        compile::{Stage, mapped::Mapped, style::Marked},
    };

    #[expect(clippy::needless_pass_by_value)]
    pub(in crate::compile) fn compile(_: &Stage<'_>, sheet: Marked) -> Result<Mapped> {
        Err(Error::without_feature(sheet.text.name(), "tailwind"))
    }
}
