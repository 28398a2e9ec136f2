//! Who else on this machine can read what the server keeps: nobody, whatever the umask was and however open a directory is.

use crate::runtime::sqlite_file;
use std::path::{Path, PathBuf};
use vestibule_config::{Mail, Settings};

/// A file or directory that others can read or write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loose {
    pub(crate) path: PathBuf,
    /// The permission bits, such as `0o644`.
    pub(crate) mode: u32,
    /// Those that it ought to have.
    pub(crate) wanted: u32,
}

/// What of the server's own files is open to others: the key ring, the database with the files next to it, and mails.
pub(crate) fn loose(settings: &Settings) -> Vec<Loose> {
    let ring = settings.secrets.key_ring_file.iter().cloned();
    ring.chain(database_files(settings)).chain(mail_files(settings)).filter_map(|path| judge(&path)).collect()
}

/// The file of a SQLite database, and those that SQLite keeps next to it.
fn database_files(settings: &Settings) -> impl Iterator<Item = PathBuf> {
    let file = sqlite_file(settings.database.url.expose());
    let with = |file: &Path, end: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    file.into_iter().flat_map(move |file| ["", "-wal", "-shm", "-journal"].map(|end| with(&file, end)))
}

/// Mails that were written as files.
fn mail_files(settings: &Settings) -> Vec<PathBuf> {
    let Mail::File { directory, .. } = &settings.mail else { return Vec::new() };
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    files.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect()
}

#[cfg(unix)]
fn judge(path: &Path) -> Option<Loose> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| Loose { path: path.to_owned(), mode, wanted: 0o600 })
}

#[cfg(not(unix))]
fn judge(_: &Path) -> Option<Loose> {
    None
}

/// Closes what is open to others, as a version that left it so, or a restored backup, may have left it. What belongs to
/// somebody else stays as it is, and is told.
pub(crate) fn tighten(settings: &Settings) {
    for Loose { path, mode, wanted } in loose(settings) {
        let closed = close(&path, wanted);
        let path = path.display();
        match closed {
            Ok(()) => tracing::warn!(
                file.path = %path, file.mode = %format_args!("{mode:o}"), "others could read this file; now they cannot"
            ),
            Err(error) => tracing::warn!(
                file.path = %path, file.mode = %format_args!("{mode:o}"), error = %error, "others can read this file"
            ),
        }
    }
}

#[cfg(unix)]
fn close(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn close(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}
