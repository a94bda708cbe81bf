//! Origins of URLs: that of hashed assets, that of the page, or that of the site.
//!
//! A script of another origin than the page's resolves a path against its own URL. What browsers load from the origin of
//! the page alone has to name that origin there.

use kiln_manifest::Exposure;

use super::linker::Linker;
use crate::{
    Error, Result,
    reference::{Form, Reference, ReferenceSite, UrlOrigin},
};

impl Linker<'_> {
    /// The origin of hashed assets, when the output at `position` is one.
    pub(super) fn asset_origin(&self, position: usize) -> Option<&str> {
        let output = &self.outputs[position];
        self.config.asset_origin().filter(|_| output.exposure.takes_origin(&output.media_type))
    }

    /// The origin before the URL of a reference in the output at `holder`; `None` for a path alone.
    pub(super) fn origin(&self, holder: usize, reference: &Reference) -> Option<&str> {
        let Form::Url { origin, .. } = &reference.form else { return None };
        let site = self.config.options.site.as_deref();
        match origin {
            UrlOrigin::Site => site,
            _ if self.needs_site(holder, reference) => site,
            UrlOrigin::Page => None,
            UrlOrigin::Assets => self.asset_origin(self.index[&reference.target]),
        }
    }

    /// Checks that scripts of another origin can name the origin of the page.
    ///
    /// # Errors
    /// Each reference for which `site` is missing.
    pub(super) fn check_origins(&self) -> Result<()> {
        if self.config.options.site.is_some() || self.config.asset_origin().is_none() {
            return Ok(());
        }
        let holders = self.outputs.iter().enumerate();
        let references = holders
            .flat_map(|(holder, output)| self.references_in(&output.content).map(move |one| (holder, one)));
        let needing = references.filter(|(holder, reference)| self.needs_site(*holder, reference));
        let errors = needing.filter_map(|(_, reference)| {
            let site = self.references.site(reference)?;
            let error = site.error(format!("`{}` is loaded from the origin of the page alone", reference.target))?;
            Some(
                error
                    .with_label("in a script of `asset-origin`")
                    .with_help("add `site = \"https://…\"` to [package.metadata.kiln]: workers and files under their own names have no other origin")
                    .into(),
            )
        });
        Error::all(errors.collect())
    }

    /// Whether a script of another origin refers to a file of the page's origin: a worker, or a file under its own name.
    fn needs_site(&self, holder: usize, reference: &Reference) -> bool {
        let target = self.index[&reference.target];
        if self.asset_origin(holder).is_none() || !self.is_script(holder) {
            return false;
        }
        match reference.form {
            Form::Url { .. } => {
                self.outputs[target].exposure != Exposure::Hashed
                    || self.is_script(target)
                        && matches!(self.references.site(reference), Some(ReferenceSite::Source(..)))
            }
            Form::Integrity | Form::AssetList => false,
        }
    }

    fn is_script(&self, position: usize) -> bool {
        self.outputs[position].media_type.starts_with("text/javascript")
    }
}
