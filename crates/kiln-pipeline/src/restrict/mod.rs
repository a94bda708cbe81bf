//! Stage after linking, restrict: the policy of each page, from what the page holds and loads and from the
//! configuration; and warnings of what it will refuse.

mod matcher;

mod loaded;

mod warning;

mod stage;

pub(crate) use self::stage::{RestrictedOutputs, restrict};
