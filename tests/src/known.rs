//! What an attacker knows: every field that any form of the product has, with values that would work.

use crate::{PASSWORD, Page, VERIFIER};

/// The values of a victim's forms. What is empty is not known.
#[derive(Clone, Debug)]
pub struct Known {
    /// A sealed request.
    pub request: String,
    /// A sign-in under way.
    pub flow: String,
    /// Its challenge.
    pub ceremony: String,
    /// Which factor.
    pub kind: String,
    /// A factor.
    pub credential: String,
    /// Another session.
    pub session: String,
    /// A remembered browser.
    pub device: String,
    /// A code that is good now.
    pub code: String,
}

impl Default for Known {
    fn default() -> Self {
        let nothing = String::new;
        Self {
            request: nothing(),
            flow: nothing(),
            ceremony: nothing(),
            kind: "totp".to_owned(),
            credential: NOBODYS.to_owned(),
            session: nothing(),
            device: nothing(),
            code: "000000".to_owned(),
        }
    }
}

/// An identifier that nothing has.
const NOBODYS: &str = "01ba60d3-0000-7000-8000-000000000000";

/// The user whom an administrator's forms are about. Everybody else's are about `alice`.
pub const BYSTANDER: &str = "bob";

impl Known {
    /// Takes what the hidden fields of a page give away, in addition to what is known already.
    #[must_use]
    pub fn and(mut self, page: &Page) -> Self {
        let value = |name: &str| page.attribute(&format!("input[name={name}]"), "value");
        for (place, name) in [
            (&mut self.request, "request"),
            (&mut self.flow, "flow"),
            (&mut self.ceremony, "ceremony"),
            (&mut self.credential, "credential"),
            (&mut self.session, "session"),
            (&mut self.device, "device"),
        ] {
            if let Some(found) = value(name).filter(|found| !found.is_empty()) {
                *place = found;
            }
        }
        self
    }

    /// Every field of every form, except `csrf`, as a form to that route would have them.
    pub fn fields(&self, route: &str) -> Vec<(String, String)> {
        let administers = route.starts_with("/u/settings");
        let fields = [
            ("request", self.request.as_str()),
            ("flow", &self.flow),
            ("ceremony", &self.ceremony),
            ("kind", &self.kind),
            ("credential", &self.credential),
            ("session", &self.session),
            ("device", &self.device),
            ("client", "app"),
            ("decision", "allow"),
            ("remember", "1"),
            ("mode", "required"),
            ("name", "Mallory"),
            ("label", "Mallory"),
            ("locale", "de"),
            ("given_name", "Mallory"),
            ("family_name", "Mallory"),
            ("language", "de"),
            ("to", "/u"),
            ("username", if administers { BYSTANDER } else { "alice" }),
            ("identifier", "alice"),
            ("email", "mallory@example.test"),
            ("password", PASSWORD),
            ("current_password", PASSWORD),
            ("new_password", "mallory was in this house 77"),
            ("code", &self.code),
            ("token", "no-such-token"),
            ("user_code", "BCDF-GHJK"),
            ("grant_type", "authorization_code"),
            ("code_verifier", VERIFIER),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    /// The names of all fields.
    pub fn names() -> Vec<String> {
        let fields = Self::default().fields("");
        fields.into_iter().map(|(name, _)| name).collect()
    }

    /// A route's path with something in every hole.
    pub fn path(&self, route: &str) -> String {
        let holes = [
            ("{client}", "app"),
            ("{kind}", "totp"),
            ("{credential}", &self.credential),
            ("{hash}", "0"),
            ("{name}", "app.css"),
        ];
        holes.iter().fold(route.to_owned(), |path, (hole, filling)| path.replace(hole, filling))
    }
}

/// A route's path with something in every hole that nobody has.
pub fn concrete(route: &str) -> String {
    Known::default().path(route)
}
