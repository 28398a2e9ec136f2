//! What the profiles of FAPI 2.0 change about what is signed, by either side.

use serde_json::{Value, json};
use vestibule_domain::Profile;
use vestibule_tests::Setup;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_metadata_promise_what_a_pool_of_a_profile_takes() {
    let server = Setup::default().start().await;
    let metadata = async || -> Value {
        let page = server.browser().send("GET", "/oidc/.well-known/openid-configuration", None).await;
        serde_json::from_str(&page.body).unwrap()
    };
    let lists = [
        "token_endpoint_auth_signing_alg_values_supported",
        "introspection_endpoint_auth_signing_alg_values_supported",
        "revocation_endpoint_auth_signing_alg_values_supported",
        "request_object_signing_alg_values_supported",
        "dpop_signing_alg_values_supported",
        "authorization_signing_alg_values_supported",
        "introspection_signing_alg_values_supported",
    ];
    let methods = [
        "token_endpoint_auth_methods_supported",
        "introspection_endpoint_auth_methods_supported",
        "revocation_endpoint_auth_methods_supported",
    ];
    let before = metadata().await;
    server.rule(|settings| settings.tokens.profile = Some(Profile::Fapi2MessageSigning)).await;
    let after = metadata().await;
    let has = |document: &Value, name: &str, value: &str| {
        document[name].as_array().unwrap().contains(&json!(value))
    };
    for name in lists {
        assert!(has(&before, name, "RS256") && !has(&after, name, "RS256"), "{name} {after}");
        assert!(has(&after, name, "ES256"), "{name} {after}");
    }
    for name in methods {
        assert!(has(&before, name, "client_secret_basic") && has(&before, name, "client_secret_post"));
        assert_eq!(after[name], json!(["private_key_jwt"]), "{name}");
    }
    let modes = "response_modes_supported";
    assert_eq!(before[modes].as_array().unwrap().len(), 5);
    assert_eq!(after[modes], json!(["query.jwt", "form_post.jwt", "jwt"]));
    // OIDC Discovery §3 asks for it there.
    assert!(has(&after, "id_token_signing_alg_values_supported", "RS256"));
    assert_eq!(after["require_pushed_authorization_requests"], true);
    assert_eq!(after["require_signed_request_object"], true);
}
