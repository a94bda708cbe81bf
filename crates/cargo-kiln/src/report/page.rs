//! The report as one HTML file: data, style and script stand in it, and its policy forbids any request.

use std::collections::BTreeMap;

use kiln_manifest::{Asset, LogicalPath};
use kiln_pipeline::Report;
use miette::{IntoDiagnostic, Result};
use serde::Serialize;

use super::table::embedded;

const TEMPLATE: &str = include_str!("page.html");

/// Place of the data in the template.
const PLACE: &str = "KILN_DATA";

#[derive(Serialize)]
struct Data<'a> {
    /// Bytes of all assets in all codings.
    total: u64,
    /// Bytes of the manifest.
    manifest: usize,
    assets: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    path: &'a str,
    #[serde(rename = "type")]
    media_type: &'a str,
    url: Option<&'a str>,
    /// Bytes by coding.
    sizes: BTreeMap<&'static str, u64>,
    embedded: u64,
    referrers: Vec<&'a str>,
}

pub(super) fn page(report: &Report) -> Result<String> {
    let manifest = &report.manifest;
    let data = Data {
        total: manifest.assets.iter().map(embedded).sum(),
        manifest: serde_json::to_vec_pretty(manifest).into_diagnostic()?.len(),
        assets: manifest.assets.iter().map(|asset| row(report, asset)).collect(),
    };
    // The end of a script element begins with `<`, and with nothing else (HTML §13.2.5.4).
    let json = serde_json::to_string(&data).into_diagnostic()?.replace('<', "\\u003c");
    Ok(TEMPLATE.replacen(PLACE, &json, 1))
}

fn row<'a>(report: &'a Report, asset: &'a Asset) -> Row<'a> {
    let referrers = report.referrers.get(&asset.path).into_iter().flatten();
    Row {
        path: asset.path.as_str(),
        media_type: &asset.media_type,
        url: asset.url.as_deref(),
        sizes: asset.variants.iter().map(|variant| (variant.coding.token(), variant.length)).collect(),
        embedded: embedded(asset),
        referrers: referrers.map(LogicalPath::as_str).collect(),
    }
}

#[cfg(test)]
mod tests {
    use kiln_manifest::Mode;
    use kiln_pipeline::Config;

    use super::*;

    fn report(files: &[(&str, &str)]) -> Report {
        let folder = tempfile::tempdir().expect("folder");
        std::fs::create_dir_all(folder.path().join("assets")).expect("folder");
        std::fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"a\"\n").expect("write");
        for (name, content) in files {
            std::fs::write(folder.path().join("assets").join(name), content).expect("write");
        }
        let config = Config::new(folder.path().into(), folder.path().join("out"), Mode::Release);
        kiln_pipeline::build(&config.expect("configuration")).expect("build")
    }

    #[test]
    fn no_name_ends_the_script_that_holds_the_data() {
        let html = page(&report(&[("<script>", "x")])).expect("page");
        assert_eq!(html.matches("<script>").count(), TEMPLATE.matches("<script>").count());
        assert!(html.contains("\"path\":\"\\u003cscript>\""), "{html}");
    }

    #[test]
    fn the_data_has_sizes_by_coding_and_referrers() {
        let css = "a { color: red }\n".repeat(100);
        let html = page(&report(&[("index.html", "<link rel=stylesheet href=a.txt>"), ("a.txt", &css)]));
        let html = html.expect("page");
        let data = html.split_once("id=\"data\">").and_then(|(_, rest)| rest.split_once("</script>"));
        let data: serde_json::Value = serde_json::from_str(data.expect("data").0).expect("JSON");
        let asset = &data["assets"][0];
        assert_eq!(asset["path"], "a.txt");
        assert_eq!(asset["sizes"]["identity"], 1700);
        assert!(asset["sizes"]["br"].as_u64().expect("br") < 100, "{asset}");
        assert_eq!(asset["referrers"], serde_json::json!(["index.html"]));
    }

    #[test]
    fn the_page_asks_for_nothing() {
        for word in ["http:", "https:", "url(", "@import", "fetch", "src="] {
            assert!(!TEMPLATE.contains(word), "{word}");
        }
    }
}
