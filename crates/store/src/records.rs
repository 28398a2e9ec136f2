//! What operations take and give besides the domain's own types: plain data.
//!
//! Types that hold a secret, or a digest that stands for one, have no `Debug` of their content.

mod claim;
mod device;
mod logout;
mod mail;

pub use claim::{Claim, LEASE};
pub use device::{DEVICE_KEPT, DeviceRow, DeviceState, SLOWER_BY, SLOWEST};
pub use logout::{LOGOUT_KEPT, LogoutKey, LogoutNotice, LogoutOutcome, LogoutState};
pub use mail::{MailBody, MailRow, MailWaiting, destination_of};

use vestibule_domain::{
    AuditId, CeremonyId, Credential, CredentialId, FactorKind, GrantId, LoginFlow, RememberedBrowserId,
    Session, SessionId, Timestamp, TokenAlg, User, UserId, UserStatus, attempts::Attempts,
    credential::Public,
};
use vestibule_seal::Sealed;

/// SHA-256 of a code, a token or a cookie: what is stored instead of it.
pub type Hash = [u8; 32];

/// How many browsers of one user are remembered at most; a further one takes the place of the oldest.
pub const MAX_REMEMBERED_BROWSERS: u32 = 10;

/// In how many browsers a user is known at most; a further one takes the place of the one that was used least recently.
pub const MAX_KNOWN_BROWSERS: u32 = 20;

/// How long a browser that is not used any more stays known, in seconds.
pub const BROWSER_MEMORY: i64 = 400 * 86_400;

/// A user and what the password is checked against.
#[derive(Clone)]
pub struct UserWithPassword {
    /// The user.
    pub user: User,
    /// Argon2 hash in PHC form; none when the user has no password.
    pub password_hash: Option<String>,
}

/// Which users of a pool to list. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Only those with this status.
    pub status: Option<UserStatus>,
    /// Only members of this group.
    pub group: Option<String>,
    /// Only those whose user name or address begins with this, folded.
    pub begins: Option<String>,
}

/// How much a pool holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolTotals {
    /// Users.
    pub users: u64,
    /// Applications.
    pub clients: u64,
    /// Sessions that were not ended; some may have expired.
    pub sessions: u64,
    /// Second factors.
    pub credentials: u64,
    /// Lines of the audit trail.
    pub audit: u64,
}

/// Which lines of the audit trail to list. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only this action.
    pub action: Option<String>,
    /// Only with this outcome.
    pub outcome: Option<String>,
    /// Only those that concern this account.
    pub user: Option<UserId>,
    /// Only those that concern this application.
    pub client_id: Option<String>,
    /// Only at this time or later.
    pub since: Option<Timestamp>,
    /// Only before this time.
    pub until: Option<Timestamp>,
}

/// A part of a list, and where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, C> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// To be given as `after` for the next page; none when this is the last one.
    pub next: Option<C>,
}

impl<T, C> Page<T, C> {
    /// The first `limit` of items that were asked for with one more; `cursor` says where an item stands in the list.
    pub(crate) fn cut(mut items: Vec<T>, limit: u64, cursor: impl Fn(&T) -> C) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = if has_more { items.last().map(cursor) } else { None };
        Self { items, next }
    }
}

/// A session and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionWithUser {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub user: User,
}

/// A grant and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantWithUser {
    /// The grant.
    pub grant: GrantRow,
    /// Who gave it.
    pub user: User,
}

/// What became of a new user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insertion {
    /// It is there.
    Inserted,
    /// Somebody in the pool has the user name.
    UsernameTaken,
    /// Somebody in the pool has the address.
    EmailTaken,
}

/// What became of a pool that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolWrite {
    /// It is there.
    Written,
    /// Another pool has the short name.
    SlugTaken,
    /// Another pool lives at the origin.
    OriginTaken,
}

/// What became of the attempt to spend something that can be spent once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spend<T> {
    /// This call spent it.
    Won(T),
    /// It was spent before: somebody holds a copy.
    Replayed(T),
    /// There is none, or it has expired.
    Unknown,
}

/// What a user can answer with, and how often that went wrong.
#[derive(Clone)]
pub struct Factors {
    /// Credentials that are not spent, oldest first.
    pub credentials: Vec<Credential>,
    /// The counters of failed attempts.
    pub attempts: Vec<(FactorKind, Attempts)>,
}

/// A sign-in under way with what its pages and answers begin with.
#[derive(Clone)]
pub struct FlowSight {
    /// The sign-in.
    pub flow: FlowRow,
    /// The user who is signing in, whether the account is active or not.
    pub user: User,
    /// The challenges that wait for their answer, newest first.
    pub ceremonies: Vec<CeremonyRow>,
}

/// How many credentials of a kind a user has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialTotal {
    /// The kind.
    pub kind: FactorKind,
    /// Not spent.
    pub left: u32,
    /// With those that were spent.
    pub total: u32,
}

/// What a factor keeps in a credential after it answered.
#[derive(Clone, Copy)]
pub struct CredentialUpdate<'a> {
    /// Which credential.
    pub id: CredentialId,
    /// Whose it is.
    pub user: UserId,
    /// The public part as it was read: another one means that somebody else answered meanwhile.
    pub was: &'a Public,
    /// The new public part.
    pub public: &'a Public,
    /// The new secret, sealed.
    pub secret: Option<&'a Sealed>,
}

/// A sign-in under way and which version of it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowRow {
    /// The sign-in.
    pub flow: LoginFlow,
    /// To be named when it is changed; starts at 0.
    pub version: i64,
}

/// A challenge that waits for its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct CeremonyRow {
    /// Its identifier.
    pub id: CeremonyId,
    /// Whose answer is awaited.
    pub user: UserId,
    /// Which factor asked.
    pub kind: FactorKind,
    /// What for, such as enrolling or verifying.
    pub purpose: String,
    /// Digest of what it belongs to: a flow, or a session.
    pub bound_to: Hash,
    /// The factor's own state.
    pub state: Vec<u8>,
    /// When it is too late.
    pub expires_at: Timestamp,
}

/// Everything that has to agree before a ceremony is taken.
#[derive(Clone, Copy)]
pub struct CeremonyKey<'a> {
    /// Its identifier.
    pub id: CeremonyId,
    /// Who answers.
    pub user: UserId,
    /// Which factor is answered.
    pub kind: &'a FactorKind,
    /// What for.
    pub purpose: &'a str,
    /// Digest of what it belongs to.
    pub bound_to: &'a Hash,
}

/// What a user granted to an application in one sign-in. All its tokens die with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// Its identifier.
    pub id: GrantId,
    /// Who.
    pub user: UserId,
    /// To which application.
    pub client_id: String,
    /// In which session.
    pub session: SessionId,
    /// What (RFC 6749 §3.3).
    pub scopes: Vec<String>,
    /// At which APIs, by identifier (RFC 8707); none for the issuer alone.
    pub resources: Vec<String>,
    /// The class that was reached, under the name the application knows.
    pub acr: String,
    /// The methods that were used.
    pub amr: Vec<String>,
    /// When the user last proved something.
    pub auth_time: Timestamp,
    /// The `claims` parameter as JSON (OIDC Core §5.5).
    pub claims: Option<String>,
    /// The rule, its version and the trace id behind the sign-in that it came from, as JSON.
    pub basis: String,
    /// Whether it outlives a sign-out (OIDC Core §11).
    pub offline: bool,
    /// When it was given.
    pub created_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
}

/// An authorization code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// Of the code.
    pub hash: Hash,
    /// What it stands for.
    pub grant: GrantId,
    /// Whose it is.
    pub client_id: String,
    /// Where it was sent, as the request said.
    pub redirect_uri: String,
    /// For the ID token (OIDC Core §3.1.2.1).
    pub nonce: Option<String>,
    /// PKCE, S256 (RFC 7636 §4.2), where the application sent one.
    pub challenge: Option<String>,
    /// Thumbprint of the key that has to be proved with it (RFC 9449 §10).
    pub dpop_jkt: Option<String>,
    /// When it is too late.
    pub expires_at: Timestamp,
}

/// A refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshRow {
    /// Of the token.
    pub hash: Hash,
    /// What it stands for.
    pub grant: GrantId,
    /// Whose it is.
    pub client_id: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
    /// When its whole chain ends.
    pub absolute_expires_at: Timestamp,
    /// Thumbprint of the key that has to be proved with it: that of a public application is bound to one (RFC 9449 §5).
    pub dpop_jkt: Option<String>,
    /// Thumbprint of the certificate that has to be shown with it instead (RFC 8705 §4).
    pub x5t_s256: Option<String>,
}

/// What a user agreed that an application may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRow {
    /// The application.
    pub client_id: String,
    /// What it may have.
    pub scopes: Vec<String>,
    /// When the user first agreed.
    pub granted_at: Timestamp,
    /// When the application last made use of it.
    pub last_used_at: Timestamp,
}

/// Where a signing key is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyStatus {
    /// Signs.
    Active,
    /// Is published, so that it can sign soon.
    Next,
    /// Still published, but does not sign any more.
    Retired,
}

impl KeyStatus {
    /// All of them, in the order of their names in the database.
    pub const ALL: [Self; 3] = [Self::Active, Self::Next, Self::Retired];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Next => "next",
            Self::Retired => "retired",
        }
    }
}

/// A signing key of a pool.
#[derive(Clone)]
pub struct SigningKeyRow {
    /// Key ID (RFC 7517 §4.5).
    pub kid: String,
    /// What it signs with.
    pub alg: TokenAlg,
    /// Where it is in its life.
    pub status: KeyStatus,
    /// The private key, sealed.
    pub private: Sealed,
    /// The public key as JWK (RFC 7517 §4).
    pub public_jwk: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A link that was mailed.
#[derive(Clone, PartialEq, Eq)]
pub struct MailTokenRow {
    /// Of the token in the link.
    pub hash: Hash,
    /// What it is good for, such as resetting a password.
    pub purpose: String,
    /// Whose it is; none for somebody who is registering.
    pub user: Option<UserId>,
    /// Where it was sent.
    pub email: String,
    /// What else the purpose needs, as JSON.
    pub data: String,
    /// When it is too late.
    pub expires_at: Timestamp,
    /// When it was sent.
    pub created_at: Timestamp,
}

/// One line of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its identifier.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What was done, as a name in kebab case; rows of earlier versions keep the names of their time.
    pub action: String,
    /// Whose account it concerns.
    pub user: Option<UserId>,
    /// The application it concerns.
    pub client_id: Option<String>,
    /// The session it happened in.
    pub session: Option<SessionId>,
    /// From which address.
    pub ip: Option<String>,
    /// In which request.
    pub request_id: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// What else there is to say, as JSON.
    pub detail: String,
}

/// A browser that is not asked for a second factor for a while. The secret in its cookie is known by its digest alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RememberedBrowser {
    /// Its identifier, for the list of them.
    pub id: RememberedBrowserId,
    /// Whose second factor answered in it.
    pub user: UserId,
    /// What it said it was (`User-Agent`); a long one is cut.
    pub label: String,
    /// From which address it was remembered.
    pub ip: Option<String>,
    /// When it was remembered.
    pub created_at: Timestamp,
    /// When it last stood in for the second factor.
    pub last_used_at: Timestamp,
    /// From when on it does not any more.
    pub expires_at: Timestamp,
}

/// Whether a user has been seen in a browser before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// No, and in no other one either: the user is new.
    First,
    /// No, only in others.
    New,
    /// Yes.
    Seen,
}

/// Active users who are alike in all that decides whether they can get in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CensusLine {
    /// Their groups, sorted.
    pub groups: Vec<String>,
    /// The kinds they have an unspent credential of, sorted.
    pub kinds: Vec<CensusKind>,
    /// Whether they have a password.
    pub has_password: bool,
    /// Whether a mail to their address was answered.
    pub email_verified: bool,
    /// How often they have postponed an enrolment that was proposed.
    pub skips: u32,
    /// How many they are.
    pub users: u64,
    /// User names of at most three of them.
    pub sample: Vec<String>,
}

/// A kind of factor that users have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CensusKind {
    /// The kind.
    pub kind: FactorKind,
    /// Too many wrong answers: it does not answer any more.
    pub disabled: bool,
    /// Whether one of them was enrolled of the user's own accord.
    pub chosen: bool,
}
