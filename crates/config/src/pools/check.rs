//! Checks that types alone cannot make; all that is wrong is collected. The rules of a field are the domain's; here are
//! those of the file as a whole: what may stand once, what belongs together, and secrets.

use vestibule_domain::field::{self, Fault, Faults, FieldPath};
use vestibule_domain::{
    Attribute, ClientKind, Email, FactorKind, FactorRules, Origin, Policy, UserProfile, Username,
    policy::Rule,
};

use super::declared::digest;
use super::{ClientSpec, PoolFile, PoolSpec, UserSpec};
use crate::document::Document;
use crate::error::Problem;

/// Shortest secret of an application, in characters.
const SHORTEST_SECRET: usize = 32;

impl PoolFile {
    /// Everything that is wrong, but for what `ignore` says.
    pub(super) fn check(
        &self,
        document: &Document<'_>,
        factors: &dyn FactorRules,
        ignore: &dyn Fn(&FieldPath) -> bool,
    ) -> Vec<Problem> {
        let mut faults = Faults::default();
        let pools = FieldPath::root().key("pool");
        let each = || self.pool.iter().enumerate().map(|(index, pool)| (pools.index(index), pool));
        faults.require(!self.pool.is_empty(), &pools, || {
            Fault::new("the file declares no pool")
                .expected("at least one [[pool]] table")
                .hint("see config/pools.example.toml")
        });
        for (at, pool) in each() {
            check_pool(&mut faults, &at, pool, factors);
        }
        faults.unique("slug", each().map(|(at, pool)| (at.key("slug"), pool.slug.clone())));
        faults.unique("origin", each().map(|(at, pool)| (at.key("origin"), pool.origin.clone())));
        // Where applications are asked for certificates is one pool's place alone, and no place for people.
        let asks = |pool: &PoolSpec| pool.mutual_tls.origin.as_ref().map(Origin::to_string);
        for (at, pool) in each() {
            let Some(origin) = asks(pool) else { continue };
            let others = self.pool.iter().filter(|other| !std::ptr::eq(*other, pool));
            let mut taken = others.filter_map(asks).chain(self.pool.iter().map(|other| other.origin.clone()));
            faults.require(taken.all(|other| other != origin), &at.key("mutual_tls").key("origin"), || {
                Fault::new("an origin that is taken")
                    .expected("one at which nothing else is, such as https://mtls.id.example.com")
                    .found(format!("{origin:?}"))
                    .hint("choose another host or port, or remove the line to ask at the pool's own origin")
            });
        }
        let told = faults.into_vec().into_iter().filter(|fault| !ignore(&fault.at));
        told.map(|fault| document.locate(fault)).collect()
    }
}

fn check_pool(faults: &mut Faults, at: &FieldPath, pool: &PoolSpec, factors: &dyn FactorRules) {
    faults.judge(&at.key("tenant"), field::slug(&pool.tenant));
    faults.judge(&at.key("slug"), field::slug(&pool.slug));
    faults.judge(&at.key("name"), field::name(&pool.name));
    faults.judge(&at.key("origin"), Origin::parse_exact(&pool.origin));
    pool.settings().check(at, faults);
    check_mailbox(faults, &at.key("mfa"), pool, factors);
    for (kind, settings) in &pool.factor {
        let at = at.key("factor").key(kind.as_str());
        factors.check_settings(kind, settings).into_iter().for_each(|fault| faults.add(&at, fault));
    }
    let clients =
        || pool.client.iter().enumerate().map(|(index, client)| (at.key("client").index(index), client));
    let users = || pool.user.iter().enumerate().map(|(index, user)| (at.key("user").index(index), user));
    for (at, client) in clients() {
        client.client().check(&at, faults);
        check_apis(faults, &at, client, pool);
        check_secret(faults, &at, client);
    }
    for (at, user) in users() {
        check_user(faults, &at, user, &pool.attribute);
    }
    faults.unique("client id", clients().map(|(at, client)| (at.key("id"), client.id.clone())));
    faults.unique("username", users().map(|(at, user)| (at.key("username"), user.username.to_lowercase())));
    faults.unique("email", users().map(|(at, user)| (at.key("email"), user.email.to_lowercase())));
}

/// An application names APIs of its own pool.
fn check_apis(faults: &mut Faults, at: &FieldPath, client: &ClientSpec, pool: &PoolSpec) {
    let named = client.apis.iter().map(|api| ("apis", api));
    let named = named.chain(client.default_api.iter().map(|api| ("default_api", api)));
    for (key, name) in named.chain(client.introspects.iter().map(|api| ("introspects", api))) {
        faults.require(pool.api.iter().any(|api| api.id == *name), &at.key(key), || {
            Fault::new("an API that the pool does not have")
                .expected("the `id` of one of its [[pool.api]] tables")
                .found(format!("{name:?}"))
                .hint("declare the API, or correct the name")
        });
    }
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

fn check_user(faults: &mut Faults, at: &FieldPath, user: &UserSpec, declared: &[Attribute]) {
    faults.judge(&at.key("username"), Username::check(&user.username));
    faults.judge(&at.key("email"), Email::check(&user.email));
    if let Some(name) = &user.name {
        faults.judge(&at.key("name"), field::name(name));
    }
    for (index, group) in user.groups.iter().enumerate() {
        faults.judge(&at.key("groups").index(index), field::name(group));
    }
    let checked = user.profile.checked(declared, &UserProfile::default(), &FieldPath::root().key("profile"));
    for fault in checked.err().into_iter().flatten() {
        faults.add(at, fault);
    }
}

/// A user's mailbox alone must not open both factors: a password reset by mail and a code by mail.
fn check_mailbox(faults: &mut Faults, at: &FieldPath, pool: &PoolSpec, factors: &dyn FactorRules) {
    if !pool.password_reset {
        return;
    }
    let Policy { everybody, rules, .. } = &pool.mfa;
    let apart = |kind: &FactorKind| {
        let one_thing =
            |group: &Vec<FactorKind>| group.contains(&FactorKind::PASSWORD) && group.contains(kind);
        everybody.distinct.iter().any(one_thing)
    };
    let place = |at: FieldPath, kinds: &Vec<FactorKind>| {
        let mut each = kinds.iter().enumerate();
        let (index, kind) = each.find(|(_, kind)| factors.is_mailbox(kind) && !apart(kind))?;
        Some((at.key("factors").index(index), kind.clone()))
    };
    let found: Vec<(FieldPath, FactorKind)> = match &everybody.factors {
        // A rule cannot allow what the pool does not.
        Some(kinds) => place(at.clone(), kinds).into_iter().collect(),
        None => {
            let named =
                |(rule, asks): (usize, &Rule)| place(at.key("rule").index(rule), asks.ask.factors.as_ref()?);
            rules.iter().enumerate().filter_map(named).collect()
        }
    };
    for (at, kind) in found {
        let fault = Fault::new("a mailbox alone would open both factors")
            .expected(format!("no \"{kind}\" among the factors while password_reset = true"))
            .found(format!("\"{kind}\", and passwords that are reset by mail"));
        let ways = format!(
            "set password_reset = false, or remove \"{kind}\", or add distinct = [[\"password\", \"{kind}\"]] to [pool.mfa]"
        );
        faults.add(&at, fault.hint(ways));
    }
}
