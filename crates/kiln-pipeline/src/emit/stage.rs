//! The emit stage.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use kiln_manifest::{
    Asset, Coding, MANIFEST_FILE, Manifest, Mode, PACK_FILE, Place, Release, SourceFile, Variant,
};
use walkdir::WalkDir;

use super::{
    declarations,
    headers::{headers, unmatched_globs},
    pack,
    table::{TABLE, table},
};
use crate::{
    Config, Error, Report, Result,
    atomic_write::{PendingFile, WriteBatch},
    budget,
    compress::{Packed, PackedOutputs},
    config::{FOLDER, Options},
    file_lock,
    link::Body,
    parallel, report,
    source::record,
    tracked::{Tracked, outermost},
};

/// The folder of files that are not in their places yet, below `OUT_DIR`: on the same file system, so that renaming
/// moves them.
const BATCH: &str = "kiln.batch";

/// Writes the output of a build, unless a budget is exceeded.
///
/// # Errors
/// When a budget is exceeded, or a file cannot be written. The output is then that of the previous build.
pub(crate) fn emit(config: &Config, packed: PackedOutputs) -> Result<Report> {
    let PackedOutputs { outputs, mut sources } = packed;
    budget::check(config, &outputs)?;
    let Tracked { paths, variables, mut warnings } = std::mem::take(&mut sources.tracked);
    warnings.extend(unmatched_globs(config, &outputs));
    let (present, missing_inputs): (BTreeSet<_>, _) = paths.into_iter().partition(|path| path.exists());
    let record = record(config, &sources.files, &present)?;
    let referrers = report::referrers(&outputs);
    let manifest = write(config, outputs, record)?;
    let declarations = sources.declarations.as_deref();
    warnings.extend(declarations.and_then(|declarations| declarations::write(config, declarations)));
    let watched = outermost(&present, &config.root);
    Ok(Report { manifest, referrers, watched, missing_inputs, variables, warnings })
}

/// Writes all files into a batch, moves each into its place, the manifest after the files that it names, and removes
/// stale files.
///
/// # Errors
/// When a file cannot be written. The output is then that of the previous build.
fn write(config: &Config, mut packed: Vec<Packed>, sources: Vec<SourceFile>) -> Result<Manifest> {
    let _lock = lock(config)?;
    let folder = config.out.join(FOLDER);
    let batch = WriteBatch::new(config.out.join(BATCH))?;
    packed.sort_by(|one, other| one.linked.path.cmp(&other.linked.path));
    let taken = packed.iter().map(|output| output.linked.file.to_lowercase()).collect();
    let outputs = packed.into_iter().map(|output| asset(config, output, &taken));
    let (mut assets, bodies): (Vec<_>, Vec<_>) = outputs.unzip();
    if config.mode == Mode::Release {
        pack::arrange(&mut assets);
    }
    let pending = write_bodies(&batch, &folder, &assets, &bodies)?;
    let Options { mount, prefix, .. } = &config.options;
    let manifest = Manifest {
        spa: config.options.spa.clone(),
        not_spa: not_spa(&config.options),
        mount: mount.clone(),
        policy: config.site_policy(),
        asset_origin: config.asset_origin().map(str::to_owned),
        ..Manifest::new(config.mode, mount.trim_end_matches('/').to_owned() + prefix, assets, sources)
    };
    let json = serde_json::to_vec(&manifest).map_err(|error| Error::Tool {
        tool: "the manifest",
        problem: error.to_string(),
        help: None,
    })?;
    let last = [
        write_if_changed(&batch, folder.join(MANIFEST_FILE), &json)?,
        write_if_changed(&batch, config.out.join(TABLE), table(&manifest).as_bytes())?,
    ];
    pending.into_iter().chain(last).flatten().try_for_each(PendingFile::place)?;
    batch.close()?;
    remove_stale(&folder, &manifest)?;
    Ok(manifest)
}

/// Globs of paths that `spa` does not answer: routes of the application, and immutable files of other tools.
fn not_spa(options: &Options) -> Vec<String> {
    let hashed = options.hashed.patterns().iter().map(|glob| format!("{}{glob}", options.mount));
    options.routes.patterns().iter().cloned().chain(hashed).collect()
}

/// The lock of the output: cargo and the watcher may build at the same time.
fn lock(config: &Config) -> Result<File> {
    let path = config.out.join("kiln.lock");
    fs::create_dir_all(&config.out).map_err(Error::io("create", &config.out))?;
    file_lock::exclusive(&path)
}

/// An asset, and the bytes of its variants.
fn asset(config: &Config, packed: Packed, taken: &BTreeSet<String>) -> (Asset, Vec<Body>) {
    let Packed { linked, coded } = packed;
    let headers = headers(config, &linked);
    let variant = |coding, digest, body: Body| {
        let file = variant_file(&linked.file, coding, taken);
        (Variant { coding, file, length: body.length(), digest, place: Place::File }, body)
    };
    let identity = variant(Coding::Identity, linked.digest, linked.body);
    let coded =
        coded.into_iter().map(|(coding, entry)| variant(coding, entry.digest, Body::Held(entry.bytes)));
    let (variants, bodies) = [identity].into_iter().chain(coded).unzip();
    let asset = Asset {
        headers,
        path: linked.path,
        exposure: linked.exposure,
        url: linked.url,
        media_type: linked.media_type,
        release: Release::Current,
        variants,
        imports: linked.imports,
        preloads: linked.preloads,
        policy: linked.policy,
    };
    (asset, bodies)
}

/// Writes single files on all cores, then the pack.
fn write_bodies(
    batch: &WriteBatch,
    folder: &Path,
    assets: &[Asset],
    bodies: &[Vec<Body>],
) -> Result<Vec<Option<PendingFile>>> {
    let variants = assets.iter().flat_map(|asset| &asset.variants).zip(bodies.iter().flatten());
    let (single, packed): (Vec<_>, Vec<_>) = variants.partition(|(variant, _)| variant.place == Place::File);
    let write_one = |(variant, body): (&Variant, &Body)| write_body(batch, folder.join(&variant.file), body);
    let mut pending = parallel::map(single, write_one).into_iter().collect::<Result<Vec<_>>>()?;
    let parts: Vec<&Body> = packed.into_iter().map(|(_, body)| body).collect();
    pending.push(pack::write_pack(batch, folder.join(PACK_FILE), &parts)?);
    Ok(pending)
}

/// The file of a variant, beside its asset. `notes.txt.gz` may be an asset itself; then a `~` makes the difference, which
/// no asset has at the end of its stem: such files are editors' backups, and are no sources.
fn variant_file(file: &str, coding: Coding, taken: &BTreeSet<String>) -> String {
    let plain = format!("{file}{}", coding.suffix());
    let is_taken = coding != Coding::Identity && taken.contains(&plain.to_lowercase());
    if is_taken { format!("{file}~{}", coding.suffix()) } else { plain }
}

fn write_body(batch: &WriteBatch, file: PathBuf, body: &Body) -> Result<Option<PendingFile>> {
    match body {
        Body::Held(bytes) => write_if_changed(batch, file, bytes),
        Body::File(source) if source.is_in(&file) => Ok(None),
        Body::File(source) => batch.write(file, |target| source.copy(target)).map(Some),
    }
}

/// Writes `bytes` unless `file` holds them: an unchanged modification time spares dependents a rebuild.
fn write_if_changed(batch: &WriteBatch, file: PathBuf, bytes: &[u8]) -> Result<Option<PendingFile>> {
    let has_length = file.metadata().is_ok_and(|present| present.len() == bytes.len() as u64);
    if has_length && fs::read(&file).is_ok_and(|present| present == bytes) {
        return Ok(None);
    }
    batch.write(file, |target| target.write_all(bytes)).map(Some)
}

fn remove_stale(folder: &Path, manifest: &Manifest) -> Result<()> {
    let variants = manifest.assets.iter().flat_map(|asset| &asset.variants);
    let file = |variant: &Variant| match variant.place {
        Place::File => folder.join(&variant.file),
        Place::Pack { .. } => folder.join(PACK_FILE),
    };
    let mut current: BTreeSet<_> = variants.map(file).collect();
    current.insert(folder.join(MANIFEST_FILE));
    for entry in WalkDir::new(folder).into_iter().flatten() {
        let path = entry.path();
        if path.is_file()
            && !current.contains(path)
            && let Err(error) = fs::remove_file(path)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(Error::io("remove", path)(error));
        }
    }
    Ok(())
}
