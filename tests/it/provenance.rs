//! `version --json` and `sbom`.

use serde_json::Value;

use crate::process::{output, text};

fn json(arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let written = output(folder.path(), arguments);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    serde_json::from_slice(&written.stdout).expect("JSON")
}

#[test]
fn the_version_in_json_names_compiler_features_and_build() {
    let version = json(&["version", "--json"]);
    assert_eq!(version["name"], "whatsit");
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
    assert!(version["rustc"].as_str().is_some_and(|rustc| rustc.starts_with("rustc 1.")), "{version}");
    let features = version["features"].as_array().expect("features");
    assert_eq!(features.contains(&Value::from("otel")), cfg!(feature = "otel"), "{version}");
    let assets = kiln::assets::Assets::load::<whatsit::assets::Embedded>().expect("assets");
    assert_eq!(version["build_id"], assets.manifest().build_id.to_string());
}

#[test]
fn the_bill_of_materials_lists_crates_and_npm_packages_with_their_part() {
    let bill = json(&["sbom"]);
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.6".into()));
    assert_eq!(bill["metadata"]["component"]["name"], "whatsit");
    let components = bill["components"].as_array().expect("components");
    let scope = |purl: &str| {
        let found = components.iter().find(|one| one["purl"].as_str().is_some_and(|it| it.starts_with(purl)));
        found.map(|one| one["scope"].as_str().expect("a scope"))
    };
    assert_eq!(scope("pkg:cargo/actix-web@"), Some("required"));
    assert_eq!(scope("pkg:cargo/kiln@"), Some("required"));
    assert_eq!(scope("pkg:cargo/kiln-build@"), Some("excluded"));
    assert_eq!(scope("pkg:cargo/serde_derive@"), Some("excluded"), "a macro is not in the executable");
    assert_eq!(scope("pkg:npm/preact@"), Some("required"));
    assert_eq!(scope("pkg:cargo/insta@"), None, "tests take no part in the build");
    assert_eq!(scope("pkg:cargo/opentelemetry@").is_some(), cfg!(feature = "otel"));
    assert!(!bill.to_string().contains(env!("CARGO_MANIFEST_DIR")), "the bill is the same in any folder");
}
