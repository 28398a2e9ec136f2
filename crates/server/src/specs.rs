//! From declarations as they are written to declarations as `flows` takes them, and settings back again.

mod policy;
mod settings;

pub(crate) use settings::as_declared;

use crate::problem::Problem;
use anyhow::Context as _;
use vestibule_config as config;
use vestibule_domain::{Email, Origin, UserProfile, Username};
use vestibule_flows::{ClientSpec, PoolSpec, SecretSpec, UserSpec};
use vestibule_mfa::Registry;
use zeroize::Zeroizing;

/// The pools of a file, with their applications and users, for a program that knows these factors.
///
/// # Errors
/// What the file's own checks cannot see, such as an address that no mail could reach.
pub fn pool_specs(file: &config::PoolFile, registry: &Registry) -> anyhow::Result<Vec<PoolSpec>> {
    let named =
        |pool: &config::PoolSpec| pool_spec(pool, registry).with_context(|| format!("pool {:?}", pool.slug));
    file.pool.iter().map(named).collect()
}

fn pool_spec(pool: &config::PoolSpec, registry: &Registry) -> anyhow::Result<PoolSpec> {
    let user = |user: &config::UserSpec| user_spec(user).with_context(|| format!("user {:?}", user.username));
    let client = |client: &config::ClientSpec| {
        client_spec(client).with_context(|| format!("application {:?}", client.id))
    };
    Ok(PoolSpec {
        tenant: pool.tenant.clone(),
        slug: pool.slug.clone(),
        name: pool.name.clone(),
        origin: Origin::parse(&pool.origin).with_context(|| pool.origin.clone())?,
        settings: settings::settings(pool, registry)?,
        clients: pool.client.iter().map(client).collect::<anyhow::Result<_>>()?,
        users: pool.user.iter().map(user).collect::<anyhow::Result<_>>()?,
    })
}

fn client_spec(spec: &config::ClientSpec) -> anyhow::Result<ClientSpec> {
    let secret = match (&spec.secret, spec.secret_digest()) {
        (Some(secret), _) => SecretSpec::Given(Zeroizing::new(secret.expose().to_owned())),
        (None, Some(digest)) => SecretSpec::Sha256(digest),
        (None, None) => SecretSpec::Keep,
    };
    let spec = ClientSpec { client: spec.client(), secret };
    spec.check_keys().map_err(|cause| {
        let remedy = "give the public keys of the application as a JSON Web Key Set: { keys = [...] }";
        Problem::new(format!("jwks: {cause}"), remedy)
    })?;
    Ok(spec)
}

fn user_spec(spec: &config::UserSpec) -> anyhow::Result<UserSpec> {
    Ok(UserSpec {
        username: Username::parse(&spec.username)?,
        email: Some(Email::parse(&spec.email).with_context(|| spec.email.clone())?),
        email_verified: spec.email_verified,
        name: spec.name.clone(),
        locale: None,
        groups: spec.groups.clone(),
        profile: spec.profile.clone(),
        seen: UserProfile::default(),
        password: spec.password.as_ref().map(|password| Zeroizing::new(password.expose().to_owned())),
        exact: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_domain::{Acr, ClientAuthMethod};

    #[test]
    fn the_example_file_can_be_applied() {
        let text = include_str!("../../../config/pools.example.toml");
        let registry = Registry::builtin();
        let file = config::PoolFile::parse(None, text, &registry).unwrap();
        let specs = pool_specs(&file, &registry).unwrap();
        let acme = specs.first().unwrap();
        assert_eq!(acme.origin.issuer(), "https://acme.id.example.com/oidc");
        let payments = acme.clients.iter().find(|spec| spec.client.id == "payments").unwrap();
        assert_eq!(payments.client.min_acr, Some(Acr::Mfa));
        let shop = acme.clients.iter().find(|spec| spec.client.id == "shop").unwrap();
        assert_eq!(shop.client.acr_aliases.get("2"), Some(&Acr::Mfa));
        let phone = acme.clients.iter().find(|spec| spec.client.id == "phone").unwrap();
        assert!(phone.client.accepts(ClientAuthMethod::None));
    }

    #[test]
    fn the_schema_of_pool_files_is_the_one_that_the_program_writes() {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/schema/pools.schema.json");
        let schema = config::pools_json_schema(Registry::builtin().settings_schemas());
        assert_eq!(
            std::fs::read_to_string(path).unwrap(),
            format!("{schema:#}\n"),
            "run `cargo xtask generate`"
        );
    }

    #[test]
    fn a_language_without_translation_is_refused() {
        let text =
            include_str!("../../../config/pools.example.toml").replace("locale = \"en\"", "locale = \"tlh\"");
        let registry = Registry::builtin();
        let file = config::PoolFile::parse(None, &text, &registry).unwrap();
        let refused = pool_specs(&file, &registry).map(|_| ()).unwrap_err();
        assert!(format!("{refused:#}").contains("no translation for locale \"tlh\""), "{refused:#}");
    }
}
