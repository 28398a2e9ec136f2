//! From the shape of the file to the domain's values, and back.

use vestibule_domain::{Attribute, Client, ClientAnswers, ClientLogout, ClientTls, Pool, PoolSettings, User};

use super::{Branding, ClientSpec, PoolSpec, UserSpec};

impl PoolSpec {
    /// What the pool's tenant decides.
    #[must_use]
    pub fn settings(&self) -> PoolSettings {
        PoolSettings {
            locale: self.locale.clone(),
            registration: self.registration,
            password_reset: self.password_reset,
            account: self.account.clone(),
            mfa: self.mfa.clone(),
            enrolment: self.enrolment.clone(),
            factors: self.factor.clone(),
            admin_group: self.admin_group.clone(),
            texts: self.texts.clone(),
            accent: self.branding.accent.clone(),
            support_email: self.branding.support_email.clone(),
            reserved_usernames: self.reserved_usernames.clone(),
            tokens: self.tokens.clone(),
            apis: self.api.clone(),
            client_registration: self.client_registration.clone(),
            mutual_tls: self.mutual_tls.clone(),
            trusted_issuers: self.trusted_issuer.clone(),
            attributes: self.attribute.clone(),
            outbound: self.outbound.clone(),
            lifetimes: self.lifetimes.clone(),
        }
    }

    /// A pool as the file would declare it, without applications and users.
    #[must_use]
    pub fn of(pool: &Pool) -> Self {
        let settings = pool.settings.clone();
        Self {
            tenant: pool.tenant.clone(),
            slug: pool.slug.clone(),
            name: pool.name.clone(),
            origin: pool.origin.to_string(),
            locale: settings.locale,
            registration: settings.registration,
            reserved_usernames: settings.reserved_usernames,
            password_reset: settings.password_reset,
            account: settings.account,
            mfa: settings.mfa,
            enrolment: settings.enrolment,
            factor: settings.factors,
            admin_group: settings.admin_group,
            texts: settings.texts,
            branding: Branding { accent: settings.accent, support_email: settings.support_email },
            tokens: settings.tokens,
            api: settings.apis,
            client_registration: settings.client_registration,
            mutual_tls: settings.mutual_tls,
            trusted_issuer: settings.trusted_issuers,
            attribute: settings.attributes,
            outbound: settings.outbound,
            lifetimes: settings.lifetimes,
            client: Vec::new(),
            user: Vec::new(),
        }
    }
}

impl ClientSpec {
    /// An application as the file would declare it, with the digest of its secret.
    #[must_use]
    pub fn of(client: &Client) -> Self {
        let hex =
            |digest: [u8; 32]| digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let (logout, answers, tls) = (client.logout.clone(), &client.answers, client.tls.clone());
        Self {
            id: client.id.clone(),
            name: client.name.clone(),
            kind: client.kind,
            secret: None,
            secret_sha256: client.secret_sha256.map(hex),
            jwks: client.jwks.clone(),
            jwks_uri: client.jwks_uri.clone(),
            tls_client_auth_subject_dn: tls.tls_client_auth_subject_dn,
            tls_client_auth_san_dns: tls.tls_client_auth_san_dns,
            tls_client_auth_san_uri: tls.tls_client_auth_san_uri,
            tls_client_auth_san_ip: tls.tls_client_auth_san_ip,
            tls_client_auth_san_email: tls.tls_client_auth_san_email,
            tls_client_certificate_bound_access_tokens: tls.tls_client_certificate_bound_access_tokens,
            redirect_uris: client.redirect_uris.clone(),
            post_logout_redirect_uris: client.post_logout_redirect_uris.clone(),
            request_uris: client.request_uris.clone(),
            backchannel_logout_uri: logout.backchannel_logout_uri,
            backchannel_logout_session_required: logout.backchannel_logout_session_required,
            frontchannel_logout_uri: logout.frontchannel_logout_uri,
            frontchannel_logout_session_required: logout.frontchannel_logout_session_required,
            scopes: client.scopes.clone(),
            apis: client.apis.clone(),
            default_api: client.default_api.clone(),
            introspects: client.introspects.clone(),
            grants: client.grants.clone(),
            exchange: client.exchange.clone(),
            token_endpoint_auth_method: client.auth_method,
            id_token_alg: client.id_token_alg,
            userinfo_signed_response_alg: answers.userinfo_signed_response_alg,
            id_token_encrypted_response_alg: answers.id_token_encrypted_response_alg,
            id_token_encrypted_response_enc: answers.id_token_encrypted_response_enc,
            userinfo_encrypted_response_alg: answers.userinfo_encrypted_response_alg,
            userinfo_encrypted_response_enc: answers.userinfo_encrypted_response_enc,
            subject_type: client.subject_type,
            sector_identifier_uri: client.sector_identifier_uri.clone(),
            first_party: client.first_party,
            min_acr: client.min_acr,
            acr_aliases: client.acr_aliases.clone(),
            default_max_age: client.default_max_age.and_then(|seconds| u32::try_from(seconds).ok()),
            strict: client.strict.clone(),
            profile: client.profile,
            omit_iss: client.omit_iss,
            enabled: client.enabled,
        }
    }

    /// The application that is declared, without its secret.
    #[must_use]
    pub fn client(&self) -> Client {
        Client {
            id: self.id.clone(),
            name: self.name.clone(),
            kind: self.kind,
            auth_method: self.token_endpoint_auth_method,
            secret_sha256: None,
            jwks: self.jwks.clone(),
            jwks_uri: self.jwks_uri.clone(),
            tls: ClientTls {
                tls_client_auth_subject_dn: self.tls_client_auth_subject_dn.clone(),
                tls_client_auth_san_dns: self.tls_client_auth_san_dns.clone(),
                tls_client_auth_san_uri: self.tls_client_auth_san_uri.clone(),
                tls_client_auth_san_ip: self.tls_client_auth_san_ip.clone(),
                tls_client_auth_san_email: self.tls_client_auth_san_email.clone(),
                tls_client_certificate_bound_access_tokens: self.tls_client_certificate_bound_access_tokens,
            },
            redirect_uris: self.redirect_uris.clone(),
            post_logout_redirect_uris: self.post_logout_redirect_uris.clone(),
            request_uris: self.request_uris.clone(),
            logout: ClientLogout {
                backchannel_logout_uri: self.backchannel_logout_uri.clone(),
                backchannel_logout_session_required: self.backchannel_logout_session_required,
                frontchannel_logout_uri: self.frontchannel_logout_uri.clone(),
                frontchannel_logout_session_required: self.frontchannel_logout_session_required,
            },
            scopes: self.scopes.clone(),
            apis: self.apis.clone(),
            default_api: self.default_api.clone(),
            introspects: self.introspects.clone(),
            grants: self.grants.clone(),
            exchange: self.exchange.clone(),
            id_token_alg: self.id_token_alg,
            answers: ClientAnswers {
                userinfo_signed_response_alg: self.userinfo_signed_response_alg,
                id_token_encrypted_response_alg: self.id_token_encrypted_response_alg,
                id_token_encrypted_response_enc: self.id_token_encrypted_response_enc,
                userinfo_encrypted_response_alg: self.userinfo_encrypted_response_alg,
                userinfo_encrypted_response_enc: self.userinfo_encrypted_response_enc,
            },
            subject_type: self.subject_type,
            sector_identifier_uri: self.sector_identifier_uri.clone(),
            first_party: self.first_party,
            min_acr: self.min_acr,
            acr_aliases: self.acr_aliases.clone(),
            default_max_age: self.default_max_age.map(i64::from),
            strict: self.strict.clone(),
            profile: self.profile,
            omit_iss: self.omit_iss,
            registered: None,
            enabled: self.enabled,
        }
    }

    /// The SHA-256 of its secret, where the file gives that; of a file that passed its checks.
    #[must_use]
    pub fn secret_digest(&self) -> Option<[u8; 32]> {
        self.secret_sha256.as_deref().and_then(digest)
    }
}

impl UserSpec {
    /// A user of a pool with these attributes as the file would declare it, without a password; `None` for one without an
    /// address, which no file has.
    #[must_use]
    pub fn of(user: &User, declared: &[Attribute]) -> Option<Self> {
        Some(Self {
            username: user.username.clone(),
            email: user.email.clone()?,
            email_verified: user.email_verified,
            name: user.name.clone(),
            password: None,
            groups: user.groups.clone(),
            profile: user.profile.clone().fitting(declared),
        })
    }
}

/// The 32 bytes of 64 hexadecimal digits.
pub(super) fn digest(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    // `from_str_radix` would take a sign, too.
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_read_as_written() {
        let digits = "00ff".repeat(16);
        assert_eq!(digest(&digits).unwrap().get(..3), Some([0, 255, 0].as_slice()));
        assert!(digest("00").is_none() && digest(&"é".repeat(32)).is_none());
    }
}
