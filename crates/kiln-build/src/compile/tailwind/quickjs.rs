//! `QuickJS`, with room for what Tailwind does in it.

use std::{cell::Cell, rc::Rc, thread};

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

/// How often a script may be asked whether it should go on, which `QuickJS` does after 10,000 calls and jumps. A large
/// project with several plugins takes 300.
const PATIENCE: u32 = 50_000;

/// Ends scripts that come to no end.
pub(super) struct Patience(Rc<Cell<u32>>);

impl Patience {
    pub(super) fn with(context: &Context) -> Self {
        let left = Rc::new(Cell::new(PATIENCE));
        let patience = Self(Rc::clone(&left));
        let is_at_its_end = move || {
            left.update(|left| left.saturating_sub(1));
            left.get() == 0
        };
        context.runtime().set_interrupt_handler(Some(Box::new(is_at_its_end)));
        patience
    }

    pub(super) fn restore(&self) {
        self.0.set(PATIENCE);
    }

    pub(super) fn is_at_its_end(&self) -> bool {
        self.0.get() == 0
    }
}
