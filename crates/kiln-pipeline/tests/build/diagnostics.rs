//! Diagnostics: each folder in `tests/ui` is a package with one mistake, and `error.snap` in it is the diagnostic of the
//! build.

use std::{fs, path::Path};

use kiln_manifest::Mode;

use crate::project::{Project, rendered};

#[test]
fn every_mistake_is_reported_with_its_place_and_help() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let mut cases: Vec<_> =
        fs::read_dir(&folder).expect("cases").map(|entry| entry.expect("case").path()).collect();
    cases.sort();
    assert!(cases.len() >= 15, "{} cases", cases.len());
    for case in cases {
        let project = Project::copy_of(&case).with_npm();
        let error = project.try_build(Mode::Release).expect_err(&format!("{} was built", case.display()));
        let error = rendered(&error).replace(&*project.root().to_string_lossy(), "PACKAGE");
        insta::with_settings!({ snapshot_path => &case, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("error", error);
        });
    }
}
