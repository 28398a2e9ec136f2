//! Checks that types alone cannot make; all that is wrong is collected. The rules of a field are the domain's; here are
//! those of the file as a whole: what may stand once, what belongs together, and secrets.

use vestibule_domain::field::{self, Fault, Faults, FieldPath};
use vestibule_domain::{ClientKind, FactorKind, Origin, Policy};

use super::declared::digest;
use super::{ClientSpec, PoolFile, PoolSpec, UserSpec, WebauthnSpec};
use crate::document::Document;
use crate::error::ConfigError;

/// Shortest secret of an application, in characters.
const SHORTEST_SECRET: usize = 32;

/// The factor whose code is mailed to where a password reset is mailed, too.
const EMAIL: FactorKind = FactorKind::new("email");

impl PoolFile {
    pub(super) fn check(&self, document: &Document<'_>) -> Result<(), ConfigError> {
        let mut faults = Faults::default();
        let pools = FieldPath::root().key("pool");
        let each = || self.pool.iter().enumerate().map(|(index, pool)| (pools.index(index), pool));
        faults.require(!self.pool.is_empty(), &pools, || {
            Fault::new("the file declares no pool")
                .expected("at least one [[pool]] table")
                .hint("see config/pools.example.toml")
        });
        for (at, pool) in each() {
            check_pool(&mut faults, &at, pool);
        }
        faults.unique("slug", each().map(|(at, pool)| (at.key("slug"), pool.slug.clone())));
        faults.unique("origin", each().map(|(at, pool)| (at.key("origin"), pool.origin.clone())));
        let located = faults.into_vec().into_iter().map(|fault| document.locate(fault));
        ConfigError::check(located.collect())
    }
}

fn check_pool(faults: &mut Faults, at: &FieldPath, pool: &PoolSpec) {
    faults.judge(&at.key("tenant"), field::slug(&pool.tenant));
    faults.judge(&at.key("slug"), field::slug(&pool.slug));
    faults.judge(&at.key("name"), field::name(&pool.name));
    faults.judge(&at.key("origin"), Origin::parse_exact(&pool.origin));
    pool.settings().check(at, faults);
    check_mailbox(faults, &at.key("mfa"), pool);
    check_webauthn(faults, &at.key("webauthn"), &pool.webauthn);
    let clients =
        || pool.client.iter().enumerate().map(|(index, client)| (at.key("client").index(index), client));
    let users = || pool.user.iter().enumerate().map(|(index, user)| (at.key("user").index(index), user));
    for (at, client) in clients() {
        client.client().check(&at, faults);
        check_secret(faults, &at, client);
    }
    for (at, user) in users() {
        check_user(faults, &at, user);
    }
    faults.unique("client id", clients().map(|(at, client)| (at.key("id"), client.id.clone())));
    faults.unique("username", users().map(|(at, user)| (at.key("username"), user.username.to_lowercase())));
    faults.unique("email", users().map(|(at, user)| (at.key("email"), user.email.to_lowercase())));
}

fn check_secret(faults: &mut Faults, at: &FieldPath, client: &ClientSpec) {
    let (secret, hash) = (at.key("secret"), at.key("secret_sha256"));
    faults.require(client.secret.is_none() || client.secret_sha256.is_none(), &hash, || {
        Fault::new("a secret and the hash of a secret")
            .expected("one of `secret` and `secret_sha256`")
            .hint("remove one of them")
    });
    let public = client.kind == ClientKind::Public;
    let none = client.secret.is_none() && client.secret_sha256.is_none();
    faults.require(!public || none, if client.secret.is_some() { &secret } else { &hash }, || {
        Fault::new("a public application cannot keep a secret")
            .expected("no secret with kind = \"public\"")
            .hint("remove the secret, or set kind = \"confidential\"")
    });
    if let Some(text) = &client.secret {
        let length = text.expose().len();
        faults.require(length >= SHORTEST_SECRET, &secret, || {
            Fault::new("the secret is too short")
                .expected(format!("at least {SHORTEST_SECRET} random characters"))
                .found(format!("{length} characters"))
                .hint("remove the line and have one generated")
        });
    }
    if let Some(text) = &client.secret_sha256 {
        faults.require(digest(text).is_some(), &hash, || {
            Fault::new("not a SHA-256 hash")
                .expected("64 hexadecimal digits")
                .found(format!("{} characters", text.chars().count()))
                .hint("printf %s \"$SECRET\" | sha256sum")
        });
    }
}

fn check_user(faults: &mut Faults, at: &FieldPath, user: &UserSpec) {
    faults.judge(&at.key("username"), field::username(&user.username));
    faults.judge(&at.key("email"), field::email(&user.email));
    if let Some(name) = &user.name {
        faults.judge(&at.key("name"), field::name(name));
    }
    for (index, group) in user.groups.iter().enumerate() {
        faults.judge(&at.key("groups").index(index), field::name(group));
    }
}

/// A user's mailbox alone must not open both factors: a password reset by mail and a code by mail.
fn check_mailbox(faults: &mut Faults, at: &FieldPath, pool: &PoolSpec) {
    let Policy { everybody, rules, .. } = &pool.mfa;
    let one_thing =
        |group: &Vec<FactorKind>| [FactorKind::PASSWORD, EMAIL].iter().all(|kind| group.contains(kind));
    if !pool.password_reset || everybody.distinct.iter().any(one_thing) {
        return;
    }
    let place = |kinds: &Option<Vec<FactorKind>>| {
        kinds.as_ref().map(|kinds| kinds.iter().position(|kind| *kind == EMAIL))
    };
    let found: Vec<FieldPath> = match place(&everybody.factors) {
        Some(Some(index)) => vec![at.key("factors").index(index)],
        // A rule cannot allow what the pool does not.
        Some(None) => Vec::new(),
        None => {
            let rules = rules.iter().enumerate();
            let with_mail = rules.filter_map(|(rule, asks)| Some((rule, place(&asks.ask.factors)??)));
            with_mail.map(|(rule, index)| at.key("rule").index(rule).key("factors").index(index)).collect()
        }
    };
    for at in found {
        let fault = Fault::new("a mailbox alone would open both factors")
            .expected("no \"email\" among the factors while password_reset = true")
            .found("\"email\", and passwords that are reset by mail");
        let ways = "set password_reset = false, or remove \"email\", or add distinct = [[\"password\", \"email\"]] to [pool.mfa]";
        faults.add(&at, fault.hint(ways));
    }
}

fn check_webauthn(faults: &mut Faults, at: &FieldPath, webauthn: &WebauthnSpec) {
    let models = at.key("aaguids");
    for (index, text) in webauthn.aaguids.iter().enumerate() {
        faults.require(is_uuid(text), &models.index(index), || {
            Fault::new("not an AAGUID")
                .expected("8-4-4-4-12 hexadecimal digits, such as \"2fc0579f-8113-47ea-b116-bb5a8db9202a\"")
                .found(format!("{text:?}"))
                .hint("copy it from the maker's list or from the FIDO metadata service")
        });
    }
    let listed = webauthn.aaguids.iter().enumerate();
    faults.unique("AAGUID", listed.map(|(index, text)| (models.index(index), text.to_lowercase())));
    for (index, text) in webauthn.attestation_roots.iter().enumerate() {
        faults.require(is_certificate(text), &at.key("attestation_roots").index(index), || {
            Fault::new("not a certificate")
                .expected("one certificate in PEM form, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----")
                .hint("paste it between triple quotes: \"\"\"…\"\"\"")
        });
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

/// The outside only; whether the certificate inside can be used is told when it is applied.
fn is_certificate(text: &str) -> bool {
    let inside = text.trim().strip_prefix("-----BEGIN CERTIFICATE-----");
    inside.and_then(|text| text.strip_suffix("-----END CERTIFICATE-----")).is_some_and(|body| {
        let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        !body.trim().is_empty() && body.chars().all(|c| base64(c) || c.is_ascii_whitespace())
    })
}
