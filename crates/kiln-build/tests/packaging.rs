//! `cargo package`, which builds what would be published and refuses a build script that writes outside of `OUT_DIR`.

#[allow(dead_code)]
mod package;

use self::package::Package;

/// Packages the package, and returns the files that cargo found to be added or changed by the build script.
fn modified(package: &Package) -> Vec<String> {
    // npm copies folders, which need no registry.
    let output = package.cargo(&["package", "--allow-dirty"], &[("npm_config_install_links", "true")]);
    let log = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return Vec::new();
    }
    let (_, listed) = log.split_once("Source directory was modified by build.rs").expect(&log);
    let (_, listed) = listed.split_once('\n').expect("a list");
    let (listed, advice) = listed.split_once("\n\n").expect("advice");
    assert!(advice.contains("--no-verify"), "{advice}");
    listed.lines().map(|line| line.rsplit("/fixture-0.0.0/").next().unwrap_or(line).to_owned()).collect()
}

#[test]
fn a_build_writes_nothing_outside_of_the_target_folder_but_the_packages_that_it_installs() {
    let package = Package::new();
    package.write("tsconfig.json", "{ \"compilerOptions\": { \"strict\": true } }\n");
    assert_eq!(modified(&package), [""; 0]);

    package
        .write("local/package.json", "{ \"name\": \"local\", \"version\": \"1.0.0\", \"main\": \"i.js\" }\n");
    package.write("local/i.js", "export const one = 1;\n");
    package.write(
        "package.json",
        "{ \"name\": \"fixture\", \"dependencies\": { \"local\": \"file:local\" } }\n",
    );
    package.write(
        "package-lock.json",
        "{ \"name\": \"fixture\", \"lockfileVersion\": 3, \"requires\": true, \"packages\": {
            \"\": { \"name\": \"fixture\", \"dependencies\": { \"local\": \"file:local\" } },
            \"node_modules/local\": { \"version\": \"1.0.0\", \"resolved\": \"file:local\" } } }\n",
    );
    package.write("assets/app.ts", "import { one } from \"local\";\nconsole.log(one);\n");
    let modified = modified(&package);
    assert!(modified.contains(&"node_modules/local/i.js".to_owned()), "{modified:?}");
    let elsewhere = modified.iter().find(|path| !path.starts_with("node_modules"));
    assert_eq!(elsewhere, None);
}
