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
    use crate::{Error, Result, compile::Compiled, compile::Stage, discover::Source};

    pub(in crate::compile) fn compile(_: &Stage<'_>, entries: &[&Source]) -> Result<Vec<Compiled>> {
        entries.iter().map(|entry| Err(Error::without_feature(entry.path.as_str(), "scripts"))).collect()
    }
}

#[cfg(not(feature = "styles"))]
pub(super) mod style {
    use crate::{Error, Result, compile::Compiled, compile::Stage, discover::Source};

    pub(in crate::compile) fn compile(_: &Stage<'_>, source: &Source) -> Result<Compiled> {
        Err(Error::without_feature(source.path.as_str(), "styles"))
    }
}

#[cfg(all(feature = "styles", not(feature = "tailwind")))]
pub(super) mod tailwind {
    use crate::{
        Error, Result,
        compile::{Stage, style::Marked},
    };

    pub(in crate::compile) fn compile(_: &Stage<'_>, sheet: Marked) -> Result<String> {
        Err(Error::without_feature(sheet.text.name(), "tailwind"))
    }
}
