//! Scripts: TypeScript and JavaScript, bundled by rolldown in this process.

mod literal;

mod environment;

mod tsconfig;

mod import_error;

mod glob_pattern;

mod imported_style;

mod mistake;

mod syntax;

mod type_assertions;

mod glob_arguments;

mod glob;

mod glob_code;

mod node_builtin;

mod standalone;

mod service;

mod preserved_jsx;

mod uncompiled_syntax;

mod registration;

mod service_worker;

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

mod lost_maps;

mod remote_calls;

mod inserted_styles;

mod lazy_styles;

mod chunk;

mod chunk_styles;

mod define_types;

mod css_module_types;

mod declarations;

mod compile;

pub(super) use self::{
    compile::compile, path_strings::PathStrings, remote_calls::calls as remote_calls, reuse::LastBundles,
};
