//! Import attributes: `with { type: "css" }` and `with { type: "text" }` become queries. `with { type: "json" }` stays, because
//! JSON is a module without it as well.

use oxc::{
    allocator::Allocator,
    ast::ast::{
        Expression, ImportAttributeKey, ImportDeclaration, ImportExpression, ObjectPropertyKind, Program,
        StringLiteral,
    },
    ast_visit::{VisitMut, walk_mut},
};

/// Replaces attributes by queries.
pub(super) fn replace<'a>(allocator: &'a Allocator, program: &mut Program<'a>) {
    Attributes { allocator }.visit_program(program);
}

/// Whether a script may have attributes.
pub(super) fn are_in(source: &str) -> bool {
    source.contains("with") && source.contains("type") && (source.contains("css") || source.contains("text"))
}

struct Attributes<'a> {
    allocator: &'a Allocator,
}

impl<'a> VisitMut<'a> for Attributes<'a> {
    fn visit_import_declaration(&mut self, import: &mut ImportDeclaration<'a>) {
        let attributes = import.with_clause.iter().flat_map(|clause| &clause.with_entries);
        let query = attributes
            .filter(|attribute| match &attribute.key {
                ImportAttributeKey::Identifier(name) => name.name == "type",
                ImportAttributeKey::StringLiteral(name) => name.value == "type",
            })
            .find_map(|attribute| query_of(&attribute.value.value));
        if let Some(query) = query {
            self.append(&mut import.source, query);
            import.with_clause = None;
        }
    }

    fn visit_import_expression(&mut self, import: &mut ImportExpression<'a>) {
        let query = import.options.as_ref().and_then(|options| property(options, "with"));
        let query = query.and_then(|with| property(with, "type")).and_then(|value| match value {
            Expression::StringLiteral(value) => query_of(&value.value),
            _ => None,
        });
        if let (Some(query), Expression::StringLiteral(source)) = (query, &mut import.source) {
            self.append(source, query);
            import.options = None;
        }
        walk_mut::walk_import_expression(self, import);
    }
}

impl<'a> Attributes<'a> {
    fn append(&self, source: &mut StringLiteral<'a>, query: &str) {
        source.value = self.allocator.alloc_str(&format!("{}{query}", source.value)).into();
        source.raw = None;
    }
}

/// The query that stands for a `type`.
fn query_of(type_: &str) -> Option<&'static str> {
    match type_ {
        "css" => Some("?sheet"),
        "text" => Some("?raw"),
        _ => None,
    }
}

/// The property `name` of an object literal.
fn property<'e, 'a>(object: &'e Expression<'a>, name: &str) -> Option<&'e Expression<'a>> {
    let Expression::ObjectExpression(object) = object else { return None };
    object.properties.iter().find_map(|property| match property {
        ObjectPropertyKind::ObjectProperty(property) if property.key.is_specific_static_name(name) => {
            Some(&property.value)
        }
        _ => None,
    })
}
