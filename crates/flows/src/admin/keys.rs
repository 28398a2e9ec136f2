//! Signing keys of pools.
//!
//! A key is first `next` (published, so that everybody can have it before it signs), then `active`, then `retired`
//! (published as long as something it signed may live), then deleted. One call moves each algorithm one step.

use crate::{
    admin::{Admin, AdminError},
    base::{
        audit::AuditAction,
        failure::Failure,
        letters::mail_ad,
        runtime::signing_key_ad,
        subjects::{PURPOSE, subject_secret_ad},
    },
};
use serde::Serialize;
use serde_json::json;
use vestibule_domain::{CredentialId, PoolId, Timestamp, TokenAlg, UserId, pool::Lifetimes};
use vestibule_jose::SigningKey;
use vestibule_seal::Sealed;
use vestibule_store::{
    PlatformTx, PoolStore, PoolTx,
    records::{KeyStatus, MailBody, SigningKeyRow, UserFilter},
};

/// How to rotate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyRotation {
    /// Put a fresh key to use at once where none was published before.
    pub now: bool,
    /// Delete the old keys at once: everything they signed stops being valid. For a key that leaked; implies `now`.
    pub forget: bool,
}

/// What happened to a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyChange {
    /// Algorithm, as in JOSE.
    pub alg: &'static str,
    /// Key id.
    pub kid: String,
    /// `next`, `active`, `retired` or `deleted`.
    pub status: &'static str,
}

/// A key, without the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyView {
    /// Key id.
    pub kid: String,
    /// Algorithm, as in JOSE.
    pub alg: &'static str,
    /// `next`, `active` or `retired`.
    pub status: &'static str,
    /// When it was made, in seconds since the Unix epoch.
    pub created_at: i64,
    /// Whether the key ring of this process can open it.
    pub readable: bool,
    /// Whether it is sealed under an older key of the ring.
    pub needs_reseal: bool,
}

/// What was sealed again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Resealed {
    /// Signing keys.
    pub signing_keys: u64,
    /// Secrets of second factors.
    pub credentials: u64,
    /// Mails that wait to be sent.
    pub mails: u64,
    /// Secrets of pairwise identifiers, one of a pool.
    pub subject_secrets: u64,
}

/// What to do with the keys of one algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Move {
    Draw(KeyStatus),
    Set(String, KeyStatus),
    Delete(String),
}

/// What a rotation looks at.
struct Fact<'a> {
    kid: &'a str,
    status: KeyStatus,
    created_at: Timestamp,
}

/// The next step for the keys of one algorithm, given oldest first. Pure.
fn moves(keys: &[Fact<'_>], how: KeyRotation, keep: i64, now: Timestamp) -> Vec<Move> {
    let of = |status| keys.iter().filter(move |key| key.status == status);
    let next = of(KeyStatus::Next).next();
    let mut moves = Vec::new();
    // A next key is made when the active one before it retires, so its age is how long that one has been retired.
    let outlived = next.is_some_and(|next| now.since(next.created_at) > keep);
    if how.forget || outlived {
        moves.extend(of(KeyStatus::Retired).map(|key| Move::Delete(key.kid.to_owned())));
    }
    let signs = of(KeyStatus::Active).next().is_some();
    if next.is_some() || how.now || how.forget || !signs {
        moves.extend(of(KeyStatus::Active).map(|key| match how.forget {
            true => Move::Delete(key.kid.to_owned()),
            false => Move::Set(key.kid.to_owned(), KeyStatus::Retired),
        }));
        moves.push(match next {
            Some(next) => Move::Set(next.kid.to_owned(), KeyStatus::Active),
            None => Move::Draw(KeyStatus::Active),
        });
    }
    moves.push(Move::Draw(KeyStatus::Next));
    moves
}

/// How long a retired key may still be needed: by tokens, and by ID tokens that come back as `id_token_hint`.
fn keep_seconds(lifetimes: &Lifetimes) -> i64 {
    lifetimes.access_token.max(lifetimes.id_token).max(lifetimes.session_absolute)
}

impl Admin<'_> {
    /// The signing keys of a pool, oldest first.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn signing_keys_of(&self, pool: &str) -> Result<Vec<KeyView>, AdminError> {
        let pool = self.pool_named(pool).await?;
        let rows = self.app.store().pool(pool.id).signing_keys().await?;
        let view = |row: SigningKeyRow| KeyView {
            readable: self.app.keys().open(&signing_key_ad(pool.id, &row.kid), &row.private).is_ok(),
            needs_reseal: self.app.keys().needs_reseal(&row.private),
            alg: row.alg.as_str(),
            status: row.status.as_str(),
            created_at: row.created_at.as_seconds(),
            kid: row.kid,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Moves the keys of these algorithms one step on.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn rotate_keys(
        &self,
        pool: &str,
        algs: &[TokenAlg],
        how: KeyRotation,
    ) -> Result<Vec<KeyChange>, AdminError> {
        let pool = self.pool_named(pool).await?;
        let now = self.app.now();
        let store = self.app.store().pool(pool.id);
        let rows = store.signing_keys().await?;
        let keep = keep_seconds(&pool.settings.lifetimes);
        let (mut steps, mut orders) = (Vec::new(), Vec::new());
        for alg in algs {
            let own = rows.iter().filter(|row| row.alg == *alg);
            let fact = |row| -> Fact<'_> {
                let row: &SigningKeyRow = row;
                Fact { kid: &row.kid, status: row.status, created_at: row.created_at }
            };
            for step in moves(&own.map(fact).collect::<Vec<_>>(), how, keep, now) {
                match step {
                    Move::Draw(status) => orders.push((pool.id, *alg, status)),
                    other => steps.push((*alg, other)),
                }
            }
        }
        let drawn: Vec<SigningKeyRow> =
            self.draw_signing_keys(orders, now).await?.into_iter().map(|(_, row)| row).collect();
        let changes = changes(&steps, &drawn);
        let row = self.audit(now, AuditAction::KeysRotated, None, json!({ "keys": changes }));
        let job = move |tx: PoolTx| async move {
            for (_, step) in &steps {
                match step {
                    Move::Set(kid, status) => tx.set_key_status(kid, *status).await?,
                    Move::Delete(kid) => tx.delete_signing_key(kid).await?,
                    Move::Draw(_) => false,
                };
            }
            for key in &drawn {
                tx.insert_signing_key(key).await?;
            }
            tx.insert_audit(&row).await
        };
        self.change(pool.id, job).await?;
        Ok(changes)
    }

    /// Seals again whatever is under an older key of the ring, in all pools.
    ///
    /// # Errors
    /// [`AdminError::Failure`], also when something is under a key that is no longer in the ring.
    pub async fn reseal(&self) -> Result<Resealed, AdminError> {
        let now = self.app.now();
        let mut done = Resealed::default();
        let mut work: Vec<(PoolId, Vec<(String, Sealed)>, _)> = Vec::new();
        for pool in self.pools().await? {
            let store = self.app.store().pool(pool.id);
            let mut fresh = Vec::new();
            for row in store
                .signing_keys()
                .await?
                .into_iter()
                .filter(|row| self.app.keys().needs_reseal(&row.private))
            {
                let ad = signing_key_ad(pool.id, &row.kid);
                let unreadable =
                    |cause| Failure::internal(format!("key {} of pool {}: {cause}", row.kid, pool.slug));
                let plain = self.app.keys().open(&ad, &row.private).map_err(unreadable)?;
                fresh.push((row.kid, self.app.keys().seal(self.app.entropy().as_ref(), &ad, &plain)));
            }
            done.signing_keys += u64::try_from(fresh.len()).unwrap_or(u64::MAX);
            done.credentials += self.reseal_credentials(pool.id).await?;
            done.subject_secrets += u64::from(self.reseal_subject_secret(pool.id).await?);
            if !fresh.is_empty() {
                let row =
                    self.audit(now, AuditAction::KeysResealed, None, json!({ "signing_keys": fresh.len() }));
                work.push((pool.id, fresh, row));
            }
        }
        let pools = work.iter().map(|(pool, ..)| *pool).collect();
        let job = move |tx: PlatformTx| async move {
            for (pool, fresh, row) in &work {
                let tx = tx.pool(*pool);
                for (kid, sealed) in fresh {
                    tx.reseal_signing_key(kid, sealed).await?;
                }
                tx.insert_audit(row).await?;
            }
            Ok(())
        };
        self.change_pools(pools, job).await?;
        done.mails = self.reseal_mails().await?;
        Ok(done)
    }

    /// Whether the key ring of this process opens the secret of a pool's pairwise identifiers; `None` where there is none yet.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn opens_subject_secret(&self, pool: &str) -> Result<Option<bool>, AdminError> {
        let pool = self.pool_named(pool).await?;
        let sealed = self.app.store().pool(pool.id).pool_secret(PURPOSE).await?;
        Ok(sealed.map(|sealed| self.app.keys().open(&subject_secret_ad(pool.id), &sealed).is_ok()))
    }

    /// Seals the secret of pairwise identifiers again. It stays the same: no application may take its users for others.
    async fn reseal_subject_secret(&self, pool: PoolId) -> Result<bool, AdminError> {
        let Some(old) = self.app.store().pool(pool).pool_secret(PURPOSE).await? else { return Ok(false) };
        if !self.app.keys().needs_reseal(&old) {
            return Ok(false);
        }
        let ad = subject_secret_ad(pool);
        let unreadable = |cause| Failure::internal(format!("secret of pairwise identifiers: {cause}"));
        let plain = self.app.keys().open(&ad, &old).map_err(unreadable)?;
        let new = self.app.keys().seal(self.app.entropy().as_ref(), &ad, &plain);
        let job = move |tx: PoolTx| async move { tx.reseal_pool_secret(PURPOSE, &old, &new).await };
        self.change(pool, job).await
    }

    /// Seals the mails again that wait to be sent. One that is sent meanwhile needs it no more.
    async fn reseal_mails(&self) -> Result<u64, AdminError> {
        let mut count = 0;
        for (pool, mail) in self.app.store().platform().sealed_mail().await? {
            let MailBody::Sealed(old) = mail.body else { continue };
            if !self.app.keys().needs_reseal(&old) {
                continue;
            }
            let ad = mail_ad(pool, mail.id, &mail.to);
            let unreadable = |cause| Failure::internal(format!("mail {}: {cause}", mail.id));
            let plain = self.app.keys().open(&ad, &old).map_err(unreadable)?;
            let (id, new) = (mail.id, self.app.keys().seal(self.app.entropy().as_ref(), &ad, &plain));
            let job = move |tx: PoolTx| async move { tx.reseal_mail(id, &old, &new).await };
            count += u64::from(self.change(pool, job).await?);
        }
        Ok(count)
    }

    /// Seals the secrets of a pool's second factors again, one user at a time. An interrupted run is simply repeated. A
    /// secret that changes meanwhile is not overwritten.
    async fn reseal_credentials(&self, pool: PoolId) -> Result<u64, AdminError> {
        const PAGE: u64 = 500;
        let store = self.app.store().pool(pool);
        let (mut count, mut after) = (0, None);
        loop {
            let page = store.users(&UserFilter::default(), after, PAGE).await?;
            for user in &page.items {
                let mut fresh = Vec::new();
                for one in store.credentials(user.id).await? {
                    let Some(old) = one.secret.filter(|secret| self.app.keys().needs_reseal(secret)) else {
                        continue;
                    };
                    let ad = vestibule_mfa::secret_ad(pool, user.id, &one.kind);
                    let unreadable = |cause| Failure::internal(format!("credential {}: {cause}", one.id));
                    let plain = self.app.keys().open(&ad, &old).map_err(unreadable)?;
                    fresh.push((one.id, old, self.app.keys().seal(self.app.entropy().as_ref(), &ad, &plain)));
                }
                count += self.store_resealed(&store, user.id, fresh).await?;
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(count),
            }
        }
    }

    async fn store_resealed(
        &self,
        store: &PoolStore,
        user: UserId,
        fresh: Vec<(CredentialId, Sealed, Sealed)>,
    ) -> Result<u64, AdminError> {
        if fresh.is_empty() {
            return Ok(0);
        }
        let job = move |tx: PoolTx| async move {
            let mut count = 0;
            for (id, old, new) in &fresh {
                count += u64::from(tx.reseal_credential(*id, user, old, new).await?);
            }
            Ok(count)
        };
        self.change(store.id(), job).await
    }

    /// Draws and seals keys, all at once and off the async threads: an RSA key takes 0.1 s.
    pub(super) async fn draw_signing_keys(
        &self,
        orders: Vec<(PoolId, TokenAlg, KeyStatus)>,
        now: Timestamp,
    ) -> Result<Vec<(PoolId, SigningKeyRow)>, Failure> {
        let draw = |(pool, alg, status)| {
            let task = tokio::task::spawn_blocking(move || {
                let key = SigningKey::generate(vestibule_oidc::tokens::key_alg(alg))?;
                key.to_pkcs8().map(|pkcs8| (key, pkcs8))
            });
            (pool, alg, status, task)
        };
        // Collected first, so that they run side by side.
        let tasks: Vec<_> = orders.into_iter().map(draw).collect();
        let mut drawn = Vec::new();
        for (pool, alg, status, task) in tasks {
            let (key, pkcs8) = task.await.map_err(Failure::internal)?.map_err(Failure::internal)?;
            let kid = key.kid().to_owned();
            let private =
                self.app.keys().seal(self.app.entropy().as_ref(), &signing_key_ad(pool, &kid), &pkcs8);
            let public_jwk = serde_json::to_string(&key.public()).map_err(Failure::internal)?;
            drawn.push((pool, SigningKeyRow { kid, alg, status, private, public_jwk, created_at: now }));
        }
        Ok(drawn)
    }
}

fn changes(steps: &[(TokenAlg, Move)], drawn: &[SigningKeyRow]) -> Vec<KeyChange> {
    let moved = steps.iter().filter_map(|(alg, step)| {
        let (kid, status) = match step {
            Move::Set(kid, status) => (kid, status.as_str()),
            Move::Delete(kid) => (kid, "deleted"),
            Move::Draw(_) => return None,
        };
        Some(KeyChange { alg: alg.as_str(), kid: kid.clone(), status })
    });
    let made = drawn.iter().map(|row| KeyChange {
        alg: row.alg.as_str(),
        kid: row.kid.clone(),
        status: row.status.as_str(),
    });
    moved.chain(made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp::from_seconds(1_000_000);
    const DAY: i64 = 86_400;

    fn fact(kid: &str, status: KeyStatus, created_at: Timestamp) -> Fact<'_> {
        Fact { kid, status, created_at }
    }

    fn set(kid: &str, status: KeyStatus) -> Move {
        Move::Set(kid.to_owned(), status)
    }

    #[test]
    fn the_first_rotation_only_publishes() {
        let keys = [fact("a", KeyStatus::Active, T0)];
        assert_eq!(moves(&keys, KeyRotation::default(), DAY, T0), [Move::Draw(KeyStatus::Next)]);
    }

    #[test]
    fn a_published_key_takes_over_and_the_old_one_stays_readable() {
        let keys = [fact("a", KeyStatus::Active, T0), fact("b", KeyStatus::Next, T0 + 10)];
        let expected =
            [set("a", KeyStatus::Retired), set("b", KeyStatus::Active), Move::Draw(KeyStatus::Next)];
        assert_eq!(moves(&keys, KeyRotation::default(), DAY, T0 + 20), expected);
    }

    #[test]
    fn a_retired_key_goes_only_when_nothing_it_signed_can_live() {
        let keys = [
            fact("a", KeyStatus::Retired, T0),
            fact("b", KeyStatus::Active, T0 + 10),
            fact("c", KeyStatus::Next, T0 + 20),
        ];
        let gone = Move::Delete("a".to_owned());
        assert!(!moves(&keys, KeyRotation::default(), DAY, T0 + 20 + DAY).contains(&gone));
        assert!(moves(&keys, KeyRotation::default(), DAY, T0 + 21 + DAY).contains(&gone));
    }

    #[test]
    fn at_once_there_is_always_exactly_one_active_key() {
        let keys = [fact("a", KeyStatus::Active, T0)];
        let now = KeyRotation { now: true, forget: false };
        let expected =
            [set("a", KeyStatus::Retired), Move::Draw(KeyStatus::Active), Move::Draw(KeyStatus::Next)];
        assert_eq!(moves(&keys, now, DAY, T0), expected);
    }

    #[test]
    fn a_leaked_key_is_forgotten_at_once() {
        let keys = [fact("a", KeyStatus::Retired, T0), fact("b", KeyStatus::Active, T0)];
        let forget = KeyRotation { now: false, forget: true };
        let steps = moves(&keys, forget, DAY, T0);
        assert!(
            steps.contains(&Move::Delete("a".to_owned())) && steps.contains(&Move::Delete("b".to_owned()))
        );
        assert!(steps.contains(&Move::Draw(KeyStatus::Active)));
    }
}
