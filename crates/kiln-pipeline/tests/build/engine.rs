//! Scripts of an output, run by `QuickJS` as a browser runs the modules of a page.

use rquickjs::{
    CatchResultExt, Context, Module, Runtime,
    loader::{BuiltinLoader, BuiltinResolver},
};

use crate::project::Output;

/// `document.title` after the page has loaded `scripts`, one after another.
pub(crate) fn title(output: &Output, scripts: &[&str]) -> String {
    let modules = output.report.manifest.assets.iter().filter(|asset| asset.path.extension() == Some("js"));
    let (mut resolver, mut loader) = (BuiltinResolver::default(), BuiltinLoader::default());
    for asset in modules {
        let (url, code) = (output.url(asset.path.as_str()), output.text(asset.path.as_str()));
        resolver.add_module(&url);
        loader.add_module(url, code);
    }
    let runtime = Runtime::new().expect("a runtime");
    runtime.set_loader(resolver, loader);
    let context = Context::full(&runtime).expect("a context");
    context.with(|context| {
        context.eval::<(), _>("globalThis.document = { title: '' }").expect("a document");
        for script in scripts {
            let import = Module::import(&context, output.url(script)).catch(&context);
            let import = import.unwrap_or_else(|error| panic!("{script}: {error}"));
            let module = import.finish::<rquickjs::Value<'_>>().catch(&context);
            module.unwrap_or_else(|error| panic!("{script}: {error}"));
        }
        context.eval("document.title").expect("a title")
    })
}
