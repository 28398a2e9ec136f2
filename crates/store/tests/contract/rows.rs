//! Rows to write, each with fresh identifiers.

use crate::bed::unique;
use std::borrow::Cow;
use vestibule_domain::{
    AccountPage, Action, AuditId, AuthEvent, Budget, CeremonyId, Client, ClientAuthMethod, ClientKind,
    Credential, CredentialId, Effective, Evidence, FactorKind, FlowId, GrantId, GrantType, Intent, LoginFlow,
    MailId, Need, RememberedBrowserId, Requirement, Session, SessionId, Timestamp, TokenAlg, User, UserId,
    UserProfile, UserStatus, assurance::EventKind, credential::Public, flow::Begin, pool::MfaMode,
};
use vestibule_seal::Sealed;
use vestibule_store::{
    AuditRow, BudgetKey, CeremonyRow, CodeRow, CredentialUpdate, DeviceRow, DeviceState, GrantRow, Hash,
    KeyStatus, MailBody, MailRow, MailTokenRow, PoolStore, RefreshRow, RememberedBrowser, SigningKeyRow,
    UserFilter,
};

pub(crate) const TOTP: FactorKind = FactorKind::new("totp");
pub(crate) const RECOVERY: FactorKind = FactorKind::new("recovery");

/// Seconds after some beginning.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_000_000 + seconds)
}

pub(crate) fn a_hash() -> Hash {
    vestibule_seal::sha256(unique().as_bytes())
}

pub(crate) fn a_user(name: &str) -> User {
    User {
        id: UserId::from_uuid(unique()),
        username: name.to_owned(),
        email: Some(format!("{name}@Example.test")),
        email_verified: false,
        name: Some("Somebody Ünusual".to_owned()),
        locale: None,
        groups: vec!["staff".to_owned(), "a \"quoted\" one".to_owned()],
        profile: UserProfile::default(),
        status: UserStatus::Active,
        mfa_skips: 2,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// Stores a user.
pub(crate) async fn user_in(pool: &PoolStore, name: &str) -> User {
    let user = a_user(name);
    let copy = user.clone();
    pool.write(move |tx| async move { tx.insert_user(&copy, Some("$argon2id$old")).await }).await.unwrap();
    user
}

pub(crate) fn an_event(factor: FactorKind, seconds: i64) -> AuthEvent {
    let kind = if factor == FactorKind::PASSWORD { EventKind::FirstFactor } else { EventKind::SecondFactor };
    AuthEvent {
        factor,
        credential: None,
        kind,
        at: at(seconds),
        expires_at: at(seconds + 1000),
        evidence: Evidence { amr: vec![Cow::Borrowed("pwd")], ..Evidence::password() },
    }
}

pub(crate) fn a_session(user: UserId) -> Session {
    Session {
        id: SessionId::from_uuid(unique()),
        user,
        events: vec![an_event(FactorKind::PASSWORD, 0)],
        created_at: at(0),
        last_seen_at: at(0),
        expires_at: at(10_000),
        ip: Some("192.0.2.1".to_owned()),
        user_agent: None,
    }
}

/// Stores a session.
pub(crate) async fn session_in(pool: &PoolStore, user: UserId) -> (Session, Hash) {
    let (session, token) = (a_session(user), a_hash());
    let copy = session.clone();
    pool.write(move |tx| async move { tx.insert_session(&copy, &token).await }).await.unwrap();
    (session, token)
}

pub(crate) fn a_credential(user: UserId, kind: FactorKind) -> Credential {
    Credential {
        id: CredentialId::from_uuid(unique()),
        user,
        kind,
        label: "Phone".to_owned(),
        public: Public("{\"a\":1}".to_owned()),
        secret: Some(Sealed::from_bytes([7, 0, 255])),
        counter: 10,
        chosen: true,
        created_at: at(0),
        last_used_at: None,
    }
}

pub(crate) async fn credential_in(pool: &PoolStore, user: UserId, kind: FactorKind) -> Credential {
    let credential = a_credential(user, kind);
    let copy = credential.clone();
    pool.write(move |tx| async move { tx.insert_credential(&copy).await }).await.unwrap();
    credential
}

pub(crate) fn a_flow(user: UserId) -> LoginFlow {
    let begin = Begin {
        id: FlowId::from_uuid(unique()),
        intent: Intent::Account(Action::View(AccountPage::Security)),
        browser: a_hash(),
        user,
        base: None,
        requirement: Requirement::floor(&Effective::plain(MfaMode::Required, None), true),
        events: vec![an_event(FactorKind::PASSWORD, 0)],
        expires_at: at(600),
    };
    LoginFlow::begin(begin, Need::SecondFactor(vec![TOTP, RECOVERY]), at(0)).unwrap()
}

pub(crate) fn a_ceremony(user: UserId) -> CeremonyRow {
    CeremonyRow {
        id: CeremonyId::from_uuid(unique()),
        user,
        kind: TOTP,
        purpose: "verify".to_owned(),
        bound_to: a_hash(),
        state: vec![1, 2, 0, 3],
        expires_at: at(300),
    }
}

pub(crate) fn a_grant(user: UserId, session: SessionId) -> GrantRow {
    GrantRow {
        id: GrantId::from_uuid(unique()),
        user,
        client_id: "app".to_owned(),
        session,
        resources: Vec::new(),
        scopes: vec!["openid".to_owned(), "email".to_owned()],
        acr: "phr".to_owned(),
        amr: vec!["hwk".to_owned()],
        auth_time: at(0),
        claims: Some("{}".to_owned()),
        basis: "{\"rule\":\"pool\"}".to_owned(),
        offline: false,
        created_at: at(0),
        expires_at: at(5000),
    }
}

pub(crate) async fn grant_in(pool: &PoolStore, user: UserId, session: SessionId) -> GrantRow {
    let grant = a_grant(user, session);
    let copy = grant.clone();
    pool.write(move |tx| async move { tx.insert_grant(&copy).await }).await.unwrap();
    grant
}

pub(crate) fn a_code(grant: GrantId) -> CodeRow {
    CodeRow {
        hash: a_hash(),
        grant,
        client_id: "app".to_owned(),
        redirect_uri: "https://app.example/cb".to_owned(),
        nonce: None,
        challenge: Some("challenge".to_owned()),
        dpop_jkt: None,
        expires_at: at(60),
    }
}

/// A device that waits until 60.
pub(crate) fn a_device() -> DeviceRow {
    DeviceRow {
        hash: a_hash(),
        user_code: a_hash(),
        client_id: "app".to_owned(),
        request: "sealed".to_owned(),
        dpop_jkt: Some("key".to_owned()),
        x5t_s256: None,
        interval: 5,
        expires_at: at(60),
        state: DeviceState::Waiting,
    }
}

pub(crate) fn a_refresh(grant: GrantId) -> RefreshRow {
    RefreshRow {
        hash: a_hash(),
        grant,
        client_id: "app".to_owned(),
        issued_at: at(0),
        dpop_jkt: None,
        x5t_s256: None,
        expires_at: at(1000),
        absolute_expires_at: at(4000),
    }
}

pub(crate) fn a_client(id: &str) -> Client {
    Client {
        name: "An application".to_owned(),
        auth_method: Some(ClientAuthMethod::ClientSecretBasic),
        secret_sha256: Some(a_hash()),
        redirect_uris: vec!["https://app.example/cb".to_owned()],
        post_logout_redirect_uris: vec![],
        scopes: vec!["openid".to_owned()],
        grants: vec![GrantType::AuthorizationCode],
        id_token_alg: Some(TokenAlg::EdDsa),
        acr_aliases: [("gold".to_owned(), vestibule_domain::Acr::Phr)].into(),
        logout: vestibule_domain::ClientLogout {
            backchannel_logout_uri: Some("https://app.example/logout".to_owned()),
            ..vestibule_domain::ClientLogout::default()
        },
        ..Client::new(id, ClientKind::Confidential)
    }
}

pub(crate) fn a_key(kid: &str) -> SigningKeyRow {
    SigningKeyRow {
        kid: kid.to_owned(),
        alg: TokenAlg::Es256,
        status: KeyStatus::Next,
        private: Sealed::from_bytes([9, 9]),
        public_jwk: "{}".to_owned(),
        created_at: at(0),
    }
}

pub(crate) fn a_mail_token(user: Option<UserId>) -> MailTokenRow {
    MailTokenRow {
        hash: a_hash(),
        purpose: "reset".to_owned(),
        user,
        email: "Alice@Example.test".to_owned(),
        data: "{}".to_owned(),
        expires_at: at(1800),
        created_at: at(0),
    }
}

/// A budget of three mails in an hour, as good as any other.
pub(crate) fn a_budget() -> BudgetKey {
    BudgetKey { budget: Budget::ResetFromKnownBrowser, hash: a_hash(), times: 1 }
}

pub(crate) fn a_mail() -> MailRow {
    MailRow {
        id: MailId::from_uuid(unique()),
        to: "a@b.example".to_owned(),
        body: MailBody::Sealed(vestibule_seal::Sealed::from_bytes(*b"sealed")),
        created_at: at(0),
        tries: 0,
    }
}

pub(crate) fn an_audit_line(action: &str, seconds: i64) -> AuditRow {
    AuditRow {
        id: AuditId::from_uuid(unique()),
        at: at(seconds),
        action: action.to_owned(),
        user: Some(UserId::from_uuid(unique())),
        client_id: None,
        session: None,
        ip: Some("192.0.2.1".to_owned()),
        request_id: None,
        outcome: "ok".to_owned(),
        detail: "{}".to_owned(),
    }
}

pub(crate) fn a_remembered_browser(user: UserId) -> RememberedBrowser {
    RememberedBrowser {
        id: RememberedBrowserId::from_uuid(unique()),
        user,
        label: "Browser on Ünix".to_owned(),
        ip: Some("192.0.2.1".to_owned()),
        created_at: at(0),
        last_used_at: at(0),
        expires_at: at(86_400),
    }
}

/// Remembers a browser.
pub(crate) async fn remembered_browser_in(pool: &PoolStore, remembered: &RememberedBrowser) -> Hash {
    let (remembered, hash) = (remembered.clone(), a_hash());
    pool.write(move |tx| async move { tx.remember_browser(&remembered, &hash).await }).await.unwrap();
    hash
}

/// What replaces nothing by nothing.
pub(crate) fn an_update(id: CredentialId, user: UserId) -> CredentialUpdate<'static> {
    static NOTHING: Public = Public(String::new());
    CredentialUpdate { id, user, was: &NOTHING, public: &NOTHING, secret: None }
}

/// The first users of a pool.
pub(crate) async fn users_of(pool: &PoolStore, limit: u64) -> Vec<User> {
    pool.users(&UserFilter::default(), None, limit).await.unwrap().items
}
