//! Certificates of the server's own: from files, and again when they change.

use crate::{
    problem::Problem,
    workers::{Health, every},
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use tokio::sync::watch;
use vestibule_config::TlsSettings;
use vestibule_web::{ClientCertificates, Identity, Tls};

/// How often the files are looked at: a certificate that was renewed is in use soon.
const LOOK: Duration = Duration::from_secs(30);

/// The files of a certificate and its key.
#[derive(Clone)]
pub(crate) struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

impl Files {
    /// Those that are named, if both are.
    pub(crate) fn named(settings: &TlsSettings) -> Option<Self> {
        let (certificate, key) = settings.certificate_file.clone().zip(settings.key_file.clone())?;
        Some(Self { certificate, key })
    }

    fn read(&self) -> Result<Identity, Problem> {
        let remedy = "name files in PEM: the certificate of the server and those that lead to its authority, and its private key";
        let cannot = |path: &Path, error: rustls::pki_types::pem::Error| {
            Problem::new(format!("{}: {error}", path.display()), remedy)
        };
        let chain: Result<Vec<CertificateDer<'static>>, _> =
            CertificateDer::pem_file_iter(&self.certificate).and_then(Iterator::collect);
        let chain = chain.map_err(|error| cannot(&self.certificate, error))?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| cannot(&self.key, error))?;
        Ok(Identity { chain, key })
    }

    /// When they were changed. Whoever renews them replaces one after the other, so both count.
    fn changed(&self) -> [Option<SystemTime>; 2] {
        let at = |path: &Path| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
        [at(&self.certificate), at(&self.key)]
    }

    /// What connections are protected with.
    ///
    /// # Errors
    /// [`Problem`] when the files cannot be read, or do not belong together.
    pub(crate) fn tls(&self, asks: ClientCertificates) -> Result<Tls, Problem> {
        Tls::new(self.read()?, asks).map_err(|error| {
            Problem::new(
                format!("{}: {error}", self.certificate.display()),
                "name a certificate and the key that it was issued for",
            )
        })
    }
}

/// Takes the files again when they have changed. Those that cannot be used leave what was there.
pub(crate) async fn follow(files: Files, listeners: Vec<Tls>, stopped: watch::Receiver<bool>) {
    let health = Health::default();
    let taken = std::sync::Mutex::new(files.changed());
    every(LOOK, stopped, || async {
        let now = files.changed();
        let mut taken = taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if *taken == now {
            return;
        }
        let renew = |tls: &Tls| -> Result<(), String> {
            let identity = files.read().map_err(|problem| problem.to_string())?;
            tls.renew(identity).map_err(|error| error.to_string())
        };
        if health.note("certificate", listeners.iter().try_for_each(renew)).is_some() {
            *taken = now;
            tracing::info!("the certificate of the server was read anew");
        }
    })
    .await;
}
