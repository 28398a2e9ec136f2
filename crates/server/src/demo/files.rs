//! The files of the demo.

use crate::{ambient::SystemEntropy, cli::user::new_password, problem::Problem, runtime::private_directory};
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};
use vestibule_seal::{KeyRing, random_token};

const DATABASE: &str = "vestibule.sqlite";
const KEY_RING: &str = "key-ring";
const CREDENTIALS: &str = "credentials.toml";
const MAIL: &str = "mail";

/// Where a demo keeps its data.
pub(crate) struct Directory(PathBuf);

/// What the demo's people and its application prove themselves with.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// Password of `alice` in pool `demo`.
    pub(crate) alice: String,
    /// Password of `admin` in pool `operator`.
    pub(crate) admin: String,
    /// Secret of `demo-app`.
    pub(crate) demo_app_secret: String,
}

impl Credentials {
    fn new() -> Self {
        Self {
            alice: new_password().to_string(),
            admin: new_password().to_string(),
            demo_app_secret: random_token(&SystemEntropy, 32),
        }
    }

    /// The password of a declared user.
    pub(crate) fn of(&self, user: &str) -> Option<&str> {
        match user {
            "alice" => Some(&self.alice),
            "admin" => Some(&self.admin),
            _ => None,
        }
    }
}

/// Something that was read, or made.
pub(crate) struct Kept<T> {
    pub(crate) value: T,
    pub(crate) is_new: bool,
}

impl Directory {
    pub(crate) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.0.join(DATABASE)
    }

    pub(crate) fn key_ring(&self) -> PathBuf {
        self.0.join(KEY_RING)
    }

    pub(crate) fn mail(&self) -> PathBuf {
        self.0.join(MAIL)
    }

    /// Makes the directory and the key ring where they are missing. Returns whether there is no data yet.
    pub(crate) fn prepare(&self) -> anyhow::Result<bool> {
        private_directory(&self.0)
            .with_context(|| format!("cannot make the directory {}", self.0.display()))?;
        let is_first = !self.database().exists();
        let ring = self.key_ring();
        if !ring.exists() {
            if !is_first {
                let cause = format!("{} is gone, and the data beside it is sealed under it", ring.display());
                return Err(
                    Problem::new(cause, "put it back, or start over with `vestibule demo --reset`").into()
                );
            }
            let key = KeyRing::generate_text(&SystemEntropy);
            write_private(&ring, format!("{key}\n").as_bytes())
                .with_context(|| format!("cannot write {}", ring.display()))?;
        }
        Ok(is_first)
    }

    /// The credentials of earlier runs, or fresh ones.
    pub(crate) fn credentials(&self) -> anyhow::Result<Kept<Credentials>> {
        let path = self.0.join(CREDENTIALS);
        match fs::read_to_string(&path) {
            Ok(text) => {
                let value = toml::from_str(&text).map_err(|error| {
                    let cause = format!("{} cannot be read: {}", path.display(), error.message());
                    Problem::new(cause, "delete the file to have new passwords made")
                })?;
                Ok(Kept { value, is_new: false })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let value = Credentials::new();
                let text = format!("# Made by `vestibule demo`.\n{}", toml::to_string(&value)?);
                write_private(&path, text.as_bytes())
                    .with_context(|| format!("cannot write {}", path.display()))?;
                Ok(Kept { value, is_new: true })
            }
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Deletes what a demo writes, and nothing else.
    pub(crate) fn reset(&self) -> anyhow::Result<()> {
        let database = [DATABASE, "vestibule.sqlite-wal", "vestibule.sqlite-shm"];
        // Drafts are what a run that was cut off may have left.
        let own = database.into_iter().chain([KEY_RING, "key-ring.draft", CREDENTIALS, "credentials.draft"]);
        for path in own.map(|name| self.0.join(name)).chain(self.mails()?) {
            match fs::remove_file(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error).with_context(|| format!("cannot delete {}", path.display())),
            }
        }
        Ok(())
    }

    fn mails(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mail = self.mail();
        let entries = match fs::read_dir(&mail) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(|| format!("cannot look into {}", mail.display())),
        };
        let is_mail = |path: &PathBuf| {
            path.extension().is_some_and(|extension| extension == "eml" || extension == "draft")
        };
        Ok(entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_mail).collect())
    }
}

/// Writes a file that only this user can read, all of it or nothing: a reader never sees half of it.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("draft");
    // What a run that was cut off left there goes: whoever could read it would read this, too.
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&draft).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&draft, path));
    if moved.is_err() {
        // What is left of a draft is of no use; the first error is the one to tell.
        let _ = fs::remove_file(&draft);
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("vestibule-demo-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            Self(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn credentials_are_kept_and_private() {
        let scratch = Scratch::new("kept");
        let directory = Directory::new(&scratch.0);
        assert!(directory.prepare().unwrap());
        let first = directory.credentials().map(|kept| (kept.is_new, kept.value.alice)).unwrap();
        let second = directory.credentials().map(|kept| (kept.is_new, kept.value.alice)).unwrap();
        assert_eq!((first.0, second.0), (true, false));
        assert_eq!(first.1, second.1);
        #[cfg(unix)]
        for name in [KEY_RING, CREDENTIALS] {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(scratch.0.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{name}");
        }
    }

    #[test]
    fn a_reset_deletes_only_what_a_demo_writes() {
        let scratch = Scratch::new("reset");
        let directory = Directory::new(&scratch.0);
        directory.prepare().unwrap();
        let old = directory.credentials().map(|kept| kept.value.alice).unwrap();
        fs::create_dir_all(directory.mail()).unwrap();
        fs::write(directory.mail().join("1.eml"), "mail").unwrap();
        fs::write(directory.mail().join("notes.txt"), "mine").unwrap();
        fs::write(scratch.0.join("thesis.tex"), "mine").unwrap();
        directory.reset().unwrap();
        assert!(!directory.mail().join("1.eml").exists() && !directory.key_ring().exists());
        assert!(directory.mail().join("notes.txt").exists() && scratch.0.join("thesis.tex").exists());
        directory.prepare().unwrap();
        assert_ne!(directory.credentials().map(|kept| kept.value.alice).unwrap(), old);
    }

    #[test]
    fn data_without_its_key_ring_is_told_and_not_overwritten() {
        let scratch = Scratch::new("ring");
        let directory = Directory::new(&scratch.0);
        directory.prepare().unwrap();
        fs::write(directory.database(), "").unwrap();
        fs::remove_file(directory.key_ring()).unwrap();
        let refused = directory.prepare().map(|_| ()).unwrap_err().to_string();
        assert!(refused.contains("--reset") && !directory.key_ring().exists(), "{refused}");
    }
}
