//! HTTPS by the server itself.

use std::net::SocketAddr;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vestibule_domain::field::Fault;

/// HTTPS by the server itself, beside `server.listen`. Certificate and key are read again when the files change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TlsSettings {
    /// Address and port for HTTPS, such as `0.0.0.0:443`.
    #[schemars(with = "Option<String>")]
    pub listen: Option<SocketAddr>,
    /// Address and port for HTTPS at which applications are asked for a certificate (RFC 8705). Browsers would ask people, so it
    /// is another one; a pool tells its applications with `[pool.mutual_tls] origin`.
    #[schemars(with = "Option<String>")]
    pub client_certificate_listen: Option<SocketAddr>,
    /// File with the certificate of the server and those that lead to its authority, in PEM.
    pub certificate_file: Option<PathBuf>,
    /// File with its private key, in PEM.
    pub key_file: Option<PathBuf>,
}

/// Headers that mean something else already.
const TAKEN: [&str; 12] = [
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "dpop",
    "forwarded",
    "host",
    "origin",
    "te",
    "transfer-encoding",
    "x-forwarded-for",
];

impl super::Settings {
    /// Checks what is said of TLS and of certificates.
    pub(super) fn check_tls(&self, report: &mut impl FnMut(&str, &str, Fault)) {
        let TlsSettings { listen, client_certificate_listen, certificate_file, key_file } = &self.tls;
        let listens = listen.is_some() || client_certificate_listen.is_some();
        for (key, file) in [("certificate_file", certificate_file), ("key_file", key_file)] {
            if listens && file.is_none() {
                let fault = Fault::new("HTTPS without a certificate and its key")
                    .expected("`certificate_file` and `key_file`")
                    .hint("add both, or remove the addresses to listen on");
                report("tls", key, fault);
            }
        }
        if !listens && (certificate_file.is_some() || key_file.is_some()) {
            let fault = Fault::new("a certificate that nothing listens with")
                .expected("`listen`, `client_certificate_listen` or both")
                .hint("add listen = \"0.0.0.0:443\", or remove the files");
            report("tls", "listen", fault);
        }
        if let Some(name) = &self.server.client_certificate_header {
            self.check_header(name, report);
        }
    }

    fn check_header(&self, name: &str, report: &mut impl FnMut(&str, &str, Fault)) {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let free = !TAKEN.iter().any(|taken| name.eq_ignore_ascii_case(taken));
        if name.is_empty() || !name.bytes().all(plain) || !free {
            let fault = Fault::new("not a header for certificates")
                .expected("a name such as \"Client-Cert\" (RFC 9440) that nothing else uses")
                .found(format!("{name:?}"))
                .hint("name the header in which the proxy hands the certificate on");
            report("server", "client_certificate_header", fault);
        }
        if self.server.trusted_proxies.is_empty() {
            let fault = Fault::new("certificates in a header that nobody may write")
                .expected("the proxies that write it in `trusted_proxies`")
                .hint("add them; from anywhere else the header is ignored");
            report("server", "client_certificate_header", fault);
        }
    }
}
