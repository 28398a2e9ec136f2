//! What a pool knows of its users beside the standard claims: attributes with a type, each told in a claim.

use crate::{
    field::{self, Fault, Faults, FieldPath, is_printable},
    precis::composed,
};
use serde::{Deserialize, Serialize};

/// The most attributes of a pool: all of them fit into one form.
const MOST: usize = 32;

/// The longest name of an attribute, and of a claim, in bytes.
const LONGEST: usize = 128;

/// The longest text, in characters.
const LONGEST_TEXT: usize = 256;

/// The most texts of a list.
const MOST_TEXTS: usize = 32;

/// Integers beyond are not the same to every reader of JSON (RFC 8259 §6).
const LARGEST: i64 = (1 << 53) - 1;

/// Who changes an attribute of a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Editor {
    /// Administrators alone: an application can rely on it.
    #[default]
    Administrator,
    /// The user as well, in the user center. An application must not take it for more than the user's word.
    Person,
}

/// What the values of an attribute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttributeType {
    /// One line of text.
    String,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// Lines of text.
    StringList,
}

/// An attribute of a pool's users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Its name in files and commands: a to z, digits and `_`.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z][a-z0-9_]{0,62}$")))]
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    pub kind: AttributeType,
    /// Who changes it.
    #[serde(default)]
    pub edit: Editor,
    /// The claim that tells it; the name when left out. It is none of those that standards register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// The scope that asks for it: a standard one such as `profile`, or one of the pool's own.
    pub scope: String,
    /// What people read: in the user center, and where they are asked to share it. The name when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum AttributeValue {
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// One line of text.
    Text(String),
    /// Lines of text.
    Texts(Vec<String>),
}

impl AttributeValue {
    /// As a person types it: `true` or `false`, digits, a line, or a line for each text.
    pub fn as_typed(&self) -> String {
        match self {
            Self::Boolean(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Text(text) => text.clone(),
            Self::Texts(texts) => texts.join("\n"),
        }
    }
}

impl AttributeType {
    const fn expected(self) -> &'static str {
        match self {
            Self::String => "1 to 256 characters on one line",
            Self::Integer => "a whole number from -9007199254740991 to 9007199254740991",
            Self::Boolean => "true or false",
            Self::StringList => "1 to 32 texts, each of 1 to 256 characters on one line",
        }
    }
}

impl Attribute {
    /// The claim that tells it.
    pub fn claim(&self) -> &str {
        self.claim.as_deref().unwrap_or(&self.name)
    }

    /// What people read.
    pub fn title(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }

    /// Its name in a form.
    pub fn field(&self) -> String {
        format!("attribute.{}", self.name)
    }

    /// A value as it is kept.
    ///
    /// # Errors
    /// A [`Fault`] that says what the attribute takes.
    pub fn checked(&self, value: &AttributeValue) -> Result<AttributeValue, Fault> {
        let line = |text: &String| {
            let text = (text.len() <= LONGEST_TEXT * 16).then(|| composed(text.trim()))?;
            let fits = (1..=LONGEST_TEXT).contains(&text.chars().count()) && text.chars().all(is_printable);
            fits.then_some(text)
        };
        let read = match (self.kind, value) {
            (AttributeType::Boolean, AttributeValue::Boolean(_)) => Some(value.clone()),
            (AttributeType::Integer, AttributeValue::Integer(number)) => {
                (-LARGEST..=LARGEST).contains(number).then(|| value.clone())
            }
            (AttributeType::String, AttributeValue::Text(text)) => line(text).map(AttributeValue::Text),
            (AttributeType::StringList, AttributeValue::Texts(texts)) => {
                let read: Option<Vec<String>> = texts.iter().map(line).collect();
                read.filter(|texts| (1..=MOST_TEXTS).contains(&texts.len())).map(AttributeValue::Texts)
            }
            _ => None,
        };
        read.ok_or_else(|| {
            Fault::new("not a value of this attribute")
                .expected(self.kind.expected())
                .hint("correct the value, or the `type` of the attribute")
        })
    }

    /// Whether a value that was stored is one of this attribute still.
    pub fn fits(&self, value: &AttributeValue) -> bool {
        self.checked(value).is_ok_and(|kept| kept == *value)
    }

    /// A value as a person types it, see [`AttributeValue::as_typed`].
    ///
    /// # Errors
    /// A [`Fault`] that says what the attribute takes.
    pub fn read(&self, text: &str) -> Result<AttributeValue, Fault> {
        let text = text.trim();
        let texts = || text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        let read = match self.kind {
            AttributeType::String => AttributeValue::Text(text.to_owned()),
            AttributeType::StringList => AttributeValue::Texts(texts().collect()),
            AttributeType::Integer => text.parse().map_or_else(|_| of_text(text), AttributeValue::Integer),
            AttributeType::Boolean => text.parse().map_or_else(|_| of_text(text), AttributeValue::Boolean),
        };
        self.checked(&read)
    }

    fn check(&self, at: &FieldPath, faults: &mut Faults) {
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let named = self.name.len() <= 63
            && self.name.starts_with(|c: char| c.is_ascii_lowercase())
            && self.name.chars().all(word);
        faults.require(named, &at.key("name"), || {
            Fault::new("not the name of an attribute")
                .expected("1 to 63 of a-z, 0-9 and _, beginning with a letter")
                .found(format!("{:?}", self.name))
                .hint("choose a short name such as `department`; `claim` can be another one")
        });
        let place = at.key(if self.claim.is_some() { "claim" } else { "name" });
        let claim = self.claim();
        let visible =
            (1..=LONGEST).contains(&claim.len()) && claim.bytes().all(|byte| byte.is_ascii_graphic());
        faults.require(visible && !claim.contains(['"', '\\']), &place, || {
            Fault::new("not the name of a claim")
                .expected(format!("1 to {LONGEST} visible ASCII characters without quotes and backslashes"))
                .found(format!("{claim:?}"))
                .hint("choose a name such as \"department\" or \"https://acme.example/department\"")
        });
        faults.require(!is_registered(claim), &place, || {
            Fault::new("a claim that has a meaning of its own")
                .expected("a name that is not registered for JWT or OpenID Connect (RFC 7519 §10.1)")
                .found(format!("{claim:?}"))
                .hint(format!("set `claim` to another name, such as \"https://acme.example/{claim}\""))
        });
        faults.judge(&at.key("scope"), field::scope(&self.scope));
        faults.require(!NOT_FOR_CLAIMS.contains(&self.scope.as_str()), &at.key("scope"), || {
            Fault::new("a scope that tells nothing of a user")
                .expected("a standard scope such as `profile`, or one of the pool's own")
                .found(format!("{:?}", self.scope))
                .hint("choose another scope, and register the applications for it that may know the value")
        });
        if let Some(label) = &self.label {
            faults.judge(&at.key("label"), field::name(label));
        }
    }
}

fn of_text(text: &str) -> AttributeValue {
    AttributeValue::Text(text.to_owned())
}

/// Scopes that every sign-in has, or that mean something else (OIDC Core §3.1.2.1 and §11).
const NOT_FOR_CLAIMS: [&str; 2] = ["openid", "offline_access"];

/// Everything that is wrong with the attributes of a pool; `api_scopes` are those that belong to its APIs.
pub(crate) fn check(attributes: &[Attribute], api_scopes: &[&str], at: &FieldPath, faults: &mut Faults) {
    faults.require(attributes.len() <= MOST, at, || {
        Fault::new("too many attributes")
            .expected(format!("at most {MOST}"))
            .hint("remove those that are not used")
    });
    for (index, attribute) in attributes.iter().enumerate() {
        let at = at.index(index);
        attribute.check(&at, faults);
        faults.require(!api_scopes.contains(&attribute.scope.as_str()), &at.key("scope"), || {
            Fault::new("a scope of an API")
                .expected("a scope that no [[pool.api]] has")
                .found(format!("{:?}", attribute.scope))
                .hint("choose another scope: who may use the API would get to know the value")
        });
    }
    let each = || attributes.iter().enumerate().map(|(index, attribute)| (at.index(index), attribute));
    faults.unique("attribute", each().map(|(at, one)| (at.key("name"), one.name.clone())));
    // Some readers of JSON do not tell small letters from capital ones.
    faults.unique("claim", each().map(|(at, one)| (at.key("claim"), one.claim().to_ascii_lowercase())));
}

/// Whether a name is registered for a claim of a token, or has a meaning for applications that nobody may give by an attribute.
fn is_registered(claim: &str) -> bool {
    // OIDC Core §5.2: what follows the mark is a language of the same claim. Some readers take capital letters for small ones.
    let plain = claim.split('#').next().unwrap_or_default().to_ascii_lowercase();
    plain.starts_with('_') || REGISTERED.contains(&plain.as_str())
}

/// Claims of RFC 7519, OIDC Core, and the others of the IANA registry "JSON Web Token Claims" that say something of a user or
/// of a token.
const REGISTERED: &[&str] = &[
    // RFC 7519 §4.1.
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    // OIDC Core §5.1 and §2.
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
    "azp",
    "nonce",
    "auth_time",
    "at_hash",
    "c_hash",
    "s_hash",
    "acr",
    "amr",
    "sub_jwk",
    // Tokens and sessions: RFC 7800, 8693, 9068, 9396, 9449, 8417, 8485, 7662, 9701, sign-out.
    "cnf",
    "act",
    "may_act",
    "scope",
    "client_id",
    "events",
    "toe",
    "txn",
    "vot",
    "vtm",
    "sid",
    "active",
    "username",
    "token_type",
    "token_introspection",
    "authorization_details",
    "htm",
    "htu",
    "ath",
    "sub_id",
    "logout_hint",
    "typ",
    "jwks",
    "jwk",
    "jku",
    "verified_claims",
    "vc",
    "vp",
    "vct",
    "status",
    "orig",
    "dest",
    "mky",
    "cnonce",
    "trust_framework",
    // RFC 7643 by RFC 9068 §2.2.3.1, and what everybody reads groups and roles by.
    "groups",
    "roles",
    "role",
    "entitlements",
    "permissions",
    // OpenID Connect for Identity Assurance and others about the person.
    "place_of_birth",
    "nationalities",
    "birth_family_name",
    "birth_given_name",
    "birth_middle_name",
    "salutation",
    "title",
    "msisdn",
    "also_known_as",
    // This provider's own.
    "gid",
    "acr_values",
    "min_acr",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn attribute(kind: AttributeType) -> Attribute {
        Attribute {
            name: "department".to_owned(),
            kind,
            edit: Editor::Person,
            claim: None,
            scope: "profile".to_owned(),
            label: None,
        }
    }

    fn faults(change: impl Fn(&mut Attribute)) -> Vec<String> {
        let mut one = attribute(AttributeType::String);
        change(&mut one);
        let mut faults = Faults::default();
        check(&[one], &["orders"], &FieldPath::root().key("attribute"), &mut faults);
        faults.into_vec().iter().map(|fault| format!("{}: {}", fault.at, fault.cause)).collect()
    }

    #[test]
    fn claims_with_a_meaning_of_their_own_are_refused() {
        assert_eq!(faults(|_| ()), Vec::<String>::new());
        assert!(faults(|one| one.claim = Some("https://acme.example/email".to_owned())).is_empty());
        for claim in [
            "sub",
            "iss",
            "acr",
            "email_verified",
            "phone_number",
            "roles",
            "groups",
            "cnf",
            "_claim_names",
            "Email_Verified",
            "email#de",
            "SUB",
        ] {
            let told = faults(|one| one.claim = Some(claim.to_owned()));
            assert_eq!(told, ["attribute[0].claim: a claim that has a meaning of its own"], "{claim}");
        }
        assert_eq!(
            faults(|one| one.name = "sid".to_owned()),
            ["attribute[0].name: a claim that has a meaning of its own"]
        );
    }

    #[test]
    fn scopes_that_are_not_for_claims_are_refused() {
        for scope in ["openid", "offline_access", "", "a b", "orders"] {
            assert_eq!(faults(|one| one.scope = scope.to_owned()).len(), 1, "{scope:?}");
        }
        for name in ["", "Department", "1st", "a-b", &"x".repeat(64)] {
            assert!(!faults(|one| one.name = name.to_owned()).is_empty(), "{name:?}");
        }
        let twice = [attribute(AttributeType::String), attribute(AttributeType::Integer)];
        let mut faults = Faults::default();
        check(&twice, &[], &FieldPath::root(), &mut faults);
        assert_eq!(faults.into_vec().len(), 2, "name and claim");
        let many: Vec<Attribute> = (0..=MOST)
            .map(|index| Attribute { name: format!("a{index}"), ..attribute(AttributeType::String) })
            .collect();
        let mut faults = Faults::default();
        check(&many, &[], &FieldPath::root(), &mut faults);
        assert_eq!(faults.into_vec().len(), 1);
    }

    #[test]
    fn values_are_of_the_type() {
        use AttributeValue::{Boolean, Integer, Text, Texts};
        let texts = |texts: &[&str]| Texts(texts.iter().map(|text| (*text).to_owned()).collect());
        let values = [
            Boolean(true),
            Integer(7),
            Text("a".to_owned()),
            texts(&["a", "b"]),
            texts(&[]),
            Integer(LARGEST + 1),
        ];
        for (kind, fitting) in [
            (AttributeType::Boolean, &values[..1]),
            (AttributeType::Integer, &values[1..2]),
            (AttributeType::String, &values[2..3]),
            (AttributeType::StringList, &values[3..4]),
        ] {
            let fits: Vec<&AttributeValue> =
                values.iter().filter(|value| attribute(kind).fits(value)).collect();
            assert_eq!(fits, fitting.iter().collect::<Vec<_>>(), "{kind:?}");
            for value in fitting {
                assert_eq!(attribute(kind).read(&value.as_typed()).as_ref(), Ok(value));
            }
        }
        let text = attribute(AttributeType::String);
        assert_eq!(text.read(" Zoe\u{308} "), Ok(Text("Zo\u{eb}".to_owned())), "composed");
        for bad in ["", "a\u{202e}b", "a\u{0}", &"x".repeat(LONGEST_TEXT + 1)] {
            assert!(text.read(bad).is_err(), "{bad:?}");
        }
        assert!(attribute(AttributeType::Integer).read("seven").is_err());
        assert!(attribute(AttributeType::Boolean).read("yes").is_err());
        assert!(attribute(AttributeType::StringList).read(&"a\n".repeat(MOST_TEXTS + 1)).is_err());
    }

    proptest! {
        #[test]
        fn what_is_read_is_kept_as_it_is(typed in "\\PC{0,40}(\n\\PC{0,20}){0,3}", kind in 0_usize..4) {
            let kinds =
                [AttributeType::String, AttributeType::Integer, AttributeType::Boolean, AttributeType::StringList];
            let attribute = attribute(kinds[kind]);
            if let Ok(value) = attribute.read(&typed) {
                prop_assert!(attribute.fits(&value));
                prop_assert_eq!(attribute.read(&value.as_typed()), Ok(value));
            }
        }
    }
}
