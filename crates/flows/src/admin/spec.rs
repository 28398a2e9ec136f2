//! What an administrator declares. Plain values: reading files and arguments is the server's business.

use crate::base::key_sets::registered;
use vestibule_domain::{
    Client, Email, Origin, Pool, PoolSettings, User, UserProfile, Username, user::NameError,
};
use vestibule_jose::ForeignKeysError;
use zeroize::Zeroizing;

/// A pool as it is wanted. Applications and users that are not named stay as they are.
#[derive(Clone)]
pub struct PoolSpec {
    /// Whose it is.
    pub tenant: String,
    /// Its short name; says which pool is meant.
    pub slug: String,
    /// Shown to people.
    pub name: String,
    /// Where it lives.
    pub origin: Origin,
    /// What the tenant decided.
    pub settings: PoolSettings,
    /// Applications.
    pub clients: Vec<ClientSpec>,
    /// Users.
    pub users: Vec<UserSpec>,
}

impl PoolSpec {
    /// A declaration of the pool as it is, without applications and users.
    #[must_use]
    pub fn of(pool: &Pool) -> Self {
        Self {
            tenant: pool.tenant.clone(),
            slug: pool.slug.clone(),
            name: pool.name.clone(),
            origin: pool.origin.clone(),
            settings: pool.settings.clone(),
            clients: Vec::new(),
            users: Vec::new(),
        }
    }
}

/// An application as it is wanted.
#[derive(Clone)]
pub struct ClientSpec {
    /// Everything except the secret; a digest of one in here is ignored.
    pub client: Client,
    /// Its secret. A public application has none, whatever this says.
    pub secret: SecretSpec,
}

impl ClientSpec {
    /// Whether the keys of the application can be used, if it has some.
    ///
    /// # Errors
    /// Why not.
    pub fn check_keys(&self) -> Result<(), ForeignKeysError> {
        registered(&self.client).map_or(Ok(()), |keys| keys.map(|_| ()))
    }
}

/// Where the secret of an application comes from.
#[derive(Clone)]
pub enum SecretSpec {
    /// An existing one stays; where there is none, one is drawn and handed out once.
    Keep,
    /// This one.
    Given(Zeroizing<String>),
    /// The one with this SHA-256.
    Sha256([u8; 32]),
}

/// A user as wanted.
#[derive(Clone)]
pub struct UserSpec {
    /// Sign-in name; says which user is meant.
    pub username: Username,
    /// Address. Given to a new user only, unless `exact`: declaring another one for an existing user is an error.
    pub email: Option<Email>,
    /// Whether the address is known to be the user's. `false` never takes a verification away, unless `exact`.
    pub email_verified: bool,
    /// Display name; `None` leaves an existing one, unless `exact`.
    pub name: Option<String>,
    /// Language; `None` leaves an existing one, unless `exact`.
    pub locale: Option<String>,
    /// Groups.
    pub groups: Vec<String>,
    /// What applications are told beside; what is left out here stays, unless `exact`.
    pub profile: UserProfile,
    /// The profile that `profile` was made of, where `exact`: only what differs is changed, so that nobody undoes what the user
    /// writes meanwhile.
    pub seen: UserProfile,
    /// Given to a new user only.
    pub password: Option<Zeroizing<String>>,
    /// Whether an existing user becomes exactly as declared, address included, as an administrator asks who changes one
    /// user. A file is more careful: what it does not say stays.
    pub exact: bool,
}

impl UserSpec {
    /// A declaration of the user as they are.
    ///
    /// # Errors
    /// [`NameError`](vestibule_domain::user::NameError) when the stored name or address is none.
    pub fn of(user: &User) -> Result<Self, NameError> {
        Ok(Self {
            username: Username::parse(&user.username)?,
            email: user.email.as_deref().map(Email::parse).transpose()?,
            email_verified: user.email_verified,
            name: user.name.clone(),
            locale: user.locale.clone(),
            groups: user.groups.clone(),
            profile: user.profile.clone(),
            seen: user.profile.clone(),
            password: None,
            exact: true,
        })
    }
}
