//! How an application is known by a certificate (RFC 8705).

use super::{Client, ClientAuthMethod};
use crate::field::{Fault, Faults, FieldPath};
use serde::{Deserialize, Serialize};
use vestibule_x509::{BadName, SubjectName};

/// How an application is known by a certificate, and whether its tokens are bound to the one that it shows (RFC 8705 §2.1.2,
/// §3.4). At most one of the names is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ClientTls {
    /// The subject of its certificate as a whole, as RFC 4514 writes it: `CN=billing,O=Example,C=DE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_subject_dn: Option<String>,
    /// A host among the alternative names of its certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_dns: Option<String>,
    /// An address among them, such as `spiffe://example.com/billing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_uri: Option<String>,
    /// An IP address among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_ip: Option<String>,
    /// A mail address among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_email: Option<String>,
    /// Whether its access tokens are bound to the certificate that it shows when it asks for them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tls_client_certificate_bound_access_tokens: bool,
}

/// Longest name of a subject, in bytes.
const LONGEST: usize = 1024;

/// One name as it is registered, and how it is read.
struct Named<'a> {
    key: &'static str,
    text: &'a str,
    read: Read,
}

type Read = fn(&str) -> Result<SubjectName, BadName>;

impl ClientTls {
    fn named(&self) -> impl Iterator<Item = Named<'_>> {
        let distinguished: Read = |text| text.parse().map(SubjectName::Distinguished);
        let ip: Read = |text| text.parse().map(SubjectName::Ip).map_err(|_| BadName::Length);
        let all: [(&'static str, &Option<String>, Read); 5] = [
            ("tls_client_auth_subject_dn", &self.tls_client_auth_subject_dn, distinguished),
            ("tls_client_auth_san_dns", &self.tls_client_auth_san_dns, host),
            ("tls_client_auth_san_uri", &self.tls_client_auth_san_uri, |text| plain(text, SubjectName::Uri)),
            ("tls_client_auth_san_ip", &self.tls_client_auth_san_ip, ip),
            ("tls_client_auth_san_email", &self.tls_client_auth_san_email, |text| {
                plain(text, SubjectName::Email)
            }),
        ];
        all.into_iter().filter_map(|(key, text, read)| Some(Named { key, text: text.as_deref()?, read }))
    }

    /// The name that its certificate has to have, where exactly one is registered.
    pub fn subject(&self) -> Option<SubjectName> {
        let mut named = self.named();
        let only = named.next().filter(|_| named.next().is_none())?;
        (only.read)(only.text).ok()
    }
}

/// A wildcard is no host.
fn host(text: &str) -> Result<SubjectName, BadName> {
    if text.contains('*') { Err(BadName::Length) } else { plain(text, SubjectName::Dns) }
}

fn plain(text: &str, of: fn(String) -> SubjectName) -> Result<SubjectName, BadName> {
    let visible =
        !text.is_empty() && text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic());
    visible.then(|| of(text.to_owned())).ok_or(BadName::Length)
}

impl Client {
    /// Everything that is wrong with how it is known by certificate; places are below `at`.
    pub(super) fn check_tls(&self, at: &FieldPath, faults: &mut Faults) {
        let named: Vec<Named<'_>> = self.tls.named().collect();
        for Named { key, text, read } in &named {
            if let Err(cause) = read(text) {
                let fault = Fault::new("not the name of a certificate")
                    .expected("a name as the certificate has it")
                    .found(format!("{text:?}"))
                    .hint(cause.to_string());
                faults.add(&at.key(key), fault);
            }
        }
        let by_authority = self.auth_method == Some(ClientAuthMethod::TlsClientAuth);
        let fits = named.len() == usize::from(by_authority);
        let place =
            named.get(1).or_else(|| named.first()).map_or("token_endpoint_auth_method", |one| one.key);
        faults.require(fits, &at.key(place), || match by_authority {
            // RFC 8705 §2.1.2: exactly one of them.
            true => Fault::new("tls_client_auth needs exactly one name")
                .expected("one of tls_client_auth_subject_dn, _san_dns, _san_uri, _san_ip and _san_email")
                .found(named.len().to_string())
                .hint("say by which one name of its certificate the application is known"),
            false => Fault::new("the name of a certificate that nothing asks for")
                .expected("it only with token_endpoint_auth_method = \"tls_client_auth\"")
                .hint("remove it, or choose that method"),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientKind, GrantType};

    fn faults(method: Option<ClientAuthMethod>, tls: ClientTls) -> Vec<String> {
        let client = Client {
            auth_method: method,
            tls,
            grants: vec![GrantType::ClientCredentials],
            ..Client::new("billing", ClientKind::Confidential)
        };
        let mut faults = Faults::default();
        client.check(&FieldPath::root(), &mut faults);
        faults.into_vec().into_iter().map(|fault| fault.at.to_string()).collect()
    }

    fn dn(text: &str) -> ClientTls {
        ClientTls { tls_client_auth_subject_dn: Some(text.into()), ..ClientTls::default() }
    }

    #[test]
    fn exactly_one_name_makes_an_application_known() {
        let by_authority = Some(ClientAuthMethod::TlsClientAuth);
        assert_eq!(faults(by_authority, dn("CN=billing, O=Example")), Vec::<String>::new());
        assert_eq!(faults(by_authority, ClientTls::default()), ["token_endpoint_auth_method"]);
        let two = ClientTls { tls_client_auth_san_dns: Some("a.example".into()), ..dn("CN=billing") };
        assert_eq!(faults(by_authority, two.clone()), ["tls_client_auth_san_dns"]);
        assert_eq!(two.subject(), None, "and never is one of two believed");
        assert_eq!(faults(None, dn("CN=billing")), ["tls_client_auth_subject_dn"]);
    }

    #[test]
    fn names_are_read_when_they_are_registered() {
        let by_authority = Some(ClientAuthMethod::TlsClientAuth);
        for bad in ["", "billing", "CN", "=x", "CN=a,b"] {
            assert_eq!(faults(by_authority, dn(bad)), ["tls_client_auth_subject_dn"], "{bad:?}");
        }
        let ip = |text: &str| ClientTls { tls_client_auth_san_ip: Some(text.into()), ..ClientTls::default() };
        assert_eq!(faults(by_authority, ip("2001:db8::1")), Vec::<String>::new());
        assert_eq!(faults(by_authority, ip("10.0.0.0/8")), ["tls_client_auth_san_ip"]);
    }
}
