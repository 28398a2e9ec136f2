//! Nobody is locked out: before a change is written, this finds the users who can get in now and could not after it.
//!
//! Users are looked at by kind, not one by one: those with the same groups and the same factors get the same answer.
//! Every application counts, and the user center, as it asks today.

use crate::{
    factor::call::PoolAt,
    policy::{Policies, offers::Offers},
};
use std::collections::{BTreeMap, BTreeSet};
use vestibule_domain::{
    Client, Credential, CredentialId, Evidence, FactorKind, Facts, Pool, Requirement, Timestamp, User,
    UserId, UserProfile, UserStatus,
    attempts::{Attempts, DISABLE_AT},
    credential::Public,
    policy::way_in,
};
use vestibule_store::{CensusKind, CensusLine, PoolReads, PoolTx, StoreError, records::Factors};

/// Who would be shut out of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockOut {
    /// `client_id` of the application; the user center where there is none.
    pub application: Option<String>,
    /// How many users.
    pub users: u64,
    /// Some of them, by user name.
    pub sample: Vec<String>,
    /// Name of the rule that asks what they cannot give.
    pub rule: String,
    /// Whether they are only shut out while no mail can be sent.
    pub only_without_mail: bool,
}

/// How many user names are named.
const SAMPLE: usize = 3;

/// A pool as it is or as it could be, with its applications.
#[derive(Clone, Copy)]
pub(crate) struct PoolState<'a> {
    pub(crate) pool: &'a Pool,
    pub(crate) clients: &'a [Client],
}

/// Users of one kind at a pool.
#[derive(Clone, Copy)]
struct Case<'a> {
    pool: PoolState<'a>,
    user: &'a CensusLine,
    usable: &'a Usable,
}

/// The kinds of factor that users can use. The factors say it, which they are not asked inside a transaction.
#[derive(Clone)]
pub(crate) struct Usable {
    as_it_is: BTreeSet<FactorKind>,
    without_mail: BTreeSet<FactorKind>,
}

/// A user before and after a change of theirs.
#[derive(Clone, Copy)]
pub(crate) struct UserChange<'a> {
    pub(crate) before: &'a CensusLine,
    pub(crate) after: &'a CensusLine,
}

/// The administrators of a pool who can get in.
#[derive(Clone)]
pub(crate) struct Admins {
    group: Option<String>,
    lines: Vec<CensusLine>,
}

impl Admins {
    /// How many they are.
    pub(crate) fn count(&self) -> u64 {
        self.lines.iter().map(|line| line.users).sum()
    }

    /// Whether this user is among those who may be one.
    pub(crate) fn have(&self, user: &User) -> bool {
        self.group.as_ref().is_some_and(|group| user.groups.contains(group))
    }

    /// Whether the pool has no other than this user.
    pub(crate) fn are_only(&self, user: &User) -> bool {
        self.have(user) && user.status == UserStatus::Active && self.count() <= 1
    }

    /// Makes sure, inside a transaction, that nobody has changed them since they were counted.
    pub(crate) async fn hold(&self, tx: &PoolTx) -> Result<(), StoreError> {
        if self.group.is_none() {
            return Ok(());
        }
        tx.lock_pool().await?;
        let now = admin_lines(self.group.as_deref(), &tx.census().await?);
        let same = self.lines.iter().all(|line| now.contains(line));
        if same {
            Ok(())
        } else {
            Err(StoreError::Conflict("the administrators of the pool have changed".to_owned()))
        }
    }
}

fn admin_lines(group: Option<&str>, census: &[CensusLine]) -> Vec<CensusLine> {
    let is_admin = |line: &&CensusLine| group.is_some_and(|group| line.groups.iter().any(|one| one == group));
    census.iter().filter(is_admin).cloned().collect()
}

/// A way in that would be shut.
struct ShutOut {
    application: Option<String>,
    rule: String,
    only_without_mail: bool,
}

impl Policies<'_> {
    /// The users who can get in before a change and could not after it. Applications that a change adds shut nobody out.
    pub(crate) fn lock_outs(
        self,
        before: PoolState<'_>,
        after: PoolState<'_>,
        census: &[CensusLine],
        now: Timestamp,
    ) -> Vec<LockOut> {
        let mut found: BTreeMap<(Option<String>, String, bool), LockOut> = BTreeMap::new();
        for line in census {
            let user = somebody(line, now);
            let [old, new] = [before, after].map(|state| self.usable(state.pool, &user, now));
            let before = Case { pool: before, user: line, usable: &old };
            let after = Case { pool: after, user: line, usable: &new };
            for shut in self.shut_outs(before, after, now) {
                let ShutOut { application, rule, only_without_mail } = shut;
                let key = (application.clone(), rule.clone(), only_without_mail);
                let new = || LockOut { application, users: 0, sample: Vec::new(), rule, only_without_mail };
                add(found.entry(key).or_insert_with(new), line);
            }
        }
        found.into_values().collect()
    }

    /// The ways in that a change shuts for a user. The change may also be one of the user.
    fn shut_outs(self, before: Case<'_>, after: Case<'_>, now: Timestamp) -> Vec<ShutOut> {
        let mut shut = Vec::new();
        for application in applications(after.pool) {
            let old = before.pool.clients.iter().find(|one| Some(&one.id) == application.map(|one| &one.id));
            if application.is_some() && old.is_none() {
                continue;
            }
            // The same must hold while no mail can be sent: an outage cannot be refused, but it can be foreseen.
            let closes = |can_mail: bool| {
                let gets_in = |case: Case<'_>, client| {
                    let at = PoolAt { pool: case.pool.pool, now, can_mail };
                    self.gets_in(at, client, case.user, case.usable.of(can_mail))
                };
                gets_in(before, old).map(|()| gets_in(after, application).err()).ok()?
            };
            let now_shut = closes(self.app.can_mail()).map(|rule| (rule, false));
            let found = now_shut.or_else(|| closes(false).map(|rule| (rule, true)));
            if let Some((rule, only_without_mail)) = found {
                let application = application.map(|client| client.id.clone());
                shut.push(ShutOut { application, rule, only_without_mail });
            }
        }
        shut
    }

    /// Whether a change of a user, or of their factors, would shut a way in that is open to them now.
    pub(crate) fn would_strand(
        self,
        pool: PoolState<'_>,
        change: UserChange<'_>,
        usable: &Usable,
        now: Timestamp,
    ) -> bool {
        let [before, after] = [change.before, change.after].map(|user| Case { pool, user, usable });
        !self.shut_outs(before, after, now).is_empty()
    }

    /// The kinds of factor that a user can use.
    pub(crate) fn usable(self, pool: &Pool, user: &User, now: Timestamp) -> Usable {
        let of = |can_mail| self.available(PoolAt { pool, now, can_mail }, user);
        Usable { as_it_is: of(self.app.can_mail()), without_mail: of(false) }
    }

    /// The administrators of a pool who can get in, by kind.
    pub(crate) fn admins(self, pool: &Pool, census: &[CensusLine], now: Timestamp) -> Admins {
        let place = PoolAt { pool, now, can_mail: self.app.can_mail() };
        let group = pool.settings.admin_group.clone();
        let mut lines = admin_lines(group.as_deref(), census);
        lines.retain(|line| {
            let available = self.available(place, &somebody(line, now));
            self.gets_in(place, None, line, &available).is_ok()
        });
        Admins { group, lines }
    }

    /// Whether users of a kind get in; otherwise the rule that asks too much of them.
    fn gets_in(
        self,
        at: PoolAt<'_>,
        client: Option<&Client>,
        line: &CensusLine,
        available: &BTreeSet<FactorKind>,
    ) -> Result<(), String> {
        let user = somebody(line, at.now);
        let facts = Facts {
            application: client.map(|client| client.id.as_str()),
            application_acr: client.and_then(|client| client.min_acr),
            groups: &user.groups,
            scopes: client.map_or(&[], |client| client.scopes.as_slice()),
            // As if no enrolment could be postponed any more.
            skips_used: u32::MAX,
            now: at.now,
        };
        let policy = self.effective(at.pool, &facts);
        let offers = self.offers_among(available, at.pool, policy, own_of(line, &user));
        if self.has_way(&offers, line.has_password, at.now) {
            return Ok(());
        }
        let requirement = Requirement::floor(&offers.policy, offers.has_factor());
        Err(requirement
            .reasons
            .first()
            .map_or_else(|| offers.policy.factors.rule.clone(), |one| one.rule.clone()))
    }

    /// Whether somebody with these factors gets in at all.
    pub(crate) fn has_way(self, offers: &Offers, has_password: bool, now: Timestamp) -> bool {
        let requirement = Requirement::floor(&offers.policy, offers.has_factor());
        let password = Evidence::password();
        let by_password = has_password.then_some((&FactorKind::PASSWORD, &password));
        let by_factor = offers.enrolled.iter().filter(|offer| {
            let opens =
                self.app.registry().get(&offer.kind).is_some_and(|factor| factor.passwordless().is_some());
            opens && !offer.disabled
        });
        let mut firsts = by_password.into_iter().chain(by_factor.map(|offer| (&offer.kind, &offer.evidence)));
        firsts.any(|(kind, evidence)| {
            way_in(&requirement, kind, evidence, &offers.enrolled, &offers.enrollable, now)
        })
    }
}

impl Usable {
    /// Those that can be used when mail can be sent as now, or not.
    const fn of(&self, can_mail: bool) -> &BTreeSet<FactorKind> {
        if can_mail { &self.as_it_is } else { &self.without_mail }
    }
}

/// The user center and every application that is open.
fn applications<'a>(scene: PoolState<'a>) -> impl Iterator<Item = Option<&'a Client>> {
    std::iter::once(None).chain(scene.clients.iter().filter(|client| client.enabled).map(Some))
}

fn add(out: &mut LockOut, line: &CensusLine) {
    out.users += line.users;
    let room = SAMPLE.saturating_sub(out.sample.len());
    out.sample.extend(line.sample.iter().take(room).cloned());
}

/// What a user has to get in with.
pub(crate) struct OwnedFactors {
    pub(crate) own: Vec<Credential>,
    attempts: Vec<(FactorKind, Attempts)>,
    has_password: bool,
}

impl OwnedFactors {
    pub(crate) async fn of(store: &PoolReads, user: UserId) -> Result<Self, StoreError> {
        let Factors { credentials: own, attempts } = store.factors(user).await?;
        let has_password = store.password_hash(user).await?.is_some();
        Ok(Self { own, attempts, has_password })
    }

    /// The user as a line of the census.
    pub(crate) fn line(&self, user: &User) -> CensusLine {
        self.line_with(user, &self.own)
    }

    /// The same with other factors.
    pub(crate) fn line_with(&self, user: &User, own: &[Credential]) -> CensusLine {
        line_of(user, own, &self.attempts, self.has_password)
    }
}

/// A user as a line of the census.
pub(crate) fn line_of(
    user: &User,
    own: &[Credential],
    attempts: &[(FactorKind, Attempts)],
    has_password: bool,
) -> CensusLine {
    let mut kinds: BTreeMap<FactorKind, bool> = BTreeMap::new();
    for one in own {
        *kinds.entry(one.kind.clone()).or_default() |= one.chosen;
    }
    let dead =
        |kind: &FactorKind| attempts.iter().any(|(one, attempts)| one == kind && attempts.is_disabled());
    let kinds = kinds.into_iter().map(|(kind, chosen)| CensusKind { disabled: dead(&kind), kind, chosen });
    CensusLine {
        groups: user.groups.clone(),
        kinds: kinds.collect(),
        has_password,
        email_verified: user.email_verified,
        skips: user.mfa_skips,
        users: 1,
        sample: vec![user.username.clone()],
    }
}

/// Somebody of that kind.
pub(crate) fn somebody(line: &CensusLine, now: Timestamp) -> User {
    User {
        id: UserId::from_uuid(uuid::Uuid::nil()),
        username: String::new(),
        email: line.email_verified.then(|| "somebody@example.test".to_owned()),
        email_verified: line.email_verified,
        name: None,
        locale: None,
        groups: line.groups.clone(),
        profile: UserProfile::default(),
        status: UserStatus::Active,
        mfa_skips: line.skips,
        created_at: now,
        updated_at: now,
    }
}

/// The factors that somebody of that kind has.
pub(crate) fn own_of(line: &CensusLine, user: &User) -> Factors {
    let credential = |one: &CensusKind| Credential {
        id: CredentialId::from_uuid(uuid::Uuid::nil()),
        user: user.id,
        kind: one.kind.clone(),
        label: String::new(),
        public: Public::default(),
        secret: None,
        counter: 0,
        chosen: one.chosen,
        created_at: user.created_at,
        last_used_at: None,
    };
    let dead = |one: &CensusKind| {
        let attempts = Attempts { failures: DISABLE_AT, blocked_until: user.created_at };
        one.disabled.then(|| (one.kind.clone(), attempts))
    };
    Factors {
        credentials: line.kinds.iter().map(credential).collect(),
        attempts: line.kinds.iter().filter_map(dead).collect(),
    }
}
