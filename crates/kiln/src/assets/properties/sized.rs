//! Representations of given lengths, with any bytes.

use std::borrow::Cow;

use kiln_manifest::{
    Asset, Coding, Digest, Exposure, LogicalPath, Place, Policy, Release, SitePolicy, Variant,
};
use rust_embed::{EmbeddedFile, Metadata, RustEmbed};

use super::super::{
    embedded::{Contents, Embedded},
    freshness::Freshness,
    representation::Representations,
    shared_head::HeadCache,
};

/// A folder with a file of every length, named after it.
struct Lengths;

impl RustEmbed for Lengths {
    fn get(file: &str) -> Option<EmbeddedFile> {
        let bytes = vec![0; file.parse().ok()?];
        let metadata = Metadata::__rust_embed_new([0; 32], None, None);
        Some(EmbeddedFile { data: Cow::Owned(bytes), metadata })
    }

    fn iter() -> impl Iterator<Item = Cow<'static, str>> + 'static {
        std::iter::empty()
    }
}

/// The codings of [`Coding::ALL`] that have a length; identity always.
pub(super) fn present(lengths: [Option<u16>; 4]) -> impl Iterator<Item = (Coding, usize)> {
    let identity = lengths[0].or(Some(0));
    let lengths = [identity].into_iter().chain(lengths.into_iter().skip(1));
    Coding::ALL.into_iter().zip(lengths).filter_map(|(coding, length)| Some((coding, length?.into())))
}

pub(in super::super) fn representations(lengths: [Option<u16>; 4]) -> Representations {
    let digest = Digest::of(b"");
    let variant = |(coding, length): (Coding, usize)| Variant {
        coding,
        file: length.to_string(),
        length: length as u64,
        digest,
        place: Place::File,
    };
    let asset = Asset {
        path: LogicalPath::new("sized").expect("a path"),
        exposure: Exposure::Verbatim,
        url: Some("/sized".to_owned()),
        media_type: "text/plain".to_owned(),
        release: Release::Current,
        variants: present(lengths).map(variant).collect(),
        imports: Vec::new(),
        preloads: Vec::new(),
        headers: Vec::new(),
        policy: Policy::default(),
    };
    let contents = Contents::of(Embedded::of::<Lengths>());
    let site = SitePolicy::default();
    Representations::of(&asset, &site, Freshness::Revalidate, &contents, &mut HeadCache::default())
        .expect("representations")
}
