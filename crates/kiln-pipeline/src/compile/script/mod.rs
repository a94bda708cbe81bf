//! Scripts: TypeScript and JavaScript, bundled by rolldown in this process.

mod literal;

mod environment;

mod tsconfig;

mod import_error;

mod glob_pattern;

mod imported_style;

mod mistake;

mod syntax;

mod glob;

mod service;

mod import;

mod asset_url;

mod module_digests;

mod import_attribute;

mod code_from_text;

mod plugin;

mod minify;

mod bundle;

mod reuse;

mod string_literals;

mod path_strings;

mod remote_calls;

mod lazy_styles;

mod chunk;

mod chunk_styles;

mod compile;

pub(super) use self::{compile::compile, remote_calls::calls as remote_calls, reuse::LastBundle};
