//! Tailwind: the official engine from `node_modules`, run in `QuickJS` inside this process.
//!
//! Two threads communicate by `protocol`. `engine` owns `QuickJS` and its deep stack, and reads no files; `host` answers
//! its requests with files of the project and of `node_modules`; `plugin` bundles plugins and configurations, and
//! `bytecode` caches their compiled code. `recording` replays the engine's output while its inputs are unchanged.
//! `scanner` finds candidates: words that may be classes.

mod error;

mod scanner;

mod quickjs;

mod bytecode;

mod protocol;

mod diagnostics;

mod globals;

mod engine;

mod recording;

mod plugin;

mod host;

mod dropped;

mod compile;

pub(super) use self::{compile::compile, engine::Engines};
