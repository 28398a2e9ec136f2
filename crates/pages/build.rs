//! Embeds `templates/` into the binary: sources of templates and translations, and assets under the hash of
//! their content.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../templates").canonicalize()?;
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    walk(&root, &mut files)?;
    files.sort();

    let (mut templates, mut locales, mut assets) = (String::new(), String::new(), String::new());
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.strip_prefix(&root)?.to_str().ok_or("a file name is not UTF-8")?.replace('\\', "/");
        if let Some(tag) = name.strip_prefix("locales/").and_then(|rest| rest.strip_suffix("/main.ftl")) {
            writeln!(locales, "    ({tag:?}, include_str!({file:?})),")?;
        } else if let Some(asset) = name.strip_prefix("assets/") {
            let hash = fnv1a(&fs::read(file)?);
            let content_type = content_type(asset)?;
            writeln!(
                assets,
                "    Embedded {{ name: {asset:?}, url: \"/assets/{hash:016x}/{asset}\", \
                 content_type: {content_type:?}, body: include_bytes!({file:?}) }},"
            )?;
        } else if name.ends_with(".html") || name.ends_with(".txt") {
            writeln!(templates, "    ({name:?}, include_str!({file:?})),")?;
        }
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("embedded.rs");
    fs::write(
        out,
        format!(
            "pub(crate) const TEMPLATES: &[(&str, &str)] = &[\n{templates}];\n\
             pub(crate) const LOCALES: &[(&str, &str)] = &[\n{locales}];\n\
             pub(crate) const ASSETS: &[Embedded] = &[\n{assets}];\n"
        ),
    )?;
    Ok(())
}

fn walk(directory: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn content_type(name: &str) -> Result<&'static str, Box<dyn Error>> {
    match name.rsplit('.').next() {
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("js") => Ok("text/javascript; charset=utf-8"),
        Some("svg") => Ok("image/svg+xml"),
        _ => Err(format!("no content type is known for the asset {name}").into()),
    }
}

/// FNV-1a, 64 bit: names a version for caches, protects nothing.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
