//! What a browser still has to do after a sign-out: load a page of each application of the session (OpenID Connect Front-Channel
//! Logout 1.0), and go on to where the application wants it.
//!
//! Every form is answered by a redirect, so what the next page needs travels there sealed for this browser. Which applications
//! it is about is read when the page is made. It opens nothing: it names a session that is over.

use crate::{
    base::{cx::Cx, failure::Failure},
    oidc::Oidc,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use vestibule_domain::{Client, SessionId};
use vestibule_oidc::{
    Parameters,
    logout::{Logout, LogoutFrames, SignOutReturn},
};
use vestibule_seal::AssociatedData;

/// The parameter of the sign-out page that holds it.
const PARAMETER: &str = "ended";

/// How long the page can be asked for again, in seconds.
const LIFETIME: i64 = 600;

/// What the page after a sign-out does.
pub struct Farewell {
    /// What it loads.
    pub frames: LogoutFrames,
    /// Where the application wants the user.
    pub back: Option<SignOutReturn>,
    /// The application's name.
    pub client_name: Option<String>,
}

/// The query of the page that follows a sign-out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FarewellQuery(String);

impl FarewellQuery {
    /// `name=value`, to be put behind a question mark.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Serialize, Deserialize)]
struct SealedFarewell {
    session: SessionId,
    client: Option<String>,
    /// The registered address and the `state`.
    back: Option<(String, Option<String>)>,
    expires_at: i64,
}

fn associated(cx: &Cx) -> AssociatedData {
    AssociatedData::new("farewell").with(cx.pool.pool.id.as_bytes()).with(cx.browser)
}

impl Oidc<'_> {
    /// The page for a browser whose session has just ended; none when no application has anything to be loaded.
    pub(crate) async fn farewell(
        self,
        cx: &Cx,
        session: SessionId,
        logout: &Logout,
    ) -> Result<Option<FarewellQuery>, Failure> {
        if self.frames(cx, session).await?.addresses.is_empty() {
            return Ok(None);
        }
        let back = logout.back.as_ref().map(|back| {
            let (to, state) = back.parts();
            (to, state.map(str::to_owned))
        });
        let expires_at = (cx.now + LIFETIME).as_seconds();
        let content = SealedFarewell { session, client: logout.client_id.clone(), back, expires_at };
        let sealed = self.app.seal_value(&associated(cx), &content).map_err(Failure::internal)?;
        Ok(Some(FarewellQuery(format!("{PARAMETER}={sealed}"))))
    }

    /// What the query of the sign-out page says about a sign-out of this browser; nothing when it is none, is another
    /// browser's, or too old.
    pub(crate) async fn open_farewell(self, cx: &Cx, encoded: &str) -> Result<Option<Farewell>, Failure> {
        let Ok(parameters) = Parameters::parse(encoded) else { return Ok(None) };
        let Some(sealed) = parameters.get(PARAMETER) else { return Ok(None) };
        let Ok(content) = self.app.open_value::<SealedFarewell>(&associated(cx), sealed) else {
            return Ok(None);
        };
        if cx.now.as_seconds() >= content.expires_at {
            return Ok(None);
        }
        // The registration of now decides, as it does for every other address that a browser is sent to.
        let client = content.client.as_deref().and_then(|id| cx.pool.client(id));
        let back = content.back.zip(client);
        Ok(Some(Farewell {
            frames: self.frames(cx, content.session).await?,
            back: back.and_then(|((to, state), client)| SignOutReturn::of_client(client, &to, state)),
            client_name: client.map(|client| client.name.clone()),
        }))
    }

    async fn frames(self, cx: &Cx, session: SessionId) -> Result<LogoutFrames, Failure> {
        let has_one = |client: &Client| client.logout.frontchannel_logout_uri.is_some();
        if !cx.pool.clients().any(has_one) {
            return Ok(LogoutFrames::default());
        }
        let given = self.app.pool_store(cx).clients_of_session(session).await?;
        let clients: Vec<&Client> = given.iter().filter_map(|id| cx.pool.client(id)).collect();
        let mut names = HashMap::new();
        for client in &clients {
            names.insert(client.id.as_str(), cx.pool.sid_of(client, session)?);
        }
        let sid = |client: &Client| names.get(client.id.as_str()).cloned().unwrap_or_default();
        let frames = LogoutFrames::of(clients, &cx.pool.issuer, sid);
        if frames.left_out > 0 {
            tracing::warn!(
                request.id = %cx.request_id, logout.left_out = frames.left_out,
                "more applications want a page loaded at this sign-out than one answer has room for: \
                 register a backchannel_logout_uri for them"
            );
        }
        Ok(frames)
    }
}
