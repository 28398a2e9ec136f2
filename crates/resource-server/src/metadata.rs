//! What an API says of itself, so that clients that know only its address find the provider (RFC 9728).

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use axum::routing::get;
use serde_json::{Map, Value, json};
use url::Url;

/// Below the host of an API and before its path (RFC 9728 §3).
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// How long clients may keep it.
const MAX_AGE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// What an API tells besides its issuer and what its settings say (RFC 9728 §2).
#[derive(Clone, Copy, Debug, Default)]
pub struct Description<'a> {
    /// Its name for people.
    pub name: Option<&'a str>,
    /// The scopes that clients ask for.
    pub scopes: &'a [&'a str],
    /// Where developers read about it.
    pub documentation: Option<&'a str>,
}

impl Description<'_> {
    pub(crate) fn members(self) -> Map<String, Value> {
        let scopes = (!self.scopes.is_empty()).then(|| ("scopes_supported", json!(self.scopes)));
        let texts = [("resource_name", self.name), ("resource_documentation", self.documentation)];
        let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text?.into())));
        texts.chain(scopes).map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// The metadata of an API.
pub(crate) struct Metadata {
    /// Where it is: what challenges name.
    pub(crate) url: String,
    path: String,
    document: String,
}

/// What of the settings of an API stands in its metadata.
pub(crate) struct Told<'a> {
    pub(crate) audience: &'a str,
    pub(crate) issuer: &'a str,
    /// The algorithms of proofs, where they are accepted.
    pub(crate) dpop_algs: Option<Vec<&'static str>>,
    pub(crate) dpop_only: bool,
}

impl Metadata {
    /// Nothing where the audience is no identifier of a resource (RFC 9728 §1.2): an address without fragment.
    pub(crate) fn of(mut document: Map<String, Value>, told: Told<'_>) -> Option<Self> {
        let resource = Url::parse(told.audience).ok()?;
        let fits = matches!(resource.scheme(), "https" | "http")
            && resource.has_host()
            && resource.fragment().is_none()
            && resource.username().is_empty()
            && resource.password().is_none();
        if !fits {
            return None;
        }
        // RFC 9728 §3.1: a slash at the end of an address without a path goes.
        let path = format!("{WELL_KNOWN}{}", resource.path().trim_end_matches('/'));
        let query = resource.query().map(|query| format!("?{query}")).unwrap_or_default();
        let url = format!("{}{path}{query}", resource.origin().ascii_serialization());
        document.insert("resource".to_owned(), told.audience.into());
        document.insert("authorization_servers".to_owned(), json!([told.issuer]));
        document.insert("bearer_methods_supported".to_owned(), json!(["header"]));
        if let Some(algs) = told.dpop_algs {
            document.insert("dpop_signing_alg_values_supported".to_owned(), json!(algs));
            document.insert("dpop_bound_access_tokens_required".to_owned(), told.dpop_only.into());
        }
        Some(Self { url, path, document: Value::Object(document).to_string() })
    }

    /// The route of the document.
    pub(crate) fn router<S: Clone + Send + Sync + 'static>(self: &Arc<Self>) -> Router<S> {
        let metadata = Arc::clone(self);
        let answer = move || {
            let metadata = Arc::clone(&metadata);
            async move {
                let headers = [
                    (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
                    (header::CACHE_CONTROL, MAX_AGE),
                    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
                ];
                (headers, metadata.document.clone()).into_response()
            }
        };
        Router::new().route(&self.path, get(answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(audience: &str) -> Told<'_> {
        Told { audience, issuer: "https://login.example/oidc", dpop_algs: None, dpop_only: false }
    }

    #[test]
    fn the_well_known_part_stands_between_host_and_path() {
        for (audience, url) in [
            ("https://api.example", "https://api.example/.well-known/oauth-protected-resource"),
            ("https://api.example/", "https://api.example/.well-known/oauth-protected-resource"),
            (
                "https://api.example:8443/a/b",
                "https://api.example:8443/.well-known/oauth-protected-resource/a/b",
            ),
            ("https://api.example/a?v=1", "https://api.example/.well-known/oauth-protected-resource/a?v=1"),
        ] {
            assert_eq!(Metadata::of(Map::new(), told(audience)).unwrap().url, url);
        }
        for audience in
            ["orders", "urn:example:orders", "https://api.example/#x", "https://user@api.example/"]
        {
            assert!(Metadata::of(Map::new(), told(audience)).is_none(), "{audience}");
        }
    }
}
