//! Claims: those that this provider has about a user, and the `claims` request parameter (OIDC Core §5).

use crate::OAuthError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use vestibule_domain::{Client, User};

/// The claims that a user has here: standard ones (OIDC Core §5.1), and the groups, by the name that everybody reads them by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserClaim {
    /// Display name.
    Name,
    /// The sign-in name.
    PreferredUsername,
    /// BCP 47 tag.
    Locale,
    /// When a claim last changed.
    UpdatedAt,
    /// Address.
    Email,
    /// Whether a mail to the address was answered.
    EmailVerified,
    /// The names of the groups; an empty list for whoever is in none.
    Groups,
}

impl UserClaim {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::PreferredUsername,
        Self::Locale,
        Self::UpdatedAt,
        Self::Email,
        Self::EmailVerified,
        Self::Groups,
    ];

    /// The claim's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::PreferredUsername => "preferred_username",
            Self::Locale => "locale",
            Self::UpdatedAt => "updated_at",
            Self::Email => "email",
            Self::EmailVerified => "email_verified",
            Self::Groups => "groups",
        }
    }

    /// The scope that asks for it (OIDC Core §5.4).
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Name | Self::PreferredUsername | Self::Locale | Self::UpdatedAt => "profile",
            Self::Email | Self::EmailVerified => "email",
            Self::Groups => "groups",
        }
    }

    /// The claim of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|claim| claim.as_str() == name)
    }

    /// Its value for a user; a claim without a value is left out (OIDC Core §5.3.2).
    pub fn value(self, user: &User) -> Option<Value> {
        match self {
            Self::Name => user.name.clone().map(Value::from),
            Self::PreferredUsername => Some(user.username.clone().into()),
            Self::Locale => user.locale.clone().map(Value::from),
            Self::UpdatedAt => Some(user.updated_at.as_seconds().into()),
            Self::Email => user.email.clone().map(Value::from),
            Self::EmailVerified => user.email.is_some().then(|| user.email_verified.into()),
            Self::Groups => Some(user.groups.clone().into()),
        }
    }
}

/// What is asked of one claim (OIDC Core §5.5.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimRequest {
    /// The application says that it cannot do without.
    #[serde(skip_serializing_if = "is_false")]
    pub essential: bool,
    /// The values that would do, best first; empty when any would.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
}

/// The `claims` parameter (OIDC Core §5.5). Members that are not understood are ignored. It serializes in the shape of
/// the section, so that [`ClaimsParameter::parse`] reads what was stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimsParameter {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    userinfo: BTreeMap<String, ClaimRequest>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    id_token: BTreeMap<String, ClaimRequest>,
}

impl ClaimsParameter {
    /// Reads the parameter.
    ///
    /// # Errors
    /// `invalid_request` when it is not a JSON object of the shape that the section describes.
    pub fn parse(json: &str) -> Result<Self, OAuthError> {
        let malformed = || OAuthError::invalid_request("the claims parameter is malformed");
        let read: Value = serde_json::from_str(json).map_err(|error| malformed().with_cause(error))?;
        let members = read.as_object().ok_or_else(malformed)?;
        let member = |name| match members.get(name) {
            None | Some(Value::Null) => Some(BTreeMap::new()),
            Some(Value::Object(requests)) => read_member(requests),
            Some(_) => None,
        };
        let (userinfo, id_token) = (member("userinfo"), member("id_token"));
        let read =
            Self { userinfo: userinfo.ok_or_else(malformed)?, id_token: id_token.ok_or_else(malformed)? };
        // A subject is a text (OIDC Core §2); anything else would name nobody, and then nobody would be required.
        let subjects = [&read.userinfo, &read.id_token].into_iter().filter_map(|member| member.get("sub"));
        if subjects.flat_map(|request| &request.values).any(|value| !value.is_string()) {
            return Err(OAuthError::invalid_request("the value of the sub claim must be a string"));
        }
        Ok(read)
    }

    /// What is asked of a claim in the ID token.
    pub fn in_id_token(&self, name: &str) -> Option<&ClaimRequest> {
        self.id_token.get(name)
    }

    /// The `sub` that the ID token must have (OIDC Core §5.5.1): for any other user the sign-in has to fail.
    pub fn required_subject(&self) -> Option<&str> {
        self.id_token.get("sub")?.values.first()?.as_str()
    }

    /// The claims it adds to the userinfo response.
    pub fn userinfo_claims(&self) -> BTreeSet<UserClaim> {
        standard(&self.userinfo)
    }

    /// The claims it adds to the ID token.
    pub fn id_token_claims(&self) -> BTreeSet<UserClaim> {
        standard(&self.id_token)
    }

    /// The scopes whose claims it asks for one by one (OIDC Core §5.4): a user who agrees to it agrees to no less.
    pub fn scopes(&self) -> BTreeSet<&'static str> {
        let asked = self.userinfo_claims().into_iter().chain(self.id_token_claims());
        asked.map(UserClaim::scope).collect()
    }

    /// Keeps what can have an effect: the claims whose scope the application is registered for (the parameter
    /// is no way around the scopes), and the subject that is required.
    #[must_use]
    pub fn limited_to(self, client: &Client) -> Self {
        let permitted = |name: &str| {
            UserClaim::named(name)
                .is_some_and(|claim| client.scopes.iter().any(|scope| scope == claim.scope()))
        };
        let limited = |requests: BTreeMap<String, ClaimRequest>| {
            let kept = requests.into_iter().filter(|(name, _)| permitted(name));
            kept.map(|(name, request)| (name, ClaimRequest { values: Vec::new(), ..request })).collect()
        };
        let subject = self
            .required_subject()
            .map(|subject| ClaimRequest { essential: true, values: vec![Value::from(subject)] });
        let mut id_token: BTreeMap<String, ClaimRequest> = limited(self.id_token.clone());
        id_token.extend(subject.map(|subject| ("sub".to_owned(), subject)));
        Self { userinfo: limited(self.userinfo), id_token }
    }
}

/// For serde, which passes a reference.
const fn is_false(value: &bool) -> bool {
    !*value
}

fn standard(requests: &BTreeMap<String, ClaimRequest>) -> BTreeSet<UserClaim> {
    requests.keys().filter_map(|name| UserClaim::named(name)).collect()
}

fn read_member(requests: &Map<String, Value>) -> Option<BTreeMap<String, ClaimRequest>> {
    requests.iter().map(|(name, request)| Some((name.clone(), read_request(request)?))).collect()
}

fn read_request(request: &Value) -> Option<ClaimRequest> {
    let members = match request {
        Value::Null => return Some(ClaimRequest::default()),
        Value::Object(members) => members,
        _ => return None,
    };
    let essential = match members.get("essential") {
        None => false,
        Some(value) => value.as_bool()?,
    };
    let values = match (members.get("value"), members.get("values")) {
        (Some(value), None) => vec![value.clone()],
        (None, Some(values)) => values.as_array()?.clone(),
        (None, None) => Vec::new(),
        // The section gives no meaning to both.
        (Some(_), Some(_)) => return None,
    };
    Some(ClaimRequest { essential, values })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_the_specifications_example() {
        let claims = ClaimsParameter::parse(
            r#"{"userinfo":{"given_name":{"essential":true},"nickname":null,"email":{"essential":true},
                "email_verified":{"essential":true},"picture":null,"http://example.info/claims/groups":null},
                "id_token":{"auth_time":{"essential":true},"acr":{"values":["urn:mace:incommon:iap:silver"]}},
                "future":7}"#,
        )
        .unwrap();
        let email = [UserClaim::Email, UserClaim::EmailVerified];
        assert_eq!(claims.userinfo_claims(), BTreeSet::from(email));
        assert_eq!(claims.id_token_claims(), BTreeSet::new());
        assert!(claims.in_id_token("auth_time").unwrap().essential);
        assert_eq!(claims.in_id_token("acr").unwrap().values, ["urn:mace:incommon:iap:silver"]);
        assert_eq!(claims.required_subject(), None);
        let sub = ClaimsParameter::parse(r#"{"id_token":{"sub":{"value":"248289761001"}}}"#).unwrap();
        assert_eq!(sub.required_subject(), Some("248289761001"));
    }

    #[test]
    fn malformed_parameters_are_refused() {
        for bad in [
            "",
            "[]",
            "7",
            "{",
            r#"{"userinfo":[]}"#,
            r#"{"id_token":"acr"}"#,
            r#"{"id_token":{"acr":"phr"}}"#,
            r#"{"id_token":{"acr":{"essential":"yes"}}}"#,
            r#"{"id_token":{"acr":{"values":"phr"}}}"#,
            r#"{"id_token":{"acr":{"value":"a","values":["b"]}}}"#,
            r#"{"id_token":{"sub":{"value":7}}}"#,
            r#"{"id_token":{"sub":{"value":null}}}"#,
            r#"{"id_token":{"sub":{"values":["a",["b"]]}}}"#,
            r#"{"userinfo":{"sub":{"value":{}}}}"#,
        ] {
            assert_eq!(ClaimsParameter::parse(bad).unwrap_err().code.as_str(), "invalid_request", "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
            let _ = ClaimsParameter::parse(&text);
        }

        #[test]
        fn any_json_shape_is_read_or_refused(
            member in "userinfo|id_token|x", claim in "acr|sub|email|x", key in "essential|value|values|x",
            value in r#"null|true|7|"a"|\[\]|\["a",7\]|\{\}"#, deep in 0_usize..200,
        ) {
            let value = format!("{}{value}{}", "[".repeat(deep), "]".repeat(deep));
            let _ = ClaimsParameter::parse(&format!(r#"{{"{member}":{{"{claim}":{{"{key}":{value}}}}}}}"#));
            let _ = ClaimsParameter::parse(&format!(r#"{{"{member}":{{"{claim}":{value}}}}}"#));
        }
    }
}
