//! Tailwind: the official engine from `node_modules`, run in `QuickJS` inside this process.
//!
//! Two threads talk in the terms of `protocol`. `engine` owns `QuickJS` and a stack deep enough for it, and knows no
//! files; `host` answers its requests with what lies in the project and in `node_modules`; `plugin` makes scripts of
//! plugins and configurations, and `bytecode` keeps what `QuickJS` makes of those. `recording` knows when the engine
//! need not run at all. `scanner` finds the words that may be classes.

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

mod compile;

pub(super) use self::{compile::compile, engine::Engines};
