//! Last stage: writes files, manifest and the table behind `asset!`. Each file is replaced whole, and the
//! manifest after all that it names; what it no longer names is removed last. Small files of a release lie in a
//! pack.

mod pack;

mod table;

mod stage;

pub(crate) use self::stage::emit;
