//! How an application is known by a certificate (RFC 8705), on the command line.

use clap::Args;
use toml::Value;

#[derive(Args)]
pub(in crate::cli) struct CertificateTraits {
    /// With tls_client_auth: the subject of its certificate, such as `CN=billing,O=Example`; `none` for none.
    #[arg(long, value_name = "DN")]
    tls_client_auth_subject_dn: Option<String>,
    /// Instead: a host among the alternative names of its certificate; `none` for none.
    #[arg(long, value_name = "HOST")]
    tls_client_auth_san_dns: Option<String>,
    /// Instead: an address among them, such as `spiffe://example.com/billing`; `none` for none.
    #[arg(long, value_name = "URI")]
    tls_client_auth_san_uri: Option<String>,
    /// Instead: an IP address among them; `none` for none.
    #[arg(long, value_name = "IP")]
    tls_client_auth_san_ip: Option<String>,
    /// Instead: a mail address among them; `none` for none.
    #[arg(long, value_name = "ADDRESS")]
    tls_client_auth_san_email: Option<String>,
    /// Whether its access tokens are bound to the certificate that it shows when it asks for them.
    #[arg(long, value_name = "true|false")]
    tls_client_certificate_bound_access_tokens: Option<bool>,
}

impl CertificateTraits {
    /// Puts what is named under its key in a pool file.
    pub(super) fn put_into(self, put: &mut impl FnMut(&str, Option<Value>)) {
        for (key, name) in [
            ("tls_client_auth_subject_dn", self.tls_client_auth_subject_dn),
            ("tls_client_auth_san_dns", self.tls_client_auth_san_dns),
            ("tls_client_auth_san_uri", self.tls_client_auth_san_uri),
            ("tls_client_auth_san_ip", self.tls_client_auth_san_ip),
            ("tls_client_auth_san_email", self.tls_client_auth_san_email),
        ] {
            put(key, name.map(Value::from));
        }
        let bound = self.tls_client_certificate_bound_access_tokens;
        put("tls_client_certificate_bound_access_tokens", bound.map(Value::from));
    }
}
