//! Filling a database: one pool, one application, people with authenticators, through the store's own operations.

use crate::{
    people::{Person, code, step_of},
    site,
};
use anyhow::Context as _;
use std::sync::Arc;
use vestibule::Ambient;
use vestibule_config::{Mail, Settings};
use vestibule_domain::{
    AuthEvent, Client, ClientAuthMethod, ClientKind, Clock, Credential, CredentialId, Entropy, Evidence,
    FactorKind, GrantType, Origin, Pool, PoolSettings, Session, SessionId, Source, Strictness, TokenAlg,
    User, UserId, UserProfile, UserStatus, assurance::EventKind,
};
use vestibule_flows::{Actor, App, ClientSpec, HashCost, Hasher, PoolSpec, SecretSpec, SessionToken};
use vestibule_mfa::{FactorCx, FactorInput, SecondFactor as _, Subject, Totp};
use vestibule_seal::KeyRing;
use zeroize::Zeroizing;

/// People in one transaction.
const BATCH: usize = 250;
/// Sessions that each person has open at the first factor.
const SESSIONS: usize = 2;

/// A hash whose cost is nothing compared with the rest.
pub(crate) const CHEAP: HashCost = HashCost { memory_kib: 8, iterations: 1, parallelism: 1 };

/// The users in the database.
pub(crate) struct Seeded {
    /// People whose passwords have the hash of production.
    pub(crate) strong: Vec<Person>,
    /// People whose passwords have a hash that costs nothing.
    pub(crate) cheap: Vec<Person>,
}

struct Seeder {
    app: App,
    keys: KeyRing,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    pool: Pool,
}

/// Migrates and fills the database of the settings.
pub(crate) async fn seed(settings: &Settings, strong: usize, cheap: usize) -> anyhow::Result<Seeded> {
    let ambient = Ambient::default();
    let (clock, entropy) = (Arc::clone(&ambient.clock), Arc::clone(&ambient.entropy));
    let keys = vestibule::key_ring(settings)?;
    let app = vestibule::build_app(settings, ambient, true).await?;
    app.store().migrate().await?;
    // People can register where mails leave.
    let registration = !matches!(settings.mail, Mail::Off);
    app.admin(Actor::command_line()).apply(&[pool(registration)?]).await?;
    let pool = app.admin(Actor::command_line()).pool_named("bench").await?;
    let seeder = Seeder { app, keys, clock, entropy, pool };
    let strong = seeder.people("strong", strong, HashCost::default()).await?;
    let cheap = seeder.people("cheap", cheap, CHEAP).await?;
    seeder.app.store().close().await;
    Ok(Seeded { strong, cheap })
}

fn pool(registration: bool) -> anyhow::Result<PoolSpec> {
    let client = Client {
        name: "Benchmark".to_owned(),
        auth_method: Some(ClientAuthMethod::ClientSecretBasic),
        redirect_uris: vec![site::REDIRECT.to_owned()],
        scopes: ["openid", "profile", "email", "offline_access"].map(str::to_owned).to_vec(),
        grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        id_token_alg: Some(TokenAlg::Es256),
        first_party: true,
        acr_aliases: std::collections::BTreeMap::new(),
        strict: std::collections::BTreeSet::from([
            Strictness::OfflineAccessOnly,
            Strictness::ClaimsAtUserinfo,
        ]),
        ..Client::new(site::CLIENT, ClientKind::Confidential)
    };
    let secret = SecretSpec::Given(Zeroizing::new(site::CLIENT_SECRET.to_owned()));
    Ok(PoolSpec {
        tenant: "bench".to_owned(),
        slug: "bench".to_owned(),
        name: "Benchmark".to_owned(),
        origin: Origin::parse(site::ORIGIN)?,
        settings: PoolSettings { registration, ..PoolSettings::default() },
        clients: vec![ClientSpec { client, secret }],
        users: Vec::new(),
    })
}

/// One person and the rows that make it.
type Made = (Person, User, Credential, Vec<(Session, [u8; 32])>);

impl Seeder {
    async fn people(&self, prefix: &str, count: usize, cost: HashCost) -> anyhow::Result<Vec<Person>> {
        let hasher = Hasher::new(cost, 1, self.entropy.as_ref())?;
        let password = Zeroizing::new(site::PASSWORD.to_owned());
        let place = hasher.place(Source::Unknown).await?;
        let hash = hasher.hash(place, password, self.entropy.as_ref()).await?;
        let mut people = Vec::new();
        let numbers: Vec<usize> = (0..count).collect();
        for batch in numbers.chunks(BATCH) {
            let made: Vec<Made> = batch
                .iter()
                .map(|number| self.person(format!("{prefix}{number}")))
                .collect::<anyhow::Result<_>>()?;
            people.extend(made.iter().map(|(person, ..)| person.clone()));
            let hash = hash.clone();
            let store = self.app.store().pool(self.pool.id);
            store
                .write(move |tx| async move {
                    for (_, user, credential, sessions) in &made {
                        tx.insert_user(user, Some(&hash)).await?;
                        tx.insert_credential(credential).await?;
                        for (session, digest) in sessions {
                            tx.insert_session(session, digest).await?;
                        }
                    }
                    Ok(())
                })
                .await?;
        }
        Ok(people)
    }

    fn person(&self, name: String) -> anyhow::Result<Made> {
        let now = self.clock.now();
        let user = User {
            id: UserId::new(now, self.entropy.as_ref()),
            email: Some(format!("{name}@example.test")),
            email_verified: true,
            name: Some(format!("{name} Example")),
            locale: None,
            groups: Vec::new(),
            profile: UserProfile::default(),
            status: UserStatus::Active,
            mfa_skips: 0,
            created_at: now,
            updated_at: now,
            username: name.clone(),
        };
        let (credential, secret) = self.authenticator(&user)?;
        let sessions: Vec<(String, Session)> = (0..SESSIONS).map(|_| self.session(&user)).collect();
        let tokens = sessions.iter().map(|(token, _)| token.clone()).collect();
        let next_step = credential.counter + 1;
        let sessions = sessions
            .into_iter()
            .map(|(token, session)| (session, SessionToken::new(token).digest()))
            .collect();
        Ok((Person { name, secret, next_step, sessions: tokens }, user, credential, sessions))
    }

    /// Enrols an authenticator through the factor itself, some minutes ago.
    fn authenticator(&self, user: &User) -> anyhow::Result<(Credential, Vec<u8>)> {
        let now = self.clock.now() - 300;
        let cx = FactorCx {
            now,
            entropy: self.entropy.as_ref(),
            keys: &self.keys,
            pool: &self.pool,
            can_mail: false,
            subject: Subject { user: user.id, account: &user.username, email: None, locale: None },
        };
        let begun = Totp.begin_enrol(&cx, &[])?;
        let secret = begun.view.data.get("secret").and_then(|text| text.as_str()).context("no secret")?;
        let secret = base32(secret)?;
        let typed = code(&secret, step_of(now.as_seconds()))?;
        let input: FactorInput = [("code", typed), ("label", String::new())].into_iter().collect();
        let enrolled = Totp.finish_enrol(&cx, &begun.state, &input)?;
        let new = enrolled.credentials.into_iter().next().context("no credential")?;
        let credential = Credential {
            id: CredentialId::new(now, self.entropy.as_ref()),
            user: user.id,
            kind: Totp::KIND,
            label: new.label,
            public: new.public,
            secret: new.secret,
            counter: new.counter,
            chosen: true,
            created_at: now,
            last_used_at: None,
        };
        Ok((credential, secret))
    }

    /// A session that a password opened.
    fn session(&self, user: &User) -> (String, Session) {
        let (now, lifetimes) = (self.clock.now(), &self.pool.settings.lifetimes);
        let expires_at = now + lifetimes.session_absolute;
        let event = AuthEvent {
            factor: FactorKind::PASSWORD,
            credential: None,
            kind: EventKind::FirstFactor,
            at: now,
            expires_at,
            evidence: Evidence::password(),
        };
        let session = Session {
            id: SessionId::new(now, self.entropy.as_ref()),
            user: user.id,
            events: vec![event],
            created_at: now,
            last_seen_at: now,
            expires_at,
            ip: Some("127.0.0.1".to_owned()),
            user_agent: Some("bench".to_owned()),
        };
        (self.app.secret(), session)
    }
}

/// Base32 without padding (RFC 4648 §6).
fn base32(text: &str) -> anyhow::Result<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => anyhow::bail!("not base32"),
        };
        held = held << 5 | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff)?);
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_the_rfc() {
        assert_eq!(base32("MZXW6YTBOI").unwrap(), b"foobar");
        assert!(base32("m").is_err());
    }
}
