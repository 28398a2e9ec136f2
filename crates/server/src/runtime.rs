//! From settings to an application.

use crate::{ambient::Ambient, extras::Extras, problem::Problem};
use anyhow::Context as _;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use vestibule_config::{Mail, Settings};
use vestibule_flows::{App, HashCost, Hasher, Parts, SeesCertificates};
use vestibule_outbound::Outbound;
use vestibule_pages::{Locale, Pages};
use vestibule_seal::KeyRing;
use vestibule_store::{SchemaState, Store, StoreOptions};
use vestibule_web::PagesMail;

/// How to come by a key ring.
const MAKE_A_RING: &str = "`vestibule keys generate` makes a key and says how to set it";

/// The key ring of the settings.
///
/// # Errors
/// [`Problem`] when there is none, or when it is a placeholder, guessable or malformed.
pub fn key_ring(settings: &Settings) -> Result<KeyRing, Problem> {
    let secrets = &settings.secrets;
    let text = secrets.key_ring().map_err(|error| Problem::new(error.to_string(), MAKE_A_RING))?;
    let missing = || Problem::new(format!("there is no key ring: {}", secrets.source()), MAKE_A_RING);
    let text = text.ok_or_else(missing)?;
    KeyRing::parse(text.expose()).map_err(|error| {
        Problem::new(format!("the key ring ({}) is refused: {error}", secrets.source()), MAKE_A_RING)
    })
}

/// Opens the database. A missing SQLite file is made only when `create`.
///
/// # Errors
/// With cause and remedy when it cannot be opened.
pub async fn open_store(settings: &Settings, create: bool) -> anyhow::Result<Store> {
    let database = &settings.database;
    if let Some(path) = sqlite_file(database.url.expose()) {
        if !create && !path.exists() {
            let cause = format!("there is no database at {}", path.display());
            return Err(Problem::new(cause, "`vestibule migrate` makes one; or correct database.url").into());
        }
        if let Some(directory) = path.parent().filter(|directory| create && !directory.as_os_str().is_empty())
        {
            private_directory(directory)
                .with_context(|| format!("cannot make the directory {}", directory.display()))?;
        }
    }
    let options =
        StoreOptions { url: database.url.expose().to_owned(), max_connections: database.max_connections };
    Store::connect(&options).await.with_context(|| format!("database {}", database.url.redacted()))
}

/// Makes a directory where it is missing, for this user alone: a database holds people's data.
pub(crate) fn private_directory(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The file of a SQLite address, if it is one.
pub(crate) fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.trim_start_matches("//").split('?').next().unwrap_or_default();
    (!path.is_empty() && path != ":memory:").then(|| Path::new(path).to_path_buf())
}

/// Whether the database has the schema that this program works with.
///
/// # Errors
/// [`Problem`] when it has another one; store errors when it cannot be asked.
pub async fn require_current_schema(store: &Store) -> anyhow::Result<()> {
    let problem = match store.schema().await? {
        SchemaState::Current { .. } => return Ok(()),
        SchemaState::Empty => Problem::new(
            "the database is empty",
            "`vestibule migrate` prepares it; `vestibule serve --migrate` does both",
        ),
        SchemaState::Behind { database, program } => Problem::new(
            format!("the database has schema version {database}, this program needs {program}"),
            "make a backup, then run `vestibule migrate` (or `vestibule serve --migrate`)",
        ),
        SchemaState::Newer { database, program } => Problem::new(
            format!(
                "the database has schema version {database}, this program knows versions up to {program}"
            ),
            "run the newer program, or restore a backup made before its migration",
        ),
    };
    Err(problem.into())
}

/// An application on its database, with the pages that it shows and mails. Nothing runs yet.
pub(crate) struct Opened {
    pub(crate) app: App,
    pub(crate) pages: Arc<Pages>,
}

/// Puts an application with the product's own factors together.
///
/// # Errors
/// With cause and remedy for the person who started the program.
pub async fn build_app(settings: &Settings, ambient: Ambient, create: bool) -> anyhow::Result<App> {
    Ok(open(settings, ambient, &Extras::default(), create).await?.app)
}

/// Puts the application together: opens the database, reads the key ring, prepares password hashing meanwhile.
/// Neither migrates nor reads any pool.
///
/// # Errors
/// With cause and remedy for the person who started the program.
pub(crate) async fn open(
    settings: &Settings,
    ambient: Ambient,
    extras: &Extras,
    create: bool,
) -> anyhow::Result<Opened> {
    let keys = key_ring(settings)?;
    let hashing = &settings.password_hashing;
    let cost = HashCost {
        memory_kib: hashing.memory_kib,
        iterations: hashing.iterations,
        parallelism: hashing.parallelism,
    };
    let (permits, entropy) = (hashing.effective_permits(), Arc::clone(&ambient.entropy));
    // A hash and reading templates take longer than opening a database, so all three are done at once.
    let hasher = tokio::task::spawn_blocking(move || Hasher::new(cost, permits, entropy.as_ref()));
    let own = extras.clone();
    let pages = tokio::task::spawn_blocking(move || own.pages());
    let store = open_store(settings, create).await?;
    let hasher = hasher.await.context("password hashing cannot be prepared")??;
    let pages = pages.await.context("templates cannot be read")?.context("templates cannot be read")?;
    let outbound =
        Outbound::new(Arc::clone(&ambient.clock)).context("nothing can be asked of applications")?;
    let app = App::new(Parts {
        store,
        outbound,
        keys: Arc::new(keys),
        clock: ambient.clock,
        entropy: ambient.entropy,
        registry: Arc::new(extras.registry.clone()),
        hasher,
        sees_certificates: SeesCertificates {
            by_proxy: settings.server.client_certificate_header.is_some(),
            by_listener: settings.tls.client_certificate_listen.is_some(),
        },
        can_mail: !matches!(settings.mail, Mail::Off),
        locales: Locale::all().map(|locale| locale.tag().to_owned()).collect(),
        renderer: Arc::new(PagesMail(Arc::clone(&pages))),
    });
    Ok(Opened { app, pages })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_addresses_name_files() {
        for url in ["sqlite://var/a.sqlite", "sqlite:var/a.sqlite", "sqlite://var/a.sqlite?mode=rwc"] {
            assert_eq!(sqlite_file(url), Some(PathBuf::from("var/a.sqlite")), "{url}");
        }
        assert_eq!(sqlite_file("sqlite:///srv/a.sqlite"), Some(PathBuf::from("/srv/a.sqlite")));
        assert_eq!(sqlite_file("sqlite::memory:"), None);
        assert_eq!(sqlite_file("postgres://localhost/a"), None);
    }
}
