//! `policy` in `Cargo.toml` as it is written: values of several types, each string with its place.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{
        MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};
use toml::Spanned;

/// `policy` in `Cargo.toml`: `false`, or the table.
#[derive(Default)]
pub(super) enum PolicyTable {
    #[default]
    Default,
    Switch(bool),
    Keys(BTreeMap<Spanned<String>, PolicyKey>),
}

/// The value of a key: the sources of a directive, the directives of a glob, or `report-only`.
pub(super) enum PolicyKey {
    Sources(Vec<Spanned<String>>),
    Pages(BTreeMap<Spanned<String>, Vec<Spanned<String>>>),
    Switch(bool),
    /// A string, which is no list.
    Text,
}

impl<'de> Deserialize<'de> for PolicyTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TableVisitor;
        impl<'de> Visitor<'de> for TableVisitor {
            type Value = PolicyTable;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`false`, or a table of directives and globs")
            }

            fn visit_bool<E>(self, is_on: bool) -> Result<PolicyTable, E> {
                Ok(PolicyTable::Switch(is_on))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PolicyTable, A::Error> {
                Deserialize::deserialize(MapAccessDeserializer::new(map)).map(PolicyTable::Keys)
            }
        }
        deserializer.deserialize_any(TableVisitor)
    }
}

impl<'de> Deserialize<'de> for PolicyKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = PolicyKey;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of sources, or a table of directives for a glob")
            }

            fn visit_bool<E>(self, is_on: bool) -> Result<PolicyKey, E> {
                Ok(PolicyKey::Switch(is_on))
            }

            fn visit_str<E>(self, _: &str) -> Result<PolicyKey, E> {
                Ok(PolicyKey::Text)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<PolicyKey, A::Error> {
                Deserialize::deserialize(SeqAccessDeserializer::new(list)).map(PolicyKey::Sources)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PolicyKey, A::Error> {
                Deserialize::deserialize(MapAccessDeserializer::new(map)).map(PolicyKey::Pages)
            }
        }
        deserializer.deserialize_any(KeyVisitor)
    }
}
