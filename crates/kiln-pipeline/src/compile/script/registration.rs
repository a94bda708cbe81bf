//! Registrations of service workers: `navigator.serviceWorker.register(new URL("./sw.ts", import.meta.url))`.

use oxc::ast::ast::{
    Argument, CallExpression, Expression, MemberExpression, NewExpression, ObjectExpression,
    ObjectPropertyKind,
};

/// The first argument of `navigator.serviceWorker.register(…)`.
pub(super) fn registered<'e, 'a>(call: &'e CallExpression<'a>) -> Option<&'e Expression<'a>> {
    let method = call.callee.get_inner_expression().as_member_expression()?;
    let container = match method.object().get_inner_expression() {
        Expression::Identifier(identifier) => &*identifier.name,
        object => object.as_member_expression()?.static_property_name()?,
    };
    let is_registration = method.static_property_name() == Some("register") && container == "serviceWorker";
    is_registration.then(|| call.arguments.first()?.as_expression()).flatten()
}

/// The URL that a registration constructs, also as its text: `new URL(…).href`.
pub(super) fn constructed_url<'e, 'a>(call: &'e CallExpression<'a>) -> Option<&'e NewExpression<'a>> {
    let script = registered(call)?.get_inner_expression();
    let member = script.as_member_expression();
    let text_of = member.filter(|member| matches!(member.static_property_name(), Some("href" | "pathname")));
    match text_of.map_or(script, MemberExpression::object).get_inner_expression() {
        Expression::NewExpression(url) => Some(url),
        _ => None,
    }
}

/// The option `scope` of a registration.
pub(super) fn scope<'e, 'a>(call: &'e CallExpression<'a>) -> Option<&'e Expression<'a>> {
    let Some(Argument::ObjectExpression(options)) = call.arguments.get(1) else { return None };
    property(options, "scope")
}

/// Removes the option `type`: the bundle of a service worker is a classic script.
pub(super) fn remove_type(call: &mut CallExpression<'_>) {
    if let Some(Argument::ObjectExpression(options)) = call.arguments.get_mut(1) {
        options.properties.retain(|property| !is_named(property, "type"));
    }
}

fn property<'e, 'a>(object: &'e ObjectExpression<'a>, name: &str) -> Option<&'e Expression<'a>> {
    object.properties.iter().find_map(|property| match property {
        ObjectPropertyKind::ObjectProperty(found) if is_named(property, name) => Some(&found.value),
        _ => None,
    })
}

fn is_named(property: &ObjectPropertyKind<'_>, name: &str) -> bool {
    matches!(property, ObjectPropertyKind::ObjectProperty(found) if found.key.is_specific_static_name(name))
}
