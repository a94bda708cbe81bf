//! Adverse file systems: links, names, permissions, a full disk. Builds give a clear error or a correct result, never a
//! half-written output.

use std::{
    ffi::OsStr,
    fs::{self, Permissions},
    os::unix::{
        ffi::OsStrExt,
        fs::{MetadataExt, PermissionsExt, chown, symlink},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    process,
    project::{Project, files, rendered},
};
use kiln_manifest::{Digest, Manifest, Mode};

/// The rendered error of a build of `project`.
fn error(project: &Project) -> String {
    rendered(&project.try_build(Mode::Release).map(|_| ()).expect_err("this was built"))
}

fn link(project: Project, target: impl AsRef<Path>, name: &str) -> Project {
    symlink(target, project.root().join(name)).expect("link");
    project
}

#[test]
fn symbolic_link_loops_are_reported() {
    let project = Project::new("").file("assets/img/a.svg", "<svg/>");
    let project = link(link(project, "..", "assets/img/up"), "itself.css", "assets/itself.css");
    insta::assert_snapshot!("link_loops", error(&project));
}

#[test]
fn links_out_of_the_tree_and_dangling_links_are_reported() {
    let project = Project::new("").file("assets/a.txt", "a").file("outside/secret.txt", "secret");
    let project = link(project, "../outside/secret.txt", "assets/file.txt");
    let project = link(link(project, "../outside", "assets/folder"), "nowhere", "assets/nothing.txt");
    insta::assert_snapshot!("links_out", error(&project));
}

#[test]
fn links_within_the_tree_are_followed() {
    let project = Project::new("").file("assets/img/a.svg", "<svg/>");
    let project = link(link(project, "img", "assets/alias"), "img/a.svg", "assets/b.svg");
    let output = project.build(Mode::Dev);
    for name in ["img/a.svg", "alias/a.svg", "b.svg"] {
        assert_eq!(output.text(name), "<svg/>");
    }
}

#[test]
fn a_name_that_is_not_utf_8_is_reported() {
    let project = Project::new("").file("assets/a.txt", "a");
    let name = OsStr::from_bytes(b"caf\xe9.txt");
    if fs::write(project.root().join("assets").join(name), "latin 1").is_err() {
        println!("SKIPPED: this file system has UTF-8 names only");
        return;
    }
    insta::assert_snapshot!("not_utf_8", error(&project));
}

#[test]
fn empty_files_are_served() {
    let empty = ["a.css", "b.json", "c.txt", "d.bin", "e.js", "index.html", "svg.svg"];
    let project = empty.iter().fold(Project::new("entries = [\"a.css\", \"e.js\"]"), |project, name| {
        project.file(&format!("assets/{name}"), "")
    });
    let output = project.build(Mode::Release);
    let assets = &output.report.manifest.assets;
    assert_eq!(assets.iter().map(|asset| asset.path.as_str()).collect::<Vec<_>>(), empty);
    for asset in assets {
        assert_eq!(asset.variants.len(), 1, "{}", asset.path);
        assert_eq!(asset.variants[0].length, 0, "{}", asset.path);
        assert_eq!(asset.variants[0].digest, Digest::of(b""), "{}", asset.path);
    }
}

#[test]
fn an_empty_image_is_reported() {
    insta::assert_snapshot!("empty_image", error(&Project::new("").file("assets/a.png", "")));
}

/// Root can read every file, so a test run by root builds as another user.
#[test]
fn unreadable_files_and_folders_are_reported() {
    let project = Project::new("").file("assets/closed.txt", "a").file("assets/closed/b.txt", "b");
    let assets = project.root().join("assets");
    let mut build = process::build(&project, Mode::Release);
    if is_root(&project) {
        give(project.folder(), 65534);
        build.uid(65534).gid(65534);
    }
    let close = |mode: u32| {
        for name in ["closed.txt", "closed"] {
            fs::set_permissions(assets.join(name), Permissions::from_mode(mode)).expect("permissions");
        }
    };
    close(0);
    if build.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().map(|mut child| child.wait()).is_err() {
        println!("SKIPPED: another user may not run this test binary");
        return;
    }
    let error = process::run(&mut build).expect_err("this was built");
    close(0o755);
    insta::assert_snapshot!("unreadable", error);
}

/// True when root runs the test, by the owner of its files.
fn is_root(project: &Project) -> bool {
    fs::metadata(project.root()).expect("metadata").uid() == 0
}

/// Makes `user` the owner of everything below `path`.
fn give(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).expect("chown");
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("read") {
            give(&entry.expect("entry").path(), user);
        }
    }
}

/// A script with a small disk for the output, in a mount namespace that ends with the process: a build that fits, one
/// that does not, and a copy of the output after that.
const SMALL_DISK: &str = r#"
mkdir -p "$KILN_TEST_OUT" && mount -t tmpfs -o size=600k tmpfs "$KILN_TEST_OUT" || exit 77
"$@" || exit 78
head -c 500000 /dev/zero >> "$KILN_TEST_ROOT/assets/b.bin"
echo 'a { color: blue }' > "$KILN_TEST_ROOT/assets/a.css"
"$@" && exit 79
cp -r "$KILN_TEST_OUT" "$KILN_TEST_ROOT/left"
"#;

#[test]
fn a_full_disk_is_reported_and_leaves_the_previous_output() {
    let project = Project::new("entries = [\"a.css\"]\nsource-maps = \"none\"")
        .file("assets/a.css", "a { color: red }\n")
        .file("assets/b.bin", vec![7; 200_000]);
    let build = process::build(&project, Mode::Dev);
    let mut unshare = Command::new("unshare");
    if !is_root(&project) {
        unshare.args(["--user", "--map-root-user"]);
    }
    unshare.args(["--mount", "sh", "-c", SMALL_DISK, "sh"]);
    unshare.arg(build.get_program()).args(build.get_args());
    unshare.envs(build.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let Ok(output) = unshare.output() else {
        println!("SKIPPED: `unshare` not found");
        return;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() && !matches!(output.status.code(), Some(78 | 79)) {
        println!("SKIPPED: no permission to mount a small disk: {stderr}");
        return;
    }
    assert!(output.status.success(), "{}: {stderr}", output.status);
    // Not a snapshot, because the length of the temporary folder's name decides where lines break.
    // Files are written in parallel, so either is the one that the disk has no room for.
    let names_file = ["a-", "b-"].into_iter().any(|name| stderr.contains(name));
    assert!(stderr.contains("cannot write") && names_file, "{stderr}");
    assert!(
        stderr.contains("No space left on device") && stderr.contains("that the disk has room"),
        "{stderr}"
    );
    let left = files(&project.root().join("left"));
    let manifest: Manifest = serde_json::from_slice(&left["kiln/manifest.json"]).expect("manifest");
    for variant in manifest.assets.iter().flat_map(|asset| &asset.variants) {
        assert_eq!(Digest::of(&left[&format!("kiln/{}", variant.file)]), variant.digest, "{}", variant.file);
    }
    let style = manifest.assets.iter().find(|asset| asset.path.as_str() == "a.css").expect("a.css");
    assert_eq!(left[&format!("kiln/{}", style.variants[0].file)], b"a {\n  color: red;\n}\n");
    assert!(!left.keys().any(|name| name.starts_with("kiln.batch")), "{:?}", left.keys());
}

#[test]
fn four_builds_at_once_agree() {
    let project = (0..20).fold(Project::new(""), |project, number| {
        project.file(&format!("assets/{number}.txt"), format!("{number} kiln ").repeat(400))
    });
    let out = project.config(Mode::Release).expect("configuration").out;
    project.build(Mode::Release);
    let expected = files(&out);
    fs::remove_dir_all(project.target()).expect("remove");
    let mut builds: Vec<_> = (0..4)
        .map(|_| {
            let mut build = process::build(&project, Mode::Release);
            build.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("start")
        })
        .collect();
    for build in builds.drain(..) {
        let output = build.wait_with_output().expect("wait");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(files(&out) == expected);
}
