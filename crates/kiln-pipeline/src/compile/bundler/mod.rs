//! rolldown, in this process: for scripts, and for the plugins of Tailwind.

mod version;

mod diagnostics;

mod run;

pub(super) use self::{
    diagnostics::{Explanation, diagnose, render},
    run::{Bundled, run},
    version::{BROWSERS, VERSION},
};
