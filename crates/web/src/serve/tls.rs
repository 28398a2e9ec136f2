//! TLS of a listener (RFC 8446), which can ask applications for a certificate (RFC 8705).

use super::stream::Stream;
use crate::http::certificate::ConnectionCertificate;
use rustls::{
    DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, UnixTime},
    server::{
        NoServerSessionStorage,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use std::{
    io,
    sync::{Arc, PoisonError, RwLock},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use vestibule_x509::PeerCertificate;

/// What a server proves itself with.
pub struct Identity {
    /// Its certificate, and those that lead from it to an authority.
    pub chain: Vec<CertificateDer<'static>>,
    /// The key of the first one.
    pub key: PrivateKeyDer<'static>,
}

/// Whether those who connect are asked for a certificate. Browsers ask people then, so that this is for an address of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientCertificates {
    /// They are not.
    NotAsked,
    /// They are, and may have none. Whose it is and who vouches for it is judged with each request, by its pool.
    Asked,
}

/// What a listener protects its connections with. Clones share it.
#[derive(Clone)]
pub struct Tls {
    config: Arc<RwLock<Arc<ServerConfig>>>,
    asks: ClientCertificates,
}

impl Tls {
    /// Takes what the server proves itself with.
    ///
    /// # Errors
    /// When certificate and key cannot be used, or do not belong together.
    pub fn new(identity: Identity, asks: ClientCertificates) -> Result<Self, rustls::Error> {
        let config = config(identity, asks)?;
        Ok(Self { config: Arc::new(RwLock::new(Arc::new(config))), asks })
    }

    /// Takes another one, for connections from now on.
    ///
    /// # Errors
    /// As [`Tls::new`]; the former one stays.
    pub fn renew(&self, identity: Identity) -> Result<(), rustls::Error> {
        let fresh = Arc::new(config(identity, self.asks)?);
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Shakes hands.
    pub(super) async fn accept(&self, stream: Stream) -> io::Result<TlsStream<Stream>> {
        let config = Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner));
        TlsAcceptor::from(config).accept(stream).await
    }
}

/// What the other side showed, where it was asked. The handshake has proved that it has the key.
///
/// # Errors
/// For something that is no certificate.
pub(super) fn certificate_of(
    stream: &TlsStream<Stream>,
    tls: &Tls,
) -> io::Result<Option<ConnectionCertificate>> {
    if tls.asks == ClientCertificates::NotAsked {
        return Ok(None);
    }
    let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
    let shown = PeerCertificate::of_chain(chain.iter().map(|der| der.to_vec()));
    let shown = shown.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    Ok(Some(ConnectionCertificate(shown.map(Arc::new))))
}

fn config(identity: Identity, asks: ClientCertificates) -> Result<ServerConfig, rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let builder = match asks {
        ClientCertificates::NotAsked => builder.with_no_client_auth(),
        ClientCertificates::Asked => builder.with_client_cert_verifier(Arc::new(AnyCertificate(provider))),
    };
    let mut config = builder.with_single_cert(identity.chain, identity.key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    if asks == ClientCertificates::Asked {
        // Every connection proves its key anew: a session that is taken up again would only remember that it did.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
    }
    Ok(config)
}

/// Takes any certificate whose key is proved: pools trust different authorities, and the handshake does not know the pool.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ClientCertVerifier for AnyCertificate {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
