//! Builds the assets as an adopter of Kiln does, then copies the served files, without coded variants, for the peers
//! that embed a folder.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use kiln_manifest::{Coding, MANIFEST_FILE, Manifest, PACK_FILE, Place};

fn main() -> kiln_build::Outcome {
    kiln_build::build_script()?;
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    let plain = out.join("plain");
    copy(&out.join("kiln"), &plain).expect("a copy");
    static_files::resource_dir(&plain).build().expect("resources");
    memory_serve::load_directory(plain);
    Ok(())
}

fn copy(kiln: &Path, plain: &Path) -> io::Result<()> {
    let manifest: Manifest = serde_json::from_slice(&fs::read(kiln.join(MANIFEST_FILE))?)?;
    let pack = fs::read(kiln.join(PACK_FILE))?;
    for variant in manifest.assets.iter().filter_map(|asset| asset.variant(Coding::Identity)) {
        let Some(name) = variant.file.strip_prefix("public/") else { continue };
        let bytes = match variant.place {
            Place::File => fs::read(kiln.join(&variant.file))?,
            Place::Pack { offset } => pack[offset as usize..][..variant.length as usize].to_vec(),
        };
        let target = plain.join(name);
        fs::create_dir_all(target.parent().expect("a folder"))?;
        // A rewritten file would be compiled again.
        if fs::read(&target).ok().as_deref() != Some(&bytes[..]) {
            fs::write(target, bytes)?;
        }
    }
    Ok(())
}
