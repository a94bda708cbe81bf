//! Styles: CSS bundled, prefixed and minified by lightningcss, after Tailwind's engine where a sheet uses it.

mod targets;

mod minify;

mod external_imports;

mod bundle;

mod private_names;

mod modules;

mod join;

mod styles;

pub(super) use self::{join::join, modules::is_module, styles::Styles};
