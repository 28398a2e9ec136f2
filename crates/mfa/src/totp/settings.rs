//! What a pool decides about authenticator apps.

use crate::settings::FactorSettings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vestibule_domain::field::{self, Faults, FieldPath};

/// What setting up an authenticator app looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TotpSettings {
    /// Whether the secret is shown beside the QR code, to be typed in or kept.
    pub show_secret: bool,
    /// Whether it is unfolded at once, with the advice to keep it; without, it takes a click.
    pub open_secret: bool,
    /// Authenticator apps that are recommended, each an `[[pool.factor.totp.authenticator]]` table.
    pub authenticator: Vec<AuthenticatorApp>,
}

impl Default for TotpSettings {
    fn default() -> Self {
        Self { show_secret: true, open_secret: false, authenticator: Vec::new() }
    }
}

/// An authenticator app that is recommended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthenticatorApp {
    /// Its name.
    pub name: String,
    /// Where to get it for Android, an `https` address.
    #[serde(default)]
    #[schemars(regex(pattern = "^https://"))]
    pub android: Option<String>,
    /// Where to get it for iOS, an `https` address.
    #[serde(default)]
    #[schemars(regex(pattern = "^https://"))]
    pub ios: Option<String>,
}

impl FactorSettings for TotpSettings {
    fn check(&self, faults: &mut Faults) {
        let apps = FieldPath::root().key("authenticator");
        let each = || self.authenticator.iter().enumerate().map(|(index, app)| (apps.index(index), app));
        for (at, app) in each() {
            faults.judge(&at.key("name"), field::name(&app.name));
            for (key, link) in [("android", &app.android), ("ios", &app.ios)] {
                if let Some(link) = link {
                    faults.judge(&at.key(key), field::https_link(link));
                }
            }
        }
        faults.unique("authenticator", each().map(|(at, app)| (at.key("name"), app.name.to_lowercase())));
    }
}
