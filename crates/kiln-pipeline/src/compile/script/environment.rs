//! Values that replace names in scripts: `import.meta.env`, with the mode of the build and public environment variables, and
//! the key `define`.
//!
//! A value of the environment becomes a string literal, so that it cannot be code. Variables without the public prefix are undefined.

use std::collections::{BTreeMap, BTreeSet};

use kiln_manifest::Mode;

use super::literal::literal;
use crate::Config;

const META: &str = "import.meta";
const OBJECT: &str = "import.meta.env";

/// The code that replaces each name.
pub(super) fn definitions(config: &Config) -> Vec<(String, String)> {
    let (name, is_dev) = (config.mode_name(), config.mode == Mode::Dev);
    let mut values: BTreeMap<&str, String> =
        config.public_variables().map(|(name, value)| (name, literal(value))).collect();
    values.insert("MODE", literal(name));
    values.insert("DEV", is_dev.to_string());
    values.insert("PROD", (!is_dev).to_string());
    values.insert("SSR", false.to_string());
    values.insert("BASE_URL", literal(&config.options.mount));
    let members: Vec<_> = values.iter().map(|(name, value)| format!("{}: {value}", literal(name))).collect();
    let object = format!("{{ {} }}", members.join(", "));
    // npm packages read these, and browsers have no `process`.
    let node = ["process.env", "globalThis.process.env"]
        .map(|environment| (environment.to_owned(), "{}".to_owned()))
        .into_iter()
        .chain([("process.env.NODE_ENV".to_owned(), literal(name))]);
    // Code for hot updates is removed as dead code.
    let hot = ("import.meta.hot".to_owned(), "undefined".to_owned());
    let own = config.options.define.iter().map(|(name, value)| (name.clone(), value.to_string()));
    let each = values.into_iter().filter(|(name, _)| is_identifier(name));
    let each = each.map(|(name, value)| (format!("{OBJECT}.{name}"), value));
    let any_other = (format!("{OBJECT}.*"), "undefined".to_owned());
    each.chain(node).chain(own).chain([hot, any_other, (OBJECT.to_owned(), object)]).collect()
}

fn is_identifier(name: &str) -> bool {
    name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// The variables that scripts read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct EnvironmentReads {
    names: BTreeSet<String>,
    /// Whether `import.meta.env` is used as a whole, which reads every variable.
    all: bool,
}

impl EnvironmentReads {
    /// Reads in `source`, comments included: these cost a superfluous build at most.
    pub(super) fn of(source: &str) -> Self {
        // `(import.meta as any).env`, and `const meta = import.meta`.
        let is_indirect = |(start, _)| !source[start + META.len()..].starts_with('.');
        let mut reads = Self { all: source.match_indices(META).any(is_indirect), ..Self::default() };
        for (start, _) in source.match_indices(OBJECT) {
            let rest = &source[start + OBJECT.len()..];
            if rest.starts_with(|next: char| next.is_alphanumeric() || next == '_') {
                continue;
            }
            let member = rest.strip_prefix('.').unwrap_or_default();
            let end = member.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(member.len());
            match &member[..end] {
                "" => reads.all = true,
                name => {
                    reads.names.insert(name.to_owned());
                }
            }
        }
        reads
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && !self.all
    }

    pub(super) fn add(&mut self, other: Self) {
        self.names.extend(other.names);
        self.all |= other.all;
    }

    /// Variables of the environment, which begin with the public prefix.
    pub(super) fn of_environment(self, config: &Config) -> BTreeSet<String> {
        let present = config.public_variables().map(|(name, _)| name.to_owned());
        let all = self.all.then_some(present).into_iter().flatten();
        let named = self.names.into_iter().filter(|name| name.starts_with(&config.options.env_prefix));
        named.chain(all).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_read_of_the_environment_is_found() {
        let names = |source: &str| {
            let reads = EnvironmentReads::of(source);
            (reads.names.into_iter().collect::<Vec<_>>().join(" "), reads.all)
        };
        assert_eq!(
            names("import.meta.env.PUBLIC_A + import.meta.env.MODE"),
            ("MODE PUBLIC_A".to_owned(), false)
        );
        assert_eq!(names("import.meta.env?.PUBLIC_A"), (String::new(), true));
        assert_eq!(names("import.meta.environment"), (String::new(), false));
        assert_eq!(names("(import.meta as any).env.PUBLIC_A"), (String::new(), true));
        assert_eq!(names("const { PUBLIC_A } = import.meta.env;"), (String::new(), true));
        assert_eq!(names("import.meta.env[name]"), (String::new(), true));
    }
}
