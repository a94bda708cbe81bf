//! Each folder in `tests/ui` is a package with one mistake; `told.snap` beside it is what the build says.

use std::{fs, path::Path};

use kiln_manifest::Mode;

use crate::project::{Project, rendered};

#[test]
fn every_mistake_is_told_with_its_place_and_its_mend() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let mut cases: Vec<_> =
        fs::read_dir(&folder).expect("cases").map(|entry| entry.expect("case").path()).collect();
    cases.retain(|case| is_of_this_build(&case.file_name().unwrap_or_default().to_string_lossy()));
    cases.sort();
    assert!(cases.len() >= 15, "{} cases", cases.len());
    for case in cases {
        let project = Project::copy_of(&case).with_npm();
        let error = project.try_build(Mode::Release).expect_err(&format!("{} was built", case.display()));
        let told = rendered(&error).replace(&*project.root().to_string_lossy(), "PACKAGE");
        insta::with_settings!({ snapshot_path => &case, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("told", told);
        });
    }
}

/// Some mistakes take a feature that is off by default, and some take that it is off.
fn is_of_this_build(case: &str) -> bool {
    match case.split_once('-') {
        Some(("sass", "without-feature")) => cfg!(not(feature = "sass")),
        Some(("sass", _)) => cfg!(feature = "sass"),
        Some(("sql", _)) => cfg!(feature = "migrations"),
        _ => true,
    }
}
