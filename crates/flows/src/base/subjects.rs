//! How applications know users and sessions (OIDC Core §8.1): by identifiers that are the same everywhere, or by those of their
//! sector.
//!
//! The latter are a MAC under a secret of the pool. It is drawn when the first application needs it, sealed like the pool's
//! signing keys, and never changes: with another one every application would take every user for a stranger.

use crate::base::failure::Failure;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use vestibule_domain::{Client, PoolId, Sector, SessionId, UserId};
use vestibule_seal::{AssociatedData, hmac_sha256};
use zeroize::Zeroizing;

/// What the secret is stored as.
pub(crate) const PURPOSE: &str = "pairwise-subjects";

/// How long it is, in bytes.
pub(crate) const SECRET_BYTES: usize = 32;

/// What the sealed secret is bound to.
pub(crate) fn subject_secret_ad(pool: PoolId) -> AssociatedData {
    AssociatedData::new(PURPOSE).with(pool.as_bytes())
}

/// The identifiers of a pool's users and sessions. Without `Debug`: it holds the secret.
pub(crate) struct Subjects(Option<Zeroizing<Vec<u8>>>);

impl Subjects {
    /// With the secret, where any application needs it.
    pub(crate) const fn new(secret: Option<Zeroizing<Vec<u8>>>) -> Self {
        Self(secret)
    }

    /// The user, as the application knows them.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the secret is missing.
    pub(crate) fn of_user(&self, client: &Client, user: UserId) -> Result<String, Failure> {
        match client.sector() {
            None => Ok(user.to_string()),
            Some(sector) => self.in_sector(&sector, user),
        }
    }

    /// The user, as a sector knows them.
    ///
    /// # Errors
    /// As for [`Subjects::of_user`].
    pub(crate) fn in_sector(&self, sector: &Sector, user: UserId) -> Result<String, Failure> {
        self.derive("sub", user.as_uuid().as_bytes(), sector)
    }

    /// The session, as the application knows it: a session has many applications, which could tell each other of it.
    ///
    /// # Errors
    /// As for [`Subjects::of_user`].
    pub(crate) fn of_session(&self, client: &Client, session: SessionId) -> Result<String, Failure> {
        match client.sector() {
            None => Ok(session.to_string()),
            Some(sector) => self.derive("sid", session.as_uuid().as_bytes(), &sector),
        }
    }

    fn derive(&self, what: &str, id: &[u8; 16], sector: &Sector) -> Result<String, Failure> {
        let missing = || Failure::internal("the secret of pairwise identifiers is missing");
        let secret = self.0.as_ref().ok_or_else(missing)?;
        let (kind, name) = match sector {
            Sector::Host(host) => ("host", host),
            Sector::Application(id) => ("application", id),
        };
        // The name alone has no fixed form, and it is last: no two meanings have the same bytes.
        let data = [what.as_bytes(), id, kind.as_bytes(), b"\0", name.as_bytes()].concat();
        Ok(URL_SAFE_NO_PAD.encode(hmac_sha256(secret, &data)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_domain::{ClientKind, SubjectType};

    fn pairwise(id: &str, host: &str) -> Client {
        Client {
            subject_type: SubjectType::Pairwise,
            redirect_uris: vec![format!("https://{host}/cb")],
            ..Client::new(id, ClientKind::Public)
        }
    }

    #[test]
    fn a_sector_has_names_of_its_own() {
        let subjects = Subjects::new(Some(Zeroizing::new(vec![1; SECRET_BYTES])));
        let (alice, bob) = (UserId::from_uuid(uuid(1)), UserId::from_uuid(uuid(2)));
        let (one, same, other) =
            (pairwise("one", "a.example"), pairwise("same", "a.example"), pairwise("other", "b.example"));
        let of = |client: &Client, user| subjects.of_user(client, user).unwrap();
        assert_eq!(of(&one, alice), of(&same, alice));
        assert_ne!(of(&one, alice), of(&other, alice));
        assert_ne!(of(&one, alice), of(&one, bob));
        assert_eq!(of(&one, alice).len(), 43);
        let session = SessionId::from_uuid(uuid(1));
        assert_ne!(subjects.of_session(&one, session).unwrap(), of(&one, alice));
        // An application may have any name; it is no host by that.
        let homeless = Client { redirect_uris: Vec::new(), ..pairwise("a.example", "") };
        assert_ne!(of(&homeless, alice), of(&one, alice));
        let public = Client::new("public", ClientKind::Public);
        assert_eq!(of(&public, alice), alice.to_string());
        let second = Subjects::new(Some(Zeroizing::new(vec![2; SECRET_BYTES])));
        assert_ne!(second.of_user(&one, alice).unwrap(), of(&one, alice));
        assert!(Subjects::new(None).of_user(&one, alice).is_err());
    }

    fn uuid(byte: u8) -> uuid::Uuid {
        uuid::Uuid::from_bytes([byte; 16])
    }
}
