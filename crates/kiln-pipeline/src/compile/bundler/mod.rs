//! rolldown, in this process: for scripts, and for the plugins of Tailwind.

mod diagnostics;

mod run;

pub(super) use self::{
    diagnostics::{Explanation, failed, render},
    run::{BROWSERS, Bundled, VERSION, run},
};
