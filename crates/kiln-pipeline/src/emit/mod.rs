//! Last stage, emit: writes files, the manifest and the table behind `asset!`. Each file is replaced atomically, the
//! manifest after all files that it names; stale files are removed last. Small files of a release lie in a pack.

mod headers;

mod pack;

mod table;

mod declarations;

mod stage;

pub(crate) use self::stage::emit;
