//! What an application is told about its registration (RFC 7591 §3.2.1).

use super::asked::STRICT;
use serde_json::{Map, Value, json};
use vestibule_domain::Client;

/// Everything that is registered of an application, without its secret and its token.
pub fn metadata_of(client: &Client) -> Map<String, Value> {
    let mut told = Map::new();
    let mut put = |name: &str, value: Value| {
        told.insert(name.to_owned(), value);
    };
    put("client_id", json!(client.id));
    put("client_name", json!(client.name));
    put("redirect_uris", json!(client.redirect_uris));
    put("grant_types", json!(client.grants));
    put("response_types", json!(["code"]));
    put("scope", json!(client.scopes.join(" ")));
    put("subject_type", json!(client.subject_type));
    let (logout, answers) = (&client.logout, &client.answers);
    let present = [
        ("token_endpoint_auth_method", json!(client.auth_method)),
        ("sector_identifier_uri", json!(client.sector_identifier_uri)),
        ("jwks", json!(client.jwks)),
        ("jwks_uri", json!(client.jwks_uri)),
        ("id_token_signed_response_alg", json!(client.id_token_alg)),
        ("userinfo_signed_response_alg", json!(answers.userinfo_signed_response_alg)),
        ("id_token_encrypted_response_alg", json!(answers.id_token_encrypted_response_alg)),
        ("id_token_encrypted_response_enc", json!(answers.id_token_encrypted_response_enc)),
        ("userinfo_encrypted_response_alg", json!(answers.userinfo_encrypted_response_alg)),
        ("userinfo_encrypted_response_enc", json!(answers.userinfo_encrypted_response_enc)),
        ("default_max_age", json!(client.default_max_age)),
        ("backchannel_logout_uri", json!(logout.backchannel_logout_uri)),
        ("frontchannel_logout_uri", json!(logout.frontchannel_logout_uri)),
    ];
    present.into_iter().filter(|(_, value)| !value.is_null()).for_each(|(name, value)| put(name, value));
    for (name, uris) in [
        ("post_logout_redirect_uris", &client.post_logout_redirect_uris),
        ("request_uris", &client.request_uris),
    ] {
        if !uris.is_empty() {
            put(name, json!(uris));
        }
    }
    let flags = [
        ("backchannel_logout_session_required", logout.backchannel_logout_session_required),
        ("frontchannel_logout_session_required", logout.frontchannel_logout_session_required),
    ];
    let strict = STRICT.into_iter().map(|(name, rule)| (name, client.is_strict(rule)));
    flags.into_iter().chain(strict).filter(|(_, on)| *on).for_each(|(name, _)| put(name, json!(true)));
    if let Value::Object(tls) = json!(client.tls) {
        tls.into_iter().for_each(|(name, value)| put(&name, value));
    }
    if let Some(registered) = &client.registered {
        put("client_id_issued_at", json!(registered.at));
        registered.metadata.iter().for_each(|(name, value)| put(name, value.clone()));
    }
    told
}
