//! What a browser loads when its user has signed out (OpenID Connect Front-Channel Logout 1.0).

use url::{Origin, Url};
use vestibule_domain::Client;

/// How long the origins of one page may be in all, in bytes: they stand in a header of the answer, and proxies hold few bytes
/// of those.
const MOST_ORIGINS: usize = 2048;

/// How many addresses one page loads.
const MOST_ADDRESSES: usize = 32;

/// The addresses that are loaded in hidden frames, and whose they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogoutFrames {
    /// In the order of the applications.
    pub addresses: Vec<String>,
    /// Each origin once, such as `https://app.example`: only these may be framed.
    pub origins: Vec<String>,
    /// How many applications there was no room for.
    pub left_out: usize,
}

impl LogoutFrames {
    /// For the applications of a session. Each address is given the issuer and the session (§3), whether the application asks for
    /// it or not; `sid` is how an application knows the session.
    pub fn of<'a>(
        clients: impl IntoIterator<Item = &'a Client>,
        issuer: &str,
        sid: impl Fn(&Client) -> String,
    ) -> Self {
        let mut frames = Self::default();
        let mut room = MOST_ORIGINS;
        for client in clients {
            let uri = client.logout.frontchannel_logout_uri.as_deref().and_then(|uri| Url::parse(uri).ok());
            let Some(mut url) = uri else { continue };
            let Origin::Tuple(..) = url.origin() else { continue };
            let origin = url.origin().ascii_serialization();
            let known = frames.origins.contains(&origin);
            let left = if known { Some(room) } else { room.checked_sub(origin.len() + 1) };
            let Some(left) = left.filter(|_| frames.addresses.len() < MOST_ADDRESSES) else {
                frames.left_out += 1;
                continue;
            };
            room = left;
            url.query_pairs_mut().append_pair("iss", issuer).append_pair("sid", &sid(client));
            frames.addresses.push(url.into());
            if !known {
                frames.origins.push(origin);
            }
        }
        frames
    }
}
