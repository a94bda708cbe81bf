//! The arguments of `import.meta.glob`, which are literals. Names and meaning are those of Vite.

use std::ops::Range;

use oxc::ast::ast::{
    Argument, ArrayExpressionElement, CallExpression, Expression, ObjectExpression, ObjectPropertyKind,
};

use super::{
    mistake::Mistake,
    syntax::{range, text},
};

/// The options of `import.meta.glob`.
#[derive(Debug, Default)]
pub(super) struct GlobOptions {
    pub(super) is_eager: bool,
    /// The export that is imported; the whole module by default.
    pub(super) import: Option<String>,
    /// The query of each import, with its question mark.
    pub(super) query: String,
    /// The folder of the keys.
    pub(super) base: Option<String>,
    /// Whether hidden files and `node_modules` are found.
    pub(super) is_exhaustive: bool,
}

/// Whether a call is one of `import.meta.glob`.
pub(super) fn is_meta_glob(call: &CallExpression<'_>) -> bool {
    let Expression::StaticMemberExpression(member) = &call.callee else { return false };
    matches!(&member.object, Expression::ImportMeta(_)) && member.property.name == "glob"
}

/// The patterns and options of a call.
///
/// # Errors
/// When an argument is not a literal, or no option.
pub(super) fn meta_glob(call: &CallExpression<'_>) -> Result<(Vec<String>, GlobOptions), Mistake> {
    let unknown = |place: Range<usize>| {
        Mistake::new(
            place,
            "argument of `import.meta.glob` is not a literal".to_owned(),
            "not known at build time",
            "write string literals: `import.meta.glob([\"./pages/*.ts\", \"!./pages/draft.ts\"])`",
        )
    };
    let patterns = match call.arguments.first() {
        Some(Argument::ArrayExpression(array)) => {
            let pattern = |element: &ArrayExpressionElement<'_>| {
                element.as_expression().and_then(text).ok_or_else(|| unknown(range(element)))
            };
            array.elements.iter().map(pattern).collect::<Result<_, _>>()?
        }
        first => {
            vec![first.and_then(Argument::as_expression).and_then(text).ok_or_else(|| unknown(range(call)))?]
        }
    };
    let options = match call.arguments.get(1) {
        None => GlobOptions::default(),
        Some(Argument::ObjectExpression(options)) => glob_options(options)?,
        Some(other) => return Err(unknown(range(other))),
    };
    Ok((patterns, options))
}

fn glob_options(object: &ObjectExpression<'_>) -> Result<GlobOptions, Mistake> {
    let mut options = GlobOptions::default();
    for property in &object.properties {
        let wrong = || {
            Mistake::new(
                range(property),
                "invalid option of `import.meta.glob`".to_owned(),
                "not an option, or not a literal",
                "the options are `eager`, `import`, `query`, `base` and `exhaustive`",
            )
        };
        let ObjectPropertyKind::ObjectProperty(property) = property else { return Err(wrong()) };
        let name = property.key.static_name().ok_or_else(wrong)?;
        match (&*name, &property.value) {
            ("eager", Expression::BooleanLiteral(value)) => options.is_eager = value.value,
            ("exhaustive", Expression::BooleanLiteral(value)) => options.is_exhaustive = value.value,
            ("import", value) => options.import = Some(text(value).ok_or_else(wrong)?),
            ("base", value) => options.base = Some(text(value).ok_or_else(wrong)?),
            ("query", Expression::ObjectExpression(query)) => {
                options.query = object_query(query).ok_or_else(wrong)?;
            }
            ("query", value) => {
                let query = text(value).ok_or_else(wrong)?;
                options.query = format!("?{}", query.trim_start_matches('?'));
            }
            ("as", value) => {
                options.query = format!("?{}", text(value).ok_or_else(wrong)?);
                options.import.get_or_insert_with(|| "default".to_owned());
            }
            _ => return Err(wrong()),
        }
    }
    Ok(options)
}

/// The query `?a&b=c` of `{ a: true, b: "c" }`.
fn object_query(object: &ObjectExpression<'_>) -> Option<String> {
    let parts = object.properties.iter().map(|property| {
        let ObjectPropertyKind::ObjectProperty(property) = property else { return None };
        let name = property.key.static_name()?;
        match &property.value {
            Expression::BooleanLiteral(value) => Some(value.value.then(|| name.to_string())),
            value => Some(Some(format!("{name}={}", text(value)?))),
        }
    });
    let parts: Option<Vec<Option<String>>> = parts.collect();
    Some(format!("?{}", parts?.into_iter().flatten().collect::<Vec<_>>().join("&")))
}
