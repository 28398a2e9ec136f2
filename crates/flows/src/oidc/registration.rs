//! Applications that register by themselves (RFC 7591), and what they do with their registration afterwards (RFC 7592).

mod document;
mod initial;
mod manage;
mod room;

pub use initial::InitialToken;

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        budget::of_source,
        cx::Cx,
        failure::Failure,
    },
    oidc::Oidc,
};
use room::Room;
use serde_json::{Value, json};
use vestibule_domain::{Budget, Client, Registered, RegisteredBy, RegistrationMode, user::skeleton};
use vestibule_oidc::{
    ErrorCode, OAuthError, OneTime,
    registration::{Asked, metadata_of, read},
};
use vestibule_seal::sha256;
use vestibule_store::{BudgetKey, PoolTx, StoreError, records::AuditRow};

/// Below the issuer: where an application finds its registration again.
const PLACE: &str = "/register/";

/// One registration, ready to be written.
#[derive(Clone)]
struct Registering {
    client: Client,
    row: AuditRow,
    once: Option<OneTime>,
    budgets: Vec<BudgetKey>,
    room: Room,
}

impl Oidc<'_> {
    /// Whether applications register by themselves at the pool.
    pub fn registers(self, cx: &Cx) -> bool {
        cx.pool.pool.settings.client_registration.takes_requests()
    }

    /// Whether that takes an initial access token.
    pub fn wants_token(self, cx: &Cx) -> bool {
        cx.pool.pool.settings.client_registration.mode != RegistrationMode::Open
    }

    /// `POST /oidc/register` (RFC 7591 §3.1), with the initial access token, if one came.
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error is the protocol's.
    pub async fn register(
        self,
        cx: &Cx,
        token: Option<&str>,
        body: &str,
    ) -> Result<Result<Value, OAuthError>, Failure> {
        let rules = &cx.pool.pool.settings.client_registration;
        let once = match (rules.mode, token) {
            (RegistrationMode::Open, None) => None,
            (_, token) => match token.and_then(|token| self.initial(cx, token)) {
                Some(once) => Some(once),
                None => return Ok(Err(OAuthError::invalid_token())),
            },
        };
        let asked = match read(body, rules, &self.app.origins()).and_then(|asked| named_apart(cx, asked)) {
            Ok(asked) => asked,
            Err(error) => return Ok(Err(error)),
        };
        let budgets = if once.is_none() { of_source(cx, Budget::ApplicationFromSource) } else { Vec::new() };
        if self.app.pool_store(cx).used_up(&budgets, cx.now).await?.is_some() {
            return Ok(Err(too_many()));
        }
        // Nobody can send us to more addresses than this. A refusal spends no initial access token, so that one is no excuse.
        if asked.client.has_new_sector(None).is_some() && !self.may_ask(cx).await? {
            return Ok(Err(too_many()));
        }
        if let Err(error) = self.of_sector(cx, &asked, None).await {
            return Ok(Err(error));
        }
        let management = self.app.secret();
        let mut client = asked.client;
        client.id = self.app.secret();
        client.registered = Some(Registered {
            at: cx.now,
            since: cx.now,
            by: RegisteredBy::Request { token_sha256: sha256(management.as_bytes()) },
            vouched: once.is_some(),
            taken_over: false,
            metadata: asked.metadata,
        });
        let secret = self.give_secret(&mut client);
        let registering = Registering {
            row: self.registration_row(cx, AuditAction::ClientCreated, &client.id),
            once,
            budgets,
            room: Room::new(self, cx),
            client: client.clone(),
        };
        let job = move |tx: PoolTx| async move { registering.store(&tx).await };
        if let Err(error) = self.app.pool_store(cx).write_or_undo(job).await? {
            return Ok(Err(error));
        }
        self.app.refresh_configuration().await?;
        Ok(Ok(told(cx, &client, &management, secret.as_deref())))
    }

    /// Gives a secret to an application that needs one and has none, and takes it from one that needs none.
    fn give_secret(self, client: &mut Client) -> Option<String> {
        if !client.needs_secret() {
            client.secret_sha256 = None;
            return None;
        }
        if client.secret_sha256.is_some() {
            return None;
        }
        let secret = self.app.secret();
        client.secret_sha256 = Some(sha256(secret.as_bytes()));
        Some(secret)
    }

    /// Whether the application belongs to the sector that it names.
    async fn of_sector(self, cx: &Cx, asked: &Asked, before: Option<&Client>) -> Result<(), OAuthError> {
        let belongs = self.app.belongs_to_sector(&cx.pool.pool, &asked.client, before).await;
        belongs.map_err(|cause| {
            let hint = "sector_identifier_uri does not answer with a list of all redirect_uris";
            OAuthError::new(ErrorCode::InvalidClientMetadata, hint).with_cause(cause)
        })
    }

    /// Counts an address that strangers have us ask.
    async fn may_ask(self, cx: &Cx) -> Result<bool, Failure> {
        let (budgets, now) = (of_source(cx, Budget::ApplicationFromSource), cx.now);
        let store = self.app.pool_store(cx);
        if store.used_up(&budgets, now).await?.is_some() {
            return Ok(false);
        }
        let spent = store.write_or_undo(move |tx| async move {
            Ok(match tx.spend_budgets(&budgets, now).await? {
                None => Ok(()),
                Some(until) => Err(until),
            })
        });
        Ok(spent.await?.is_ok())
    }

    fn registration_row(self, cx: &Cx, action: AuditAction, client: &str) -> AuditRow {
        self.app.audit(cx, action, None, Ended::Done).client(client).why("via", "registration")
    }
}

impl Registering {
    /// Writes it, where there is room: the pool is held, so that no two take the last place.
    async fn store(self, tx: &PoolTx) -> Result<Result<(), OAuthError>, StoreError> {
        tx.lock_pool().await?;
        if !self.room.make(tx, &self.client).await? {
            return Ok(Err(too_many()));
        }
        if let Some(once) = &self.once
            && !tx.spend_challenge(&once.digest, once.expires_at).await?
        {
            return Ok(Err(OAuthError::invalid_token()));
        }
        if tx.spend_budgets(&self.budgets, self.room.now).await?.is_some() {
            return Ok(Err(too_many()));
        }
        tx.upsert_client(&self.client).await?;
        tx.insert_audit(&self.row).await?;
        Ok(Ok(()))
    }
}

/// The name of the pool, or of an application that an administrator added, is nobody else's, and nothing that looks like it
/// (UTS 39). Many copies of one program register, so that they may share theirs.
fn named_apart(cx: &Cx, asked: Asked) -> Result<Asked, OAuthError> {
    let look = |name: &str| skeleton(&name.split_whitespace().collect::<String>());
    let wanted = look(&asked.client.name);
    let others = cx.pool.clients().filter(|client| client.registered.is_none());
    let names = others.map(|client| &client.name).chain([&cx.pool.pool.name]);
    if names.map(|name| look(name)).any(|taken| taken == wanted) {
        return Err(OAuthError::new(ErrorCode::InvalidClientMetadata, "client_name is another's here"));
    }
    Ok(asked)
}

fn too_many() -> OAuthError {
    OAuthError::new(ErrorCode::TemporarilyUnavailable, "too many applications have registered by themselves")
}

/// The client information response (RFC 7591 §3.2.1, RFC 7592 §3). The token is the one that was given or just used.
fn told(cx: &Cx, client: &Client, management: &str, secret: Option<&str>) -> Value {
    let mut told = metadata_of(client);
    told.insert("registration_access_token".to_owned(), management.into());
    let place = format!("{}{PLACE}{}", cx.pool.issuer, client.id);
    told.insert("registration_client_uri".to_owned(), place.into());
    if let Some(secret) = secret {
        told.insert("client_secret".to_owned(), secret.into());
    }
    if client.secret_sha256.is_some() {
        told.insert("client_secret_expires_at".to_owned(), json!(0));
    }
    Value::Object(told)
}
