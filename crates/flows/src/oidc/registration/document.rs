//! Applications that nobody registers: their `client_id` is the address of a document that describes them
//! (draft-ietf-oauth-client-id-metadata-document).
//!
//! What stands there is kept as a registration, as if the application had registered with it, and follows the document: whenever
//! somebody arrives for it and what is remembered of the document is no longer fresh.

use super::{Room, manage::renewed, named_apart, too_many};
use crate::{
    base::{
        audit::AuditAction, budget::of_source, cx::Cx, failure::Failure, pools::in_force,
        runtime::PoolRuntime,
    },
    oidc::Oidc,
};
use std::sync::Arc;
use vestibule_domain::{Budget, Client, Registered, RegisteredBy};
use vestibule_oidc::{
    OAuthError,
    registration::{Asked, DocumentUrl},
};
use vestibule_outbound::OutboundError;
use vestibule_store::{BudgetKey, PoolTx, StoreError, records::AuditRow};

/// What a document is served as.
const ACCEPT: [&str; 1] = ["application/json"];

/// One application whose document is new, or says something else than before.
#[derive(Clone)]
struct Described {
    client: Client,
    /// Of what was read of the document.
    asked: Asked,
    row: AuditRow,
    budgets: Vec<BudgetKey>,
    room: Room,
}

impl Oidc<'_> {
    /// Gets to know the application that somebody arrives for, where its `client_id` is the address of a document. Returns the
    /// pool as it is from now on, if it changed: it knows the application as it is now.
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error is the protocol's, for a page.
    pub async fn acquaint(
        self,
        cx: &Cx,
        client_id: &str,
    ) -> Result<Result<Option<Arc<PoolRuntime>>, OAuthError>, Failure> {
        let Some(url) = self.followed(cx, client_id) else { return Ok(Ok(None)) };
        let there = cx.pool.client(client_id).cloned();
        match self.followed_document(cx, &url, there).await? {
            Ok(Document::Known) => Ok(Ok(None)),
            Ok(Document::Stored) => {
                self.app.refresh_configuration().await?;
                Ok(Ok(self.app.pool_of(cx.pool.pool.id).await?))
            }
            Err(error) => Ok(Err(error.with_client(client_id))),
        }
    }

    /// The address, where what stands there counts: not for an application that an administrator added, changed or disabled.
    fn followed(self, cx: &Cx, client_id: &str) -> Option<DocumentUrl> {
        let rules = &cx.pool.pool.settings.client_registration;
        if !rules.takes_documents() {
            return None;
        }
        let url = DocumentUrl::of(client_id).filter(|url| rules.takes_document_of(url.host()))?;
        let follows = |client: &Client| {
            let registered = client.registered.as_ref();
            client.enabled
                && registered
                    .is_some_and(|one| matches!(one.by, RegisteredBy::Document { .. }) && !one.taken_over)
        };
        cx.pool.client_on_or_off(client_id).is_none_or(follows).then_some(url)
    }

    async fn followed_document(
        self,
        cx: &Cx,
        url: &DocumentUrl,
        there: Option<Client>,
    ) -> Result<Result<Document, OAuthError>, Failure> {
        // Before anybody is asked: strangers cannot send us to more addresses than this.
        if there.is_none() && !self.may_ask(cx).await? {
            return Ok(Err(too_many()));
        }
        let asked = match self.read_document(cx, url).await {
            Ok(asked) => asked,
            // Nobody says that it has changed or gone.
            Err(Unread::Silent(_)) if there.is_some() => return Ok(Ok(Document::Known)),
            Err(Unread::Silent(cause)) => {
                return Ok(Err(OAuthError::unknown_client(url.as_str()).with_cause(cause)));
            }
            Err(Unread::Refused(error)) => return Ok(Err(error)),
        };
        let settings = &cx.pool.pool.settings;
        let same =
            |client: &Client| in_force(renewed(client.clone(), asked.clone(), cx.now), settings) == *client;
        if there.as_ref().is_some_and(same) {
            return Ok(Ok(Document::Known));
        }
        if asked.client.has_new_sector(there.as_ref()).is_some() && !self.may_ask(cx).await? {
            return Ok(Err(too_many()));
        }
        if let Err(error) = self.of_sector(cx, &asked, there.as_ref()).await {
            return Ok(Err(error));
        }
        let described = self.described(cx, url, asked, there.is_some());
        let job = move |tx: PoolTx| async move { described.store(&tx).await };
        Ok(self.app.pool_store(cx).write_or_undo(job).await?.map(|()| Document::Stored))
    }

    async fn read_document(self, cx: &Cx, url: &DocumentUrl) -> Result<Asked, Unread> {
        let (documents, outbound) = self.app.metadata_documents(&cx.pool.pool);
        let fetched = documents.get(&outbound, url.as_str(), &ACCEPT).await.map_err(|error| {
            tracing::warn!(%error, client.id = url.as_str(), "the document of an application cannot be fetched");
            match error {
                error @ (OutboundError::Status { status: 400..=499, .. }
                | OutboundError::Redirect { .. }
                | OutboundError::ContentType { .. }
                | OutboundError::TooLarge { .. }) => Unread::Refused(OAuthError::unknown_client(url.as_str()).with_cause(error)),
                error => Unread::Silent(error),
            }
        })?;
        let rules = &cx.pool.pool.settings.client_registration;
        let body = String::from_utf8_lossy(&fetched.body);
        let asked = url.read(&body, rules, &self.app.origins()).and_then(|asked| named_apart(cx, asked));
        asked.map_err(|error| Unread::Refused(error.with_arrived("client_id", url.as_str())))
    }

    fn described(self, cx: &Cx, url: &DocumentUrl, asked: Asked, known: bool) -> Described {
        let rules = &cx.pool.pool.settings.client_registration;
        let (action, budgets) = if known {
            (AuditAction::ClientUpdated, of_source(cx, Budget::ApplicationChangeFromSource))
        } else {
            (AuditAction::ClientCreated, Vec::new())
        };
        let registered = Registered {
            at: cx.now,
            since: cx.now,
            by: RegisteredBy::Document { host: url.host().to_owned() },
            vouched: rules.vouches_for(url.host()),
            taken_over: false,
            metadata: asked.metadata.clone(),
        };
        let client =
            Client { id: url.as_str().to_owned(), registered: Some(registered), ..asked.client.clone() };
        let row = self.registration_row(cx, action, &client.id);
        Described { client, asked, row, budgets, room: Room::new(self, cx) }
    }
}

impl Described {
    /// Writes it as it is now. The pool is held: another request may have written it, or an administrator.
    async fn store(self, tx: &PoolTx) -> Result<Result<(), OAuthError>, StoreError> {
        tx.lock_pool().await?;
        let there = tx.clients().await?.into_iter().find(|client| client.id == self.client.id);
        let client = match there {
            None if self.room.make(tx, &self.client).await? => self.client,
            None => return Ok(Err(too_many())),
            Some(there) => {
                let ours = there.registered.as_ref().is_some_and(|registered| !registered.taken_over);
                let client = renewed(there.clone(), self.asked, self.room.now);
                if !ours || client == there {
                    return Ok(Ok(()));
                }
                if tx.spend_budgets(&self.budgets, self.room.now).await?.is_some() {
                    return Ok(Err(too_many()));
                }
                if !client.looks_like(&there) {
                    tx.forget_consents_to(&client.id).await?;
                }
                if client.sector() != there.sector() {
                    tx.end_grants_of(&client.id).await?;
                }
                client
            }
        };
        tx.upsert_client(&client).await?;
        tx.insert_audit(&self.row).await?;
        Ok(Ok(()))
    }
}

/// What became of what stands at the address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Document {
    /// It says what is known.
    Known,
    /// It was new, and is known now.
    Stored,
}

/// Why a document says nothing.
enum Unread {
    /// Nobody answered.
    Silent(OutboundError),
    /// What came is none, or not for this pool.
    Refused(OAuthError),
}
