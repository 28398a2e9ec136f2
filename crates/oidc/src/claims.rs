//! Claims: those that this provider has about a user, those that the pool declares, and the `claims` request parameter (OIDC
//! Core §5).

use crate::OAuthError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use vestibule_domain::{Attribute, Client, TextField, User};

/// The claims that a user has here: standard ones (OIDC Core §5.1), and groups and roles, by the names that everybody reads them
/// by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserClaim {
    /// Display name.
    Name,
    /// A text of the profile.
    Text(TextField),
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
    /// Postal address (§5.1.1).
    Address,
    /// Whether the telephone number is known to be the user's.
    PhoneNumberVerified,
    /// The names of the groups; an empty list for whoever is in none.
    Groups,
    /// The roles; an empty list for whoever has none.
    Roles,
}

impl UserClaim {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::Name,
        Self::Text(TextField::GivenName),
        Self::Text(TextField::FamilyName),
        Self::Text(TextField::MiddleName),
        Self::Text(TextField::Nickname),
        Self::PreferredUsername,
        Self::Text(TextField::Profile),
        Self::Text(TextField::Picture),
        Self::Text(TextField::Website),
        Self::Text(TextField::Gender),
        Self::Text(TextField::Birthdate),
        Self::Text(TextField::Zoneinfo),
        Self::Locale,
        Self::UpdatedAt,
        Self::Email,
        Self::EmailVerified,
        Self::Address,
        Self::Text(TextField::PhoneNumber),
        Self::PhoneNumberVerified,
        Self::Groups,
        Self::Roles,
    ];

    /// The claim's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Text(field) => field.as_str(),
            Self::PreferredUsername => "preferred_username",
            Self::Locale => "locale",
            Self::UpdatedAt => "updated_at",
            Self::Email => "email",
            Self::EmailVerified => "email_verified",
            Self::Address => "address",
            Self::PhoneNumberVerified => "phone_number_verified",
            Self::Groups => "groups",
            Self::Roles => "roles",
        }
    }

    /// The scope that asks for it (OIDC Core §5.4).
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Text(TextField::PhoneNumber) | Self::PhoneNumberVerified => "phone",
            Self::Name | Self::Text(_) | Self::PreferredUsername | Self::Locale | Self::UpdatedAt => {
                "profile"
            }
            Self::Email | Self::EmailVerified => "email",
            Self::Address => "address",
            Self::Groups => "groups",
            Self::Roles => "roles",
        }
    }

    /// Its value for a user; a claim without a value is left out (OIDC Core §5.3.2).
    pub fn value(self, user: &User) -> Option<Value> {
        let profile = &user.profile;
        match self {
            Self::Name => user.name.clone().map(Value::from),
            Self::Text(field) => profile.text(field).map(Value::from),
            Self::PreferredUsername => Some(user.username.clone().into()),
            Self::Locale => user.locale.clone().map(Value::from),
            Self::UpdatedAt => Some(user.updated_at.as_seconds().into()),
            Self::Email => user.email.clone().map(Value::from),
            Self::EmailVerified => user.email.is_some().then(|| user.email_verified.into()),
            Self::Address if profile.address.is_empty() => None,
            Self::Address => serde_json::to_value(&profile.address).ok(),
            Self::PhoneNumberVerified => {
                profile.phone_number.is_some().then(|| profile.phone_number_verified.into())
            }
            Self::Groups => Some(user.groups.clone().into()),
            Self::Roles => Some(profile.roles.iter().cloned().collect()),
        }
    }
}

/// A claim about a user: everybody's, or one that the pool declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldClaim<'a> {
    /// One that every pool has.
    Standard(UserClaim),
    /// One of the pool's own.
    Own(&'a Attribute),
}

impl<'a> ToldClaim<'a> {
    /// All claims of a pool that declares these of its own.
    pub fn all(own: &'a [Attribute]) -> impl Iterator<Item = Self> {
        UserClaim::ALL.into_iter().map(Self::Standard).chain(own.iter().map(Self::Own))
    }

    /// The claim's name.
    pub fn name(self) -> &'a str {
        match self {
            Self::Standard(claim) => claim.as_str(),
            Self::Own(attribute) => attribute.claim(),
        }
    }

    /// The scope that asks for it.
    pub fn scope(self) -> &'a str {
        match self {
            Self::Standard(claim) => claim.scope(),
            Self::Own(attribute) => &attribute.scope,
        }
    }

    /// Its value for a user. What was stored before the pool declared the claim as it is now is left out.
    pub fn value(self, user: &User) -> Option<Value> {
        match self {
            Self::Standard(claim) => claim.value(user),
            Self::Own(attribute) => {
                let value = user.profile.attributes.get(&attribute.name);
                serde_json::to_value(value.filter(|value| attribute.fits(value))?).ok()
            }
        }
    }
}

/// Where claims about a user are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldIn {
    /// The userinfo response.
    Userinfo,
    /// The ID token.
    IdToken,
}

/// What is asked for about a user, and may be told.
#[derive(Clone, Copy)]
pub struct AskedClaims<'a> {
    /// What the pool declares of its own.
    pub own: &'a [Attribute],
    /// The scopes whose claims are asked for.
    pub scopes: &'a [String],
    /// The `claims` parameter, limited to what the application may have.
    pub claims: Option<&'a ClaimsParameter>,
}

impl AskedClaims<'_> {
    /// The claims about a user by scope and one by one, where they have a value (OIDC Core §5.3.2, §5.4, §5.5).
    pub fn about(self, user: &User, told_in: ToldIn) -> Map<String, Value> {
        let asked = |claim: &ToldClaim<'_>| {
            self.claims.is_some_and(|claims| claims.asks(claim.name(), told_in))
                || self.scopes.iter().any(|scope| scope == claim.scope())
        };
        let told = ToldClaim::all(self.own).filter(asked);
        told.filter_map(|claim| Some((claim.name().to_owned(), claim.value(user)?))).collect()
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

    /// Whether it asks for a claim there.
    pub fn asks(&self, name: &str, told_in: ToldIn) -> bool {
        match told_in {
            ToldIn::Userinfo => self.userinfo.contains_key(name),
            ToldIn::IdToken => self.id_token.contains_key(name),
        }
    }

    /// The scopes whose claims it asks for one by one (OIDC Core §5.4), at a pool that declares these of its own: a user who
    /// agrees to it agrees to no less.
    pub fn scopes<'a>(&self, own: &'a [Attribute]) -> BTreeSet<&'a str> {
        let asked = |claim: &ToldClaim<'_>| {
            [ToldIn::Userinfo, ToldIn::IdToken].into_iter().any(|told_in| self.asks(claim.name(), told_in))
        };
        ToldClaim::all(own).filter(asked).map(ToldClaim::scope).collect()
    }

    /// Keeps what can have an effect: the claims that the pool has and whose scope the application is registered for (the
    /// parameter is no way around the scopes), and the subject that is required.
    #[must_use]
    pub fn limited_to(self, client: &Client, own: &[Attribute]) -> Self {
        let permitted = |name: &str| {
            ToldClaim::all(own)
                .find(|claim| claim.name() == name)
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
        for name in ["given_name", "nickname", "email", "email_verified", "picture"] {
            assert!(claims.asks(name, ToldIn::Userinfo) && !claims.asks(name, ToldIn::IdToken), "{name}");
        }
        assert_eq!(claims.scopes(&[]), BTreeSet::from(["email", "profile"]));
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
