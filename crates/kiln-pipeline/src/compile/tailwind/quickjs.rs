//! `QuickJS`, with a stack for Tailwind's recursion, and a limit for scripts that do not terminate.

use std::{cell::Cell, rc::Rc, thread};

use rquickjs::{Context, Runtime};

/// The stack limit of `QuickJS`, in bytes: Tailwind's engine recurses deeply on large style sheets.
const SCRIPT_STACK: usize = 8 << 20;
/// The stack of a thread that runs `QuickJS`, in bytes.
const THREAD_STACK: usize = 2 * SCRIPT_STACK;

/// The threshold of garbage collection, in bytes: large enough that no collection interrupts a job.
pub(super) const GARBAGE: usize = 256 << 20;

/// A thread with a stack for `QuickJS`.
pub(super) fn thread() -> thread::Builder {
    thread::Builder::new().name("tailwind".to_owned()).stack_size(THREAD_STACK)
}

pub(super) fn start() -> Result<Context, String> {
    let runtime = Runtime::new().map_err(|error| error.to_string())?;
    runtime.set_max_stack_size(SCRIPT_STACK);
    runtime.set_gc_threshold(GARBAGE);
    Context::full(&runtime).map_err(|error| error.to_string())
}

/// The limit of interrupts for a script. `QuickJS` calls the interrupt handler after 10,000 calls and jumps; a large
/// project with several plugins takes 300 interrupts.
const INTERRUPTS: u32 = 50_000;

/// The remaining interrupts of a script, which is aborted at zero.
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
