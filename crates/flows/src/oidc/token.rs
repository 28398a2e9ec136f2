//! The token endpoint (RFC 6749 §3.2): who asks, and by which grant. A grant is one file and one row in [`GRANTS`].

mod client_credentials;
mod code;
mod device;
mod exchange;
mod issue;
mod jwt_bearer;
mod refresh;

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
    },
    oidc::{Oidc, bound::spend_proof},
};
use std::pin::Pin;
use vestibule_domain::{Client, GrantId, GrantType, Timestamp};
use vestibule_oidc::{
    BackChannelRequest, Holder, OAuthError, Parameters,
    token::{
        TokenResponse,
        grants::{self, GrantRequest},
    },
    tokens::Recipient,
};
use vestibule_store::{PoolTx, StoreError, records::AuditRow};

/// Tokens, or the protocol's refusal.
type Redeemed = Result<Result<TokenResponse, OAuthError>, Failure>;

/// The application that asks for tokens, and what it proved.
struct Applicant {
    client: Client,
    /// What the tokens will be bound to (RFC 9449 §5, RFC 8705 §3). The proof of a key is spent with what comes of it.
    key: Option<Holder>,
    /// The key that its ID tokens are encrypted to, if they are: found before anything is spent.
    recipient: Option<Recipient>,
}

/// A grant: what becomes of its request.
trait Grant: 'static {
    /// What it reads of the form.
    type Request: GrantRequest + Send;

    /// Answers the request of an authenticated application that may use the grant.
    fn redeem(
        oidc: Oidc<'_>,
        cx: &Cx,
        by: Applicant,
        request: Self::Request,
    ) -> impl Future<Output = Redeemed> + Send;
}

/// A row of the table.
struct Row {
    grant: GrantType,
    redeem: for<'a> fn(Oidc<'a>, &'a Cx, Applicant, &'a Parameters) -> Redeeming<'a>,
}

type Redeeming<'a> = Pin<Box<dyn Future<Output = Redeemed> + Send + 'a>>;

impl Row {
    const fn of<G: Grant>() -> Self {
        Self { grant: G::Request::GRANT, redeem: read_and_redeem::<G> }
    }
}

/// The grants that are served.
const GRANTS: &[Row] = &[
    Row::of::<code::Code>(),
    Row::of::<refresh::Refresh>(),
    Row::of::<client_credentials::Itself>(),
    Row::of::<device::Device>(),
    Row::of::<exchange::Exchange>(),
    Row::of::<jwt_bearer::Asserting>(),
];

fn read_and_redeem<'a, G: Grant>(
    oidc: Oidc<'a>,
    cx: &'a Cx,
    by: Applicant,
    form: &'a Parameters,
) -> Redeeming<'a> {
    Box::pin(async move {
        let permitted = |request| grants::permitted(G::Request::GRANT, &by.client).map(|()| request);
        match G::Request::read(form).and_then(permitted) {
            Ok(request) => G::redeem(oidc, cx, by, request).await,
            Err(error) => Ok(Err(error)),
        }
    })
}

impl Oidc<'_> {
    /// `POST /oidc/token` (RFC 6749 §3.2).
    ///
    /// # Errors
    /// [`Failure`] when the database or the signature fails; the inner error is the protocol's.
    pub async fn token(
        self,
        cx: &Cx,
        request: BackChannelRequest,
    ) -> Result<Result<TokenResponse, OAuthError>, Failure> {
        let client = match self.authenticated(cx, &request).await? {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        let grant = match grants::asked_for(&request.form) {
            Ok(grant) => grant,
            Err(error) => return Ok(Err(error.with_client(&client.id))),
        };
        let row = GRANTS.iter().find(|row| row.grant == grant);
        let row = row.ok_or_else(|| Failure::internal("a grant is offered but not served"))?;
        let client_id = client.id.clone();
        let by = match self.applicant(cx, &request, client, grant).await {
            Ok(by) => by,
            Err(error) => return Ok(Err(error.with_client(&client_id))),
        };
        let redeemed = (row.redeem)(self, cx, by, &request.form).await?;
        Ok(redeemed.map_err(|error| error.with_client(&client_id)))
    }

    /// Writes down that an application got nothing, whichever step it failed at.
    async fn note_refused(
        self,
        cx: &Cx,
        what: AuditAction,
        client: &Client,
        error: &OAuthError,
    ) -> Result<(), Failure> {
        let row = self.app.audit(cx, what, None, Ended::Refused);
        let row = row.client(&client.id).why("error", error.code.as_str());
        self.app.note_budgeted(cx, self.app.budgeted_refusal(client, row)).await
    }

    /// The application with the key that its tokens will be bound to.
    async fn applicant(
        self,
        cx: &Cx,
        request: &BackChannelRequest,
        client: Client,
        grant: GrantType,
    ) -> Result<Applicant, OAuthError> {
        let key = self.holder_of_tokens(cx, request, &client)?;
        let wanted = client.answers.id_token().filter(|_| tells_of_sign_in(grant));
        let recipient = self.recipient(cx, &client, wanted).await?;
        Ok(Applicant { client, key, recipient })
    }
}

/// Whether a grant gives ID tokens: not to an application that acts for itself, or for somebody who did not sign in to it.
const fn tells_of_sign_in(grant: GrantType) -> bool {
    !matches!(grant, GrantType::ClientCredentials | GrantType::TokenExchange | GrantType::JwtBearer)
}

/// Ends the grant of a code or refresh token that came again, and writes it down: once, so whoever comes again and again writes
/// no more. A proof that came with it is spent, too: one that was recorded ends nothing.
async fn end_reused(
    tx: &PoolTx,
    grant: GrantId,
    by: Option<&Holder>,
    row: AuditRow,
    now: Timestamp,
) -> Result<Result<(), OAuthError>, StoreError> {
    if let Err(error) = spend_proof(tx, by).await? {
        return Ok(Err(error));
    }
    if let Some(user) = tx.revoke_grant(grant, now).await? {
        tx.insert_audit(&AuditRow { user: Some(user), ..row }).await?;
    }
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grant_that_is_offered_is_served() {
        let served: Vec<GrantType> = GRANTS.iter().map(|row| row.grant).collect();
        let offered: Vec<GrantType> = grants::GRANTS.iter().map(|row| row.grant).collect();
        assert_eq!(served, offered);
    }
}
