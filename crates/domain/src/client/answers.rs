//! How what an application is told of a person is signed and encrypted.

use super::{Client, TokenAlg};
use crate::field::{Fault, Faults, FieldPath};
use serde::{Deserialize, Serialize};

names! {
    /// How the key of what is encrypted reaches the application: an `alg` of RFC 7518 §4.1.
    KeyEncryption {
        /// To its RSA key.
        RsaOaep256 = "RSA-OAEP-256",
        /// By agreement with its key on P-256.
        EcdhEs = "ECDH-ES",
    }
}

names! {
    /// How the content is encrypted: an `enc` of RFC 7518 §5.1.
    ContentEncryption {
        /// AES-GCM with a key of 128 bits.
        A128Gcm = "A128GCM",
        /// AES-GCM with a key of 256 bits.
        A256Gcm = "A256GCM",
    }
}

/// How something is encrypted to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encryption {
    /// How the key reaches it.
    pub alg: KeyEncryption,
    /// How the content is encrypted.
    pub enc: ContentEncryption,
}

impl Encryption {
    /// What is not said is [`ContentEncryption::A256Gcm`]: the default of OpenID Connect Registration §2 is AES-CBC, which is not
    /// served.
    fn of(alg: Option<KeyEncryption>, enc: Option<ContentEncryption>) -> Option<Self> {
        alg.map(|alg| Self { alg, enc: enc.unwrap_or(ContentEncryption::A256Gcm) })
    }
}

/// How ID tokens and the answers of userinfo reach an application, with the names of OpenID Connect Registration §2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ClientAnswers {
    /// Userinfo is signed with this algorithm; plain JSON without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<TokenAlg>,
    /// ID tokens are encrypted to the application's keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_encrypted_response_alg: Option<KeyEncryption>,
    /// How; A256GCM when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_encrypted_response_enc: Option<ContentEncryption>,
    /// Userinfo is encrypted to the application's keys, whether it is signed or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_encrypted_response_alg: Option<KeyEncryption>,
    /// How; A256GCM when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_encrypted_response_enc: Option<ContentEncryption>,
}

impl ClientAnswers {
    /// How ID tokens are encrypted, if they are.
    pub fn id_token(&self) -> Option<Encryption> {
        Encryption::of(self.id_token_encrypted_response_alg, self.id_token_encrypted_response_enc)
    }

    /// How userinfo is encrypted, if it is.
    pub fn userinfo(&self) -> Option<Encryption> {
        Encryption::of(self.userinfo_encrypted_response_alg, self.userinfo_encrypted_response_enc)
    }
}

impl Client {
    /// Everything that is wrong with them; places are below `at`.
    pub(super) fn check_answers(&self, at: &FieldPath, faults: &mut Faults) {
        let answers = &self.answers;
        for (what, alg, enc) in [
            (
                "id_token_encrypted_response",
                answers.id_token_encrypted_response_alg,
                answers.id_token_encrypted_response_enc,
            ),
            (
                "userinfo_encrypted_response",
                answers.userinfo_encrypted_response_alg,
                answers.userinfo_encrypted_response_enc,
            ),
        ] {
            // OpenID Connect Registration §2.
            faults.require(enc.is_none() || alg.is_some(), &at.key(&format!("{what}_enc")), || {
                Fault::new("half of an encryption")
                    .expected(format!("`{what}_alg` beside it"))
                    .hint("add it, or remove the line")
            });
            faults.require(alg.is_none() || self.has_keys(), &at.key(&format!("{what}_alg")), || {
                Fault::new("encryption without a key")
                    .expected("`jwks` with a key of the application to encrypt to, or `jwks_uri`")
                    .hint("add the keys, or remove the line")
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientKind, GrantType};

    fn faults(change: impl Fn(&mut Client)) -> Vec<String> {
        let mut client = Client {
            redirect_uris: vec!["https://app.example/cb".into()],
            scopes: vec!["openid".into()],
            grants: vec![GrantType::AuthorizationCode],
            ..Client::new("app", ClientKind::Public)
        };
        change(&mut client);
        let mut faults = Faults::default();
        client.check(&FieldPath::root(), &mut faults);
        faults.into_vec().into_iter().map(|fault| fault.at.to_string()).collect()
    }

    #[test]
    fn encryption_needs_an_algorithm_and_a_key() {
        let alg = Some(KeyEncryption::EcdhEs);
        assert_eq!(faults(|_| ()), Vec::<String>::new());
        let at = ["id_token_encrypted_response_alg"];
        assert_eq!(faults(|client| client.answers.id_token_encrypted_response_alg = alg), at);
        let enc = Some(ContentEncryption::A128Gcm);
        let at = ["userinfo_encrypted_response_enc"];
        assert_eq!(faults(|client| client.answers.userinfo_encrypted_response_enc = enc), at);
        let good = |client: &mut Client| {
            client.jwks_uri = Some("https://app.example/keys".into());
            client.answers.id_token_encrypted_response_alg = alg;
            client.answers.userinfo_encrypted_response_alg = alg;
            client.answers.userinfo_encrypted_response_enc = enc;
        };
        assert_eq!(faults(good), Vec::<String>::new());
    }

    #[test]
    fn keys_to_encrypt_to_prove_nobody() {
        let mut client = Client::new("app", ClientKind::Confidential);
        client.jwks_uri = Some("https://app.example/keys".into());
        assert!(!client.needs_secret());
        client.answers.userinfo_encrypted_response_alg = Some(KeyEncryption::EcdhEs);
        assert!(client.needs_secret());
        client.auth_method = Some(crate::ClientAuthMethod::PrivateKeyJwt);
        assert!(!client.needs_secret());
    }

    #[test]
    fn an_application_of_an_earlier_version_gets_plain_answers() {
        let none = serde_json::to_value(ClientAnswers::default()).unwrap();
        assert_eq!(none, serde_json::json!({}));
        let read: ClientAnswers = serde_json::from_value(none).unwrap();
        assert_eq!((read.id_token(), read.userinfo()), (None, None));
    }
}
