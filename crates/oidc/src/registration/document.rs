//! An application that is known by the document that describes it (draft-ietf-oauth-client-id-metadata-document): its
//! `client_id` is the address of that document.

use super::asked::{Asked, Speaker, bad, described, text};
use crate::OAuthError;
use url::{Host, Url};
use vestibule_domain::{ClientRegistration, Origin};
use vestibule_jose::unique_object;

/// The longest `client_id` of this kind, in bytes.
const LONGEST: usize = 255;

/// What no document says: it is public, and a secret in it would be none.
const SECRETS: [&str; 2] = ["client_secret", "client_secret_expires_at"];

/// A `client_id` that is the address of a document, in the one spelling that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentUrl {
    text: String,
    host: String,
}

impl DocumentUrl {
    /// Reads a `client_id`. Nothing where it is no such address: `https`, with a path, and without user, fragment or dots as
    /// segments. On a loopback address `http` does as well, for development; whether that is asked is up to the pool.
    pub fn of(client_id: &str) -> Option<Self> {
        let url = Url::parse(client_id).ok()?;
        let loopback = match url.host()? {
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
            Host::Domain(_) => false,
        };
        let scheme = url.scheme() == "https" || (url.scheme() == "http" && loopback);
        // Dot segments, capital hosts, default ports, a lone slash left out: whatever has two spellings is refused.
        let exact = url.as_str() == client_id && client_id.len() <= LONGEST;
        let bare = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
        // Libraries disagree how these two travel in the Authorization header: no client_id has them.
        let plain = !client_id.contains(['+', '%']);
        let path = url.path() != "/";
        let host = url.host_str()?.trim_end_matches('.').to_owned();
        (scheme && exact && bare && plain && path).then(|| Self { text: client_id.to_owned(), host })
    }

    /// The address, which is the `client_id`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host that describes the application.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Reads the document, as far as the pool lets applications register. It is written for all servers of the world, so that
    /// grants and scopes beyond are left out. No address of it may be one of `providers`, the pools that are served here.
    ///
    /// # Errors
    /// `invalid_client_metadata` or `invalid_redirect_uri`.
    pub fn read(
        &self,
        body: &str,
        rules: &ClientRegistration,
        providers: &[Origin],
    ) -> Result<Asked, OAuthError> {
        let members =
            unique_object(body).ok_or_else(|| bad("it is not a JSON object with unique members"))?;
        if text(&members, "client_id")? != Some(self.as_str()) {
            return Err(bad("its client_id is not its address"));
        }
        if SECRETS.iter().any(|name| members.contains_key(*name)) {
            return Err(bad("a document has no secret"));
        }
        let speaker = Speaker::Document { host: &self.host };
        let asked = described(members, rules, providers, speaker)?;
        if asked.client.needs_secret() {
            return Err(bad("token_endpoint_auth_method is none or private_key_jwt"));
        }
        Ok(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_domain::{ClientAuthMethod, GrantType};

    #[test]
    fn only_the_one_spelling_of_an_address_with_a_path_is_a_document() {
        let long = format!("https://a.example/{}", "x".repeat(238));
        for good in [
            "https://a.example/app.json",
            "https://a.example:8443/a/b",
            "http://127.0.0.1:9/app",
            "https://a.example/app?v=2",
        ] {
            assert_eq!(DocumentUrl::of(good).map(|url| url.as_str().to_owned()).as_deref(), Some(good));
        }
        for bad in [
            "app",
            "https://a.example",
            "https://a.example/",
            "http://a.example/app",
            "http://localhost/app",
            "https://A.example/app",
            "https://a.example:443/app",
            "https://a.example/x/../app",
            "https://a.example/x/%2e%2e/app",
            "https://a.example/%61pp",
            "https://a.example/a+b",
            "https://a.example/app#x",
            "https://user@a.example/app",
            "https://:word@a.example/app",
            " https://a.example/app",
            "https://a.example\\app",
            "ftp://a.example/app",
            "urn:a:b",
            &long,
        ] {
            assert_eq!(DocumentUrl::of(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_document_is_about_itself_has_no_secret_and_takes_what_it_can_get() {
        let url = DocumentUrl::of("https://a.example/app").unwrap();
        let rules = ClientRegistration::default();
        let read = |more: &str| {
            let body = format!(
                r#"{{"client_id":"https://a.example/app","redirect_uris":["https://a.example/cb"]{more}}}"#
            );
            url.read(&body, &rules, &[])
        };
        let plain = read("").unwrap().client;
        assert_eq!((plain.auth_method, plain.name.as_str()), (Some(ClientAuthMethod::None), "a.example"));
        let wide = read(
            r#","grant_types":["authorization_code","urn:x","client_credentials"],"response_types":["code","token"]"#,
        );
        assert_eq!(wide.unwrap().client.grants, [GrantType::AuthorizationCode]);
        for more in [
            r#","client_secret":"x""#,
            r#","client_secret_expires_at":0"#,
            r#","token_endpoint_auth_method":"client_secret_basic""#,
            r#","token_endpoint_auth_method":"private_key_jwt""#,
            r#","grant_types":["client_credentials"]"#,
            r#","response_types":["token"]"#,
            r#","client_id":"https://a.example/app""#,
        ] {
            assert!(read(more).is_err(), "{more}");
        }
        for id in ["https://a.example/other", "https://a.example/app/", ""] {
            let body = format!(r#"{{"client_id":"{id}","redirect_uris":["https://a.example/cb"]}}"#);
            assert!(url.read(&body, &rules, &[]).is_err(), "{id}");
        }
    }
}
