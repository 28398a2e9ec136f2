//! From declarations as they are written to declarations as `flows` takes them, and settings back again.

mod policy;
mod settings;

pub(crate) use settings::as_declared;

use anyhow::{Context as _, anyhow};
use vestibule_config as config;
use vestibule_domain::{Client, ClientAuthMethod, ClientKind, Email, GrantType, Origin, TokenAlg, Username};
use vestibule_flows::{ClientSpec, PoolSpec, SecretSpec, UserSpec};
use zeroize::Zeroizing;

/// The pools of a file, with their applications and users.
///
/// # Errors
/// What the file's own checks cannot see, such as an address that no mail could reach.
pub fn pool_specs(file: &config::PoolFile) -> anyhow::Result<Vec<PoolSpec>> {
    let named = |pool: &config::PoolSpec| pool_spec(pool).with_context(|| format!("pool {:?}", pool.slug));
    file.pool.iter().map(named).collect()
}

fn pool_spec(pool: &config::PoolSpec) -> anyhow::Result<PoolSpec> {
    let client = |client: &config::ClientSpec| {
        client_spec(client).with_context(|| format!("application {:?}", client.id))
    };
    let user = |user: &config::UserSpec| user_spec(user).with_context(|| format!("user {:?}", user.username));
    Ok(PoolSpec {
        tenant: pool.tenant.clone(),
        slug: pool.slug.clone(),
        name: pool.name.clone(),
        origin: Origin::parse(&pool.origin).with_context(|| pool.origin.clone())?,
        settings: settings::settings(pool)?,
        clients: pool.client.iter().map(client).collect::<anyhow::Result<_>>()?,
        users: pool.user.iter().map(user).collect::<anyhow::Result<_>>()?,
    })
}

fn client_spec(spec: &config::ClientSpec) -> anyhow::Result<ClientSpec> {
    let grant = |grant: &config::GrantKind| match grant {
        config::GrantKind::AuthorizationCode => GrantType::AuthorizationCode,
        config::GrantKind::RefreshToken => GrantType::RefreshToken,
    };
    let aliases = spec.acr_aliases.iter().map(|(name, level)| (name.clone(), policy::acr(*level)));
    let client = Client {
        id: spec.id.clone(),
        name: spec.name.clone(),
        kind: match spec.kind {
            config::ClientKind::Confidential => ClientKind::Confidential,
            config::ClientKind::Public => ClientKind::Public,
        },
        auth_method: match spec.auth_method() {
            config::ClientAuthMethod::None => ClientAuthMethod::None,
            config::ClientAuthMethod::ClientSecretBasic => ClientAuthMethod::ClientSecretBasic,
            config::ClientAuthMethod::ClientSecretPost => ClientAuthMethod::ClientSecretPost,
        },
        secret_sha256: None,
        redirect_uris: spec.redirect_uris.clone(),
        post_logout_redirect_uris: spec.post_logout_redirect_uris.clone(),
        scopes: spec.scopes.clone(),
        grants: spec.grants.iter().map(grant).collect(),
        id_token_alg: match spec.id_token_alg {
            config::IdTokenAlg::Es256 => TokenAlg::Es256,
            config::IdTokenAlg::Rs256 => TokenAlg::Rs256,
            config::IdTokenAlg::EdDsa => TokenAlg::EdDsa,
        },
        first_party: spec.first_party,
        min_acr: spec.min_acr.map(policy::acr),
        acr_aliases: aliases.collect(),
        default_max_age: spec.default_max_age.map(i64::try_from).transpose().context("default_max_age")?,
        enabled: true,
    };
    let secret = match (&spec.secret, &spec.secret_sha256) {
        (Some(secret), _) => SecretSpec::Given(Zeroizing::new(secret.expose().to_owned())),
        (None, Some(digest)) => SecretSpec::Sha256(sha256_digits(digest)?),
        (None, None) => SecretSpec::Keep,
    };
    Ok(ClientSpec { client, secret })
}

fn user_spec(spec: &config::UserSpec) -> anyhow::Result<UserSpec> {
    Ok(UserSpec {
        username: Username::parse(&spec.username)?,
        email: Some(Email::parse(&spec.email).with_context(|| spec.email.clone())?),
        email_verified: spec.email_verified,
        name: spec.name.clone(),
        locale: None,
        groups: spec.groups.clone(),
        password: spec.password.as_ref().map(|password| Zeroizing::new(password.expose().to_owned())),
    })
}

/// The 32 bytes of 64 hexadecimal digits.
fn sha256_digits(text: &str) -> anyhow::Result<[u8; 32]> {
    let refused = || anyhow!("secret_sha256 is not 64 hexadecimal digits");
    let mut digest = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return Err(refused());
    }
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| refused())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| refused())?;
    }
    Ok(digest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_domain::Acr;

    #[test]
    fn the_example_file_can_be_applied() {
        let text = include_str!("../../../config/pools.example.toml");
        let file = config::PoolFile::parse(None, text).unwrap();
        let specs = pool_specs(&file).unwrap();
        let acme = specs.first().unwrap();
        assert_eq!(acme.origin.issuer(), "https://acme.id.example.com/oidc");
        let payments = acme.clients.iter().find(|spec| spec.client.id == "payments").unwrap();
        assert_eq!(payments.client.min_acr, Some(Acr::Mfa));
        let shop = acme.clients.iter().find(|spec| spec.client.id == "shop").unwrap();
        assert_eq!(shop.client.acr_aliases.get("2"), Some(&Acr::Mfa));
        let phone = acme.clients.iter().find(|spec| spec.client.id == "phone").unwrap();
        assert_eq!(phone.client.auth_method, ClientAuthMethod::None);
    }

    #[test]
    fn a_language_without_translation_is_refused() {
        let text =
            include_str!("../../../config/pools.example.toml").replace("locale = \"en\"", "locale = \"tlh\"");
        let refused = pool_specs(&config::PoolFile::parse(None, &text).unwrap()).map(|_| ()).unwrap_err();
        assert!(format!("{refused:#}").contains("no translation for locale \"tlh\""), "{refused:#}");
    }

    #[test]
    fn digests_are_read_as_written() {
        let digits = "00ff".repeat(16);
        assert_eq!(sha256_digits(&digits).unwrap().get(..3), Some([0, 255, 0].as_slice()));
        assert!(sha256_digits("00").is_err() && sha256_digits(&"é".repeat(32)).is_err());
    }
}
