//! Diagnostics of external steps: each folder in `ui` is a package with one mistake, and `error.snap` in it is the
//! diagnostic of the build.

use std::{fs, path::Path};

use kiln_manifest::Mode;

use crate::{
    project::{Project, rendered},
    supervised::Supervised,
};

pub(crate) const TESTS: &[(&str, fn())] =
    &[("a_failed_command_is_reported_with_its_log_and_help", failures_are_reported)];

fn failures_are_reported() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/steps/ui");
    let mut cases: Vec<_> =
        fs::read_dir(&folder).expect("cases").map(|entry| entry.expect("case").path()).collect();
    cases.sort();
    assert!(cases.len() >= 5, "{} cases", cases.len());
    for case in cases {
        let project = Project::copy_of(&case).supervised();
        let error =
            project.try_build(Mode::Release).map(drop).expect_err(&format!("{} was built", case.display()));
        let error = rendered(&error).replace(&*project.root().to_string_lossy(), "PACKAGE");
        insta::with_settings!({ snapshot_path => &case, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("error", error);
        });
    }
}
