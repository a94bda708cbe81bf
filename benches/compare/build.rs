//! Builds the assets as an adopter of Kiln does, then hands what Kiln serves, without its coded variants, to the
//! peers that embed a folder.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> kiln_build::Outcome {
    kiln_build::build_script()?;
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    let plain = out.join("plain");
    copy(&out.join("kiln/public"), &plain).expect("a copy");
    static_files::resource_dir(&plain).build().expect("resources");
    memory_serve::load_directory(plain);
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let source = entry?.path();
        let target = to.join(source.file_name().expect("a name"));
        let coded = ["br", "gz", "zst"].map(Some).contains(&source.extension().and_then(|end| end.to_str()));
        if source.is_dir() {
            copy(&source, &target)?;
        } else if !coded && fs::read(&target).ok() != Some(fs::read(&source)?) {
            // What is written anew is compiled anew.
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}
