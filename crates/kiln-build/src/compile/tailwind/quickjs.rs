//! `QuickJS`, with room for what Tailwind does in it.

use std::thread;

use rquickjs::{Context, Runtime};

/// Tailwind's engine recurses deeply on large style sheets: the limit of `QuickJS` in bytes, and a thread that can hold
/// it.
const SCRIPT_STACK: usize = 8 << 20;
const THREAD_STACK: usize = 2 * SCRIPT_STACK;

/// So many bytes wait to be collected until a sheet is done, when nobody waits.
pub(super) const GARBAGE: usize = 256 << 20;

/// A thread whose stack is large enough.
pub(super) fn thread() -> thread::Builder {
    thread::Builder::new().name("tailwind".to_owned()).stack_size(THREAD_STACK)
}

pub(super) fn start() -> Result<Context, String> {
    let runtime = Runtime::new().map_err(|error| error.to_string())?;
    runtime.set_max_stack_size(SCRIPT_STACK);
    runtime.set_gc_threshold(GARBAGE);
    Context::full(&runtime).map_err(|error| error.to_string())
}
