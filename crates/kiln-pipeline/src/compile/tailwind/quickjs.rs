//! `QuickJS`, with a stack that is deep enough for Tailwind, and a limit for scripts that do not end.

use std::{cell::Cell, rc::Rc, thread};

use rquickjs::{Context, Runtime};

/// Tailwind's engine recurses deeply on large style sheets: the limit of `QuickJS` in bytes, and a thread that can hold
/// it.
const SCRIPT_STACK: usize = 8 << 20;
const THREAD_STACK: usize = 2 * SCRIPT_STACK;

/// Bytes of garbage that are kept until a sheet is done: collecting them meanwhile would take time.
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

/// How many interrupts a script may take, of which `QuickJS` makes one after 10,000 calls and jumps. A large project
/// with several plugins takes 300.
const INTERRUPTS: u32 = 50_000;

/// The interrupts that are left to a script; one that uses them up is ended.
pub(super) struct Interrupts(Rc<Cell<u32>>);

impl Interrupts {
    /// Limits the scripts of `context`.
    pub(super) fn limit(context: &Context) -> Self {
        let left = Rc::new(Cell::new(INTERRUPTS));
        let interrupts = Self(Rc::clone(&left));
        let is_exhausted = move || {
            left.update(|left| left.saturating_sub(1));
            left.get() == 0
        };
        context.runtime().set_interrupt_handler(Some(Box::new(is_exhausted)));
        interrupts
    }

    pub(super) fn reset(&self) {
        self.0.set(INTERRUPTS);
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.0.get() == 0
    }
}
