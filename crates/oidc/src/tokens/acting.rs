//! Who acts for the subject of a token (RFC 8693 §4).

use serde::{Deserialize, Serialize};
use vestibule_domain::GrantId;

/// So many stand in one chain at most: each exchange makes it longer, and a token is sent with every request.
pub const MOST_ACTORS: usize = 5;

/// Who acts for the subject of a token, and for whom that one stood in (RFC 8693 §4.1). Only the first of a chain acts now: those
/// behind it are told as history, and permit nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// An application by its `client_id`, or a user.
    pub sub: String,
    /// The application that acts, itself or for a user: where it equals `sub` no user acts.
    pub client_id: String,
    /// What the token of a user who acts came from: when that is revoked, the token is dead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gid: Option<GrantId>,
    /// Who acted before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Box<Self>>,
}

impl Actor {
    /// How many there are in the chain.
    pub fn depth(&self) -> usize {
        std::iter::successors(Some(self), |actor| actor.act.as_deref()).count()
    }

    /// The same in front of those who acted before.
    #[must_use]
    pub fn after(self, before: Option<Self>) -> Self {
        Self { act: before.map(Box::new), ..self }
    }
}

/// Who may act for the subject of a token, where the token says so (RFC 8693 §4.4): nobody else may exchange it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MayAct {
    /// The one who may.
    pub sub: String,
    /// Whose name that is, where it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The application that may, where it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
}

impl MayAct {
    /// Whether it is this one, as this issuer names it.
    pub fn permits(&self, actor: &Actor, issuer: &str) -> bool {
        self.sub == actor.sub
            && self.iss.as_deref().is_none_or(|iss| iss == issuer)
            && self.client_id.as_deref().is_none_or(|id| id == actor.client_id)
    }
}

/// How a token was got, where it was not by a sign-in here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Obtained {
    /// For another token (RFC 8693): it hangs on the grant of that one, and is given back alone.
    #[serde(rename = "token-exchange")]
    Exchanged,
    /// For the word of an issuer that the pool trusts (RFC 7523 §2.1).
    #[serde(rename = "jwt-bearer")]
    Asserted,
}

/// Who acts for the subject of a token, and how it was got. Of most tokens there is nothing to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Acting {
    /// Who acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
    /// Who else may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_act: Option<MayAct>,
    /// How it was got.
    #[serde(rename = "gty", skip_serializing_if = "Option::is_none")]
    pub obtained: Option<Obtained>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(sub: &str) -> Actor {
        Actor { sub: sub.to_owned(), client_id: sub.to_owned(), gid: None, act: None }
    }

    #[test]
    fn a_chain_keeps_its_order() {
        let chain = actor("c").after(Some(actor("b").after(Some(actor("a")))));
        assert_eq!(chain.depth(), 3);
        assert_eq!(
            serde_json::to_value(&chain).unwrap(),
            serde_json::json!({ "sub": "c", "client_id": "c", "act":
                { "sub": "b", "client_id": "b", "act": { "sub": "a", "client_id": "a" } } })
        );
    }

    #[test]
    fn only_who_may_act_may() {
        let may = |text: &str| serde_json::from_str::<MayAct>(text).unwrap();
        for (text, permits) in [
            (r#"{"sub":"b"}"#, true),
            (r#"{"sub":"b","iss":"https://i"}"#, true),
            (r#"{"sub":"b","client_id":"b"}"#, true),
            (r#"{"sub":"a"}"#, false),
            (r#"{"sub":"b","iss":"https://other"}"#, false),
            (r#"{"sub":"b","client_id":"a"}"#, false),
        ] {
            assert_eq!(may(text).permits(&actor("b"), "https://i"), permits, "{text}");
        }
        assert!(serde_json::from_str::<MayAct>(r#"{"client_id":"b"}"#).is_err(), "it says nobody");
    }
}
