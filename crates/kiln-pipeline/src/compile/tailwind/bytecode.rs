//! Bytecode of `QuickJS`, cached: compiling the engine and its plugins takes longer than starting them.

#![allow(unsafe_code, reason = "`rquickjs` knows bytecode of modules alone, which are always strict")]
#![allow(clippy::cast_possible_truncation, reason = "`size_t` is as wide as `usize`")]

use std::{ffi::CStr, slice, thread};

use kiln_manifest::Digest;
use rquickjs::{CatchResultExt, CaughtError, Ctx, FromJs, Function, Value, qjs};

use super::{error::failed, quickjs};
use crate::{Result, cache::Cache, executable::identity, parallel::joined};

/// A function, compiled by the `QuickJS` of this executable.
pub(super) struct Bytecode(Vec<u8>);

impl Bytecode {
    /// The function that runs the `CommonJS` module `source`. `path` is for errors.
    pub(super) fn of(cache: &Cache, source: &str, path: &str) -> Result<Self> {
        let compiler = compiler()?;
        let key = Digest::of_parts(["bytecode", &compiler, source].map(str::as_bytes));
        let entry = match cache.get(&key) {
            Some(entry) => entry,
            None => cache.keep(&key, compiled(source, path)?)?,
        };
        Ok(Self(entry.bytes))
    }

    pub(super) fn load<'js>(&self, js: &Ctx<'js>) -> rquickjs::Result<Function<'js>> {
        let context = js.as_raw().as_ptr();
        let flags = qjs::JS_READ_OBJ_BYTECODE.cast_signed();
        // SAFETY: the bytes are the result of `write`. Bytes from the cache are intact, by their digest, and of this
        // `QuickJS`, by their key. `JS_EvalFunction` takes ownership of the value, which may be an exception.
        let function = unsafe {
            let script = qjs::JS_ReadObject(context, self.0.as_ptr(), self.0.len() as qjs::size_t, flags);
            Value::from_raw(js.clone(), qjs::JS_EvalFunction(context, script))
        };
        Function::from_js(js, thrown(function)?)
    }
}

/// The identity of this `QuickJS`: its version, and the executable that holds it, because builds of one version may
/// differ.
fn compiler() -> Result<String> {
    // SAFETY: the version is a constant of `QuickJS`.
    let version = unsafe { CStr::from_ptr(qjs::JS_GetVersion()) }.to_string_lossy();
    Ok(format!("{version}, {}", identity()?))
}

fn compiled(source: &str, path: &str) -> Result<Vec<u8>> {
    let compile =
        || quickjs::start()?.with(|js| write(&js, source).catch(&js).map_err(|error| message(&error)));
    let compiled = thread::scope(|scope| {
        let compiling = quickjs::thread().spawn_scoped(scope, compile).map_err(|cause| cause.to_string())?;
        joined(compiling)
    });
    compiled.map_err(|problem| failed(format!("{path}: {problem}")))
}

fn message(error: &CaughtError<'_>) -> String {
    let exception = match error {
        CaughtError::Exception(exception) => exception.message(),
        _ => None,
    };
    exception.unwrap_or_else(|| error.to_string())
}

fn write(js: &Ctx<'_>, source: &str) -> rquickjs::Result<Vec<u8>> {
    let script = format!("(function (module, exports, require, __filename, __dirname) {{{source}\n}})\0");
    let length = (script.len() - 1) as qjs::size_t;
    let context = js.as_raw().as_ptr();
    let compile = (qjs::JS_EVAL_TYPE_GLOBAL | qjs::JS_EVAL_FLAG_COMPILE_ONLY).cast_signed();
    // SAFETY: the text ends with a NUL, which `length` excludes.
    let script = unsafe {
        let script = qjs::JS_Eval(context, script.as_ptr().cast(), length, c"module".as_ptr(), compile);
        Value::from_raw(js.clone(), script)
    };
    let script = thrown(script)?;
    let flags = qjs::JS_WRITE_OBJ_BYTECODE.cast_signed();
    let mut length = 0;
    // SAFETY: the buffer holds `length` bytes, and is the caller's to free.
    unsafe {
        let written = qjs::JS_WriteObject(context, &raw mut length, script.as_raw(), flags);
        if written.is_null() {
            return Err(rquickjs::Error::Exception);
        }
        let bytes = slice::from_raw_parts(written, length as usize).to_vec();
        qjs::js_free(context, written.cast());
        Ok(bytes)
    }
}

fn thrown(value: Value<'_>) -> rquickjs::Result<Value<'_>> {
    if value.is_exception() { Err(rquickjs::Error::Exception) } else { Ok(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The export of the module.
    fn exported(bytecode: &Bytecode) -> std::result::Result<String, String> {
        quickjs::start()?.with(|js| {
            let run = || {
                let module = rquickjs::Object::new(js.clone())?;
                bytecode.load(&js)?.call::<_, ()>((module.clone(),))?;
                module.get("exports")
            };
            run().catch(&js).map_err(|error| error.to_string())
        })
    }

    #[test]
    fn a_script_is_compiled_once_and_runs_as_in_node() {
        let folder = tempfile::tempdir().expect("folder");
        let cache = Cache::open(folder.path()).expect("cache");
        // Undeclared variables and octal literals are errors in strict mode.
        let source =
            "undeclared = 010; module.exports = `${undeclared} ${typeof this} \0 ${() => 1}`; // a comment";
        let first = Bytecode::of(&cache, source, "/a.js").expect("compiled");
        assert_eq!(exported(&first), Ok("8 object \0 () => 1".to_owned()));
        let entries = || std::fs::read_dir(folder.path()).expect("entries").count();
        let count = entries();
        let second = Bytecode::of(&cache, source, "/a.js").expect("cached");
        assert_eq!((exported(&second), entries()), (exported(&first), count));
        assert_ne!(Bytecode::of(&cache, "module.exports = ''", "/a.js").expect("compiled").0, first.0);
        assert_eq!(entries(), count + 1);
    }

    #[test]
    fn a_script_that_does_not_parse_is_an_error_and_not_cached() {
        let folder = tempfile::tempdir().expect("folder");
        let cache = Cache::open(folder.path()).expect("cache");
        let error = Bytecode::of(&cache, "const = 1;", "/a.js").err().expect("an error").to_string();
        assert_eq!(error, "Tailwind failed: /a.js: variable name expected");
        assert_eq!(std::fs::read_dir(folder.path()).expect("entries").count(), 1, "the lock alone");
    }
}
