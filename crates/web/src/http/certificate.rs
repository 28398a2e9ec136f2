//! The certificate that a program showed (RFC 8705): on its connection, or to the proxy in front of this server.

use super::host::authority;
use axum::extract::ConnectInfo;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, request::Parts};
use ipnet::IpNet;
use percent_encoding::percent_decode_str;
use std::{net::SocketAddr, sync::Arc};
use vestibule_domain::Pool;
use vestibule_oidc::OAuthError;
use vestibule_x509::{BadCertificate, PeerCertificate};

/// What the other side of a connection showed, where it was asked for a certificate: the one whose key it proved in its handshake,
/// or nothing. Whoever mounts a [`Site`](crate::Site) behind TLS of its own inserts it into the extensions of each request there;
/// then no header counts.
#[derive(Clone, Debug)]
pub struct ConnectionCertificate(pub Option<Arc<PeerCertificate>>);

/// Who hands certificates on, and how.
#[derive(Clone, Copy)]
pub(crate) struct HandingOn<'a> {
    /// The proxies that are believed.
    pub(crate) trusted: &'a [IpNet],
    /// The header in which they do, if they do.
    pub(crate) header: Option<&'a HeaderName>,
}

/// RFC 9440 §2.2.
const CLIENT_CERT: HeaderName = HeaderName::from_static("client-cert");

/// RFC 9440 §2.3.
const CLIENT_CERT_CHAIN: HeaderName = HeaderName::from_static("client-cert-chain");

/// What a program showed. Where connections are asked for certificates, they alone tell; elsewhere a proxy that is trusted to hand
/// certificates on is believed, with or without one, and nobody else: whoever could write the header would be whoever they like.
/// Of a pool whose applications are asked at an origin of its own, a header counts there alone.
///
/// # Errors
/// `invalid_request` for a header that cannot be read.
pub(crate) fn shown(
    parts: &Parts,
    handing: HandingOn<'_>,
    pool: &Pool,
) -> Result<Option<PeerCertificate>, OAuthError> {
    if let Some(ConnectionCertificate(own)) = parts.extensions.get() {
        return Ok(own.as_deref().cloned());
    }
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical());
    let trusted = peer.is_some_and(|peer| handing.trusted.iter().any(|net| net.contains(&peer)));
    let asked_elsewhere = pool.settings.mutual_tls.origin.as_ref();
    let asked_here =
        asked_elsewhere.is_none_or(|origin| authority(parts).as_deref() == Some(origin.authority()));
    match handing.header {
        Some(name) if trusted && asked_here => handed_on(&parts.headers, name).map_err(|cause| {
            OAuthError::invalid_request("the certificate that the proxy hands on cannot be read")
                .with_cause(cause)
        }),
        _ => Ok(None),
    }
}

fn handed_on(headers: &HeaderMap, name: &HeaderName) -> Result<Option<PeerCertificate>, BadCertificate> {
    let Some(text) = only(headers, name)? else { return Ok(None) };
    let mut chain = certificates(text)?;
    if *name == CLIENT_CERT {
        // A list, which may come in several lines.
        for line in headers.get_all(CLIENT_CERT_CHAIN) {
            let line = line.to_str().map_err(|_| BadCertificate::Encoding)?.trim();
            chain.extend(if line.is_empty() { Vec::new() } else { certificates(line)? });
        }
    }
    PeerCertificate::of_chain(chain)
}

/// The one value of a header; an empty one says that there is no certificate.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, BadCertificate> {
    let mut values = headers.get_all(name).iter();
    let text = values.next().map(HeaderValue::to_str).transpose().map_err(|_| BadCertificate::Encoding)?;
    match values.next() {
        Some(_) => Err(BadCertificate::Encoding),
        // Apache writes `(null)` for a variable that is not set.
        None => Ok(text.map(str::trim).filter(|text| !matches!(*text, "" | "(null)"))),
    }
}

/// Certificates as proxies write them: byte sequences (RFC 9440 §2.1), base64, or PEM, percent-encoded or with blanks for its line
/// breaks; several with commas between them.
fn certificates(text: &str) -> Result<Vec<Vec<u8>>, BadCertificate> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| BadCertificate::Encoding)?;
    let one = |part: &str| {
        let part = part.trim();
        match part.strip_prefix(':').map(|rest| rest.strip_suffix(':')) {
            Some(bytes) => {
                bytes.and_then(|bytes| STANDARD.decode(bytes).ok()).ok_or(BadCertificate::Encoding)
            }
            None => PeerCertificate::from_text(part).map(|read| read.as_der().to_vec()),
        }
    };
    text.split(',').map(one).collect()
}
