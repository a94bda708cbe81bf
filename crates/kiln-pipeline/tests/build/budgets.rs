//! Budgets of a release.

use kiln_manifest::Mode;

use crate::project::{Project, files, rendered};

#[test]
fn an_exceeded_budget_reports_the_growth_and_leaves_the_previous_output() {
    let site = |rules: usize| {
        let style: Vec<_> = (0..rules).map(|rule| format!(".a{rule} {{ color: #{rule:06} }}\n")).collect();
        (style.concat(), "<link rel=stylesheet href=app.css>")
    };
    let (style, html) = site(10);
    let project = Project::new("budgets.pages = { \"index.html\" = { identity = 1_000 } }")
        .file("assets/index.html", html)
        .file("assets/app.css", style);
    let out = project.config(Mode::Release).expect("configuration").out;
    project.build(Mode::Release);
    let previous = files(&out);
    let project = project.file("assets/app.css", site(60).0);
    let error = project.try_build(Mode::Release).map(|_| ()).expect_err("over the budget");
    insta::assert_snapshot!("exceeded_budget", rendered(&error));
    assert_eq!(files(&out), previous);
    project.build(Mode::Dev);
}
