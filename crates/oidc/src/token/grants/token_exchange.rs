//! RFC 8693 §2.1: a token for another one.

use super::{GrantRequest, resources_of, scopes_of};
use crate::{OAuthError, Parameters};
use vestibule_domain::GrantType;
use zeroize::Zeroizing;

/// RFC 8693 §3: an access token, whatever it looks like.
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// RFC 8693 §3.
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

/// A token of this pool, as what it is presented. Without `Debug`: it holds the token.
#[derive(Clone)]
pub enum PresentedToken {
    /// An access token.
    Access(Zeroizing<String>),
    /// An ID token.
    Id(Zeroizing<String>),
}

/// What is exchanged, and for what. Without `Debug`: it holds tokens.
#[derive(Clone)]
pub struct TokenExchange {
    /// On whose behalf.
    pub subject: PresentedToken,
    /// Who acts, where that is not the application itself.
    pub actor: Option<PresentedToken>,
    /// The APIs that it names, as `resource` or as `audience`: those of a pool have one name for both.
    pub targets: Vec<String>,
    /// The scopes, if it names any.
    pub scope: Option<Vec<String>>,
}

impl GrantRequest for TokenExchange {
    const GRANT: GrantType = GrantType::TokenExchange;
    const PARAMETERS: &'static [&'static str] = &[
        "subject_token",
        "subject_token_type",
        "actor_token",
        "actor_token_type",
        "requested_token_type",
        "resource",
        "audience",
        "scope",
    ];

    fn read(form: &Parameters) -> Result<Self, OAuthError> {
        if form.get("requested_token_type").is_some_and(|wanted| wanted != ACCESS_TOKEN) {
            return Err(OAuthError::invalid_request(format!("requested_token_type must be {ACCESS_TOKEN}")));
        }
        form.require("subject_token")?;
        form.require("subject_token_type")?;
        let missing = || OAuthError::invalid_request("subject_token is missing");
        let subject = presented(form, "subject_token", "subject_token_type")?.ok_or_else(missing)?;
        let actor = presented(form, "actor_token", "actor_token_type")?;
        let mut targets = resources_of(form);
        targets.extend(form.all("audience").map(str::to_owned));
        targets.sort();
        targets.dedup();
        Ok(Self { subject, actor, targets, scope: scopes_of(form) })
    }
}

/// A token with its type: the one never comes without the other (§2.1).
fn presented(form: &Parameters, token: &str, typ: &str) -> Result<Option<PresentedToken>, OAuthError> {
    let wrong = |hint: String| Err(OAuthError::invalid_request(hint));
    let (text, typ_given) = match (form.get(token), form.get(typ)) {
        (None, None) => return Ok(None),
        (Some(text), Some(given)) => (Zeroizing::new(text.to_owned()), given),
        _ => return wrong(format!("{token} and {typ} come together")),
    };
    match typ_given {
        ACCESS_TOKEN => Ok(Some(PresentedToken::Access(text))),
        ID_TOKEN => Ok(Some(PresentedToken::Id(text))),
        _ => wrong(format!("{typ} must be that of an access token or an ID token")),
    }
}
