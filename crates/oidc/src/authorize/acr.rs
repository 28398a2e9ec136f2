//! Which authentication context class a request asks for, and by which name it is answered.

use crate::{OAuthError, claims::ClaimRequest};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vestibule_domain::{Acr, Client};

/// More names than there are classes are a mistake or an attack.
const MAX_VALUES: usize = 16;
/// A name is repeated in the ID token.
const MAX_NAME_BYTES: usize = 256;

/// One requested value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedAcr {
    /// As the application wrote it.
    pub name: String,
    /// What it means to this application; `None` when nothing here is called so.
    pub class: Option<Acr>,
}

/// The classes a request asks for, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AcrRequest {
    /// The values in the order of preference.
    pub values: Vec<RequestedAcr>,
    /// Anything else is a failed authentication (OIDC Core §5.5.1.1).
    pub essential: bool,
}

/// What has to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcrGoal {
    /// Nothing in particular.
    None,
    /// This class, if the user can; otherwise whatever is reached is told truthfully.
    Voluntary(Acr),
    /// At least this class, or `unmet_authentication_requirements`. `None`: every value is unknown, so it is unmet
    /// whatever the user does.
    Essential(Option<Acr>),
}

/// The class that a request asks for, in the application's words; [`AcrWish::resolve`] says what they mean.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcrWish {
    /// The names in the order of preference.
    pub names: Vec<String>,
    /// Anything else is a failed authentication (OIDC Core §5.5.1.1).
    pub essential: bool,
}

impl AcrWish {
    /// Reads the `acr` member of `claims.id_token`, which wins when it names values; otherwise `acr_values`, which is a wish
    /// unless `demanded` makes it more.
    ///
    /// # Errors
    /// `invalid_request` for values that are not texts, too many, or too long.
    pub(super) fn read(
        claim: Option<&ClaimRequest>,
        acr_values: Option<&str>,
        demanded: bool,
    ) -> Result<Self, OAuthError> {
        let (names, essential): (Vec<&str>, bool) = match claim {
            Some(claim) if !claim.values.is_empty() => {
                let names: Option<Vec<&str>> = claim.values.iter().map(Value::as_str).collect();
                let malformed = || OAuthError::invalid_request("the values of the acr claim must be strings");
                (names.ok_or_else(malformed)?, claim.essential)
            }
            _ => (acr_values.unwrap_or("").split(' ').filter(|name| !name.is_empty()).collect(), demanded),
        };
        if names.len() > MAX_VALUES || names.iter().any(|name| name.len() > MAX_NAME_BYTES) {
            return Err(OAuthError::invalid_request("too many or too long acr values"));
        }
        Ok(Self { names: names.into_iter().map(str::to_owned).collect(), essential })
    }

    /// Whether nothing in particular is asked for.
    pub const fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// What the names mean to this application.
    pub fn resolve(&self, client: &Client) -> AcrRequest {
        let value = |name: &String| RequestedAcr { name: name.clone(), class: client.resolve_acr(name) };
        AcrRequest { values: self.names.iter().map(value).collect(), essential: self.essential }
    }
}

impl AcrRequest {
    /// What has to be reached. Any of the requested classes, or a higher one, will do; so the lowest decides.
    pub fn goal(&self) -> AcrGoal {
        let lowest = self.values.iter().filter_map(|value| value.class).min();
        match (self.essential, lowest) {
            (true, lowest) if !self.values.is_empty() => AcrGoal::Essential(lowest),
            (_, Some(lowest)) => AcrGoal::Voluntary(lowest),
            (_, None) => AcrGoal::None,
        }
    }

    /// The `acr` claim for a class that was reached: the name of the highest requested class that it includes, the
    /// first of them in the application's order; otherwise the application's own name for the class, or the product's.
    pub fn name_for(&self, client: &Client, reached: Acr) -> String {
        let included =
            || self.values.iter().filter(|value| value.class.is_some_and(|class| class <= reached));
        let highest = included().filter_map(|value| value.class).max();
        let named = included().find(|value| value.class == highest);
        named.map_or_else(|| client.name_of_acr(reached).to_owned(), |value| value.name.clone())
    }
}
