//! The application against a tiny issuer on loopback.

use std::collections::HashMap;
use std::sync::Mutex;

use axum::Json;
use axum::extract::Form;
use axum::http::HeaderValue;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;

const STEP_UP: &str = "urn:vestibule:acr:mfa";
/// An Ed25519 key made for this test: PKCS #8, and its public half.
const TEST_KEY_PKCS8: &str = "MC4CAQAwBQYDK2VwBCIEIGuJ8zXqP8qdLzjAE8wmpq5rejlnN5IkrPjhnowB4Emw";
const TEST_KEY_PUBLIC: &str = "QuNhpKJDmU4gAdnebd7mehBUldBSKxuLU4GDgi-4WqU";

/// What the issuer will say next.
#[derive(Default)]
struct Script {
    nonce: String,
    acr: Option<String>,
    age: i64,
    typ: Option<String>,
    issuer_in_token: Option<String>,
}

struct Issuer {
    url: String,
    script: Mutex<Script>,
}

impl Issuer {
    fn set(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap());
    }
}

fn key() -> EncodingKey {
    use base64::engine::general_purpose::STANDARD;
    EncodingKey::from_ed_der(&STANDARD.decode(TEST_KEY_PKCS8).unwrap())
}

fn signed(typ: &str, claims: &Value) -> String {
    let header =
        Header { typ: Some(typ.to_owned()), kid: Some("k".to_owned()), ..Header::new(Algorithm::EdDSA) };
    encode(&header, claims, &key()).unwrap()
}

async fn token(State(issuer): State<Arc<Issuer>>, Form(form): Form<HashMap<String, String>>) -> Json<Value> {
    let script = issuer.script.lock().unwrap();
    let refresh = form["grant_type"] == "refresh_token";
    assert!(refresh || form["code_verifier"].len() >= 43, "PKCE is used");
    let iat = api::now();
    let common = json!({ "iss": script.issuer_in_token.as_ref().unwrap_or(&issuer.url), "sub": "user-1",
        "iat": iat, "exp": iat + 300, "auth_time": iat - script.age, "acr": script.acr });
    let mut access = common.clone();
    access["aud"] = json!(issuer.url);
    access["client_id"] = json!("demo-app");
    let mut id = common;
    id["aud"] = json!("demo-app");
    id["amr"] = json!(["pwd", "<b>"]);
    id["sid"] = json!("session-1");
    if !refresh {
        id["nonce"] = json!(script.nonce);
    }
    Json(
        json!({ "token_type": "Bearer", "expires_in": 300, "refresh_token": "r", "id_token": signed("JWT", &id),
        "access_token": signed(script.typ.as_deref().unwrap_or("at+jwt"), &access) }),
    )
}

async fn discovery(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", issuer.url);
    Json(json!({ "issuer": issuer.url, "authorization_endpoint": at("/auth"), "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"), "userinfo_endpoint": at("/me"), "end_session_endpoint": at("/session/end"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["EdDSA"],
        "authorization_response_iss_parameter_supported": true }))
}

async fn me() -> Json<Value> {
    Json(json!({ "sub": "user-1", "name": "Ada <b>Moreau</b>" }))
}

async fn jwks() -> Json<Value> {
    Json(json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "k", "use": "sig", "alg": "EdDSA",
        "x": TEST_KEY_PUBLIC }] }))
}

struct Setup {
    issuer: Arc<Issuer>,
    base: String,
    browser: reqwest::Client,
}

async fn setup() -> Setup {
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/oidc", socket.local_addr().unwrap());
    let issuer = Arc::new(Issuer { url: url.clone(), script: Mutex::default() });
    let routes = Router::new()
        .route("/oidc/.well-known/openid-configuration", get(discovery))
        .route("/oidc/jwks", get(jwks))
        .route("/oidc/me", get(me))
        .route("/oidc/token", post(token))
        .with_state(Arc::clone(&issuer));
    tokio::spawn(async move { axum::serve(socket, routes).await });

    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", socket.local_addr().unwrap());
    let settings = Settings {
        issuer: url,
        client_id: "demo-app".to_owned(),
        client_secret: Some("secret".to_owned()),
        base_url: base.clone(),
        acr_step_up: STEP_UP.to_owned(),
        account_url: None,
    };
    let app = router(settings).unwrap();
    tokio::spawn(async move { axum::serve(socket, app).await });
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .cookie_store(true)
        .tls_certs_only([])
        .build()
        .unwrap();
    Setup { issuer, base, browser }
}

impl Setup {
    /// Presses a button; gives the parameters that the provider is sent.
    async fn press(&self, path: &str) -> HashMap<String, String> {
        let response = self.browser.post(format!("{}{path}", self.base)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
        let location = response.headers()["location"].to_str().unwrap();
        let url = url::Url::parse(location).unwrap_or_else(|_| panic!("{path} leads to {location}"));
        let parameters: HashMap<String, String> = url.query_pairs().into_owned().collect();
        if let Some(nonce) = parameters.get("nonce") {
            self.issuer.set(|script| script.nonce = nonce.clone());
        }
        parameters
    }

    /// Comes back from the provider; gives status and page (after the redirect to `/`, if there is one).
    async fn come_back(&self, query: &[(&str, &str)]) -> (StatusCode, String) {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let response = self.browser.get(format!("{}/callback?{query}", self.base)).send().await.unwrap();
        let status = response.status();
        if status == StatusCode::SEE_OTHER {
            return (status, self.home().await);
        }
        (status, response.text().await.unwrap())
    }

    async fn home(&self) -> String {
        self.browser.get(format!("{}/", self.base)).send().await.unwrap().text().await.unwrap()
    }

    async fn round(&self, path: &str) -> (StatusCode, String) {
        let asked = self.press(path).await;
        self.come_back(&[("code", "c"), ("state", &asked["state"]), ("iss", &self.issuer.url)]).await
    }
}

#[tokio::test]
async fn a_sign_in_shows_what_the_token_says() {
    let setup = setup().await;
    setup.issuer.set(|script| script.acr = Some("urn:vestibule:acr:1fa".to_owned()));
    let asked = setup.press("/sign-in").await;
    assert_eq!(asked["scope"], "openid profile email offline_access");
    assert_eq!((asked["code_challenge_method"].as_str(), asked["response_type"].as_str()), ("S256", "code"));
    let back = [("code", "c"), ("state", asked["state"].as_str()), ("iss", setup.issuer.url.as_str())];
    let (status, page) = setup.come_back(&back).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(page.contains("id=\"claim-acr\"><code class=\"value\">urn:vestibule:acr:1fa</code>"), "{page}");
    assert!(page.contains("One factor") && page.contains("just now") && page.contains("pwd: password"));
    assert!(page.contains("&lt;b&gt;") && !page.contains("<b>"), "claims are escaped");
    assert!(page.contains("<h1>Hello, Ada &lt;b&gt;Moreau"), "the person is called by name");
    for id in [
        "claim-amr",
        "claim-auth-time",
        "claim-sub",
        "claim-sid",
        "step-up",
        "call-api",
        "refresh",
        "sign-out",
    ] {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    // The same answer again is of no use.
    let (status, page) = setup.come_back(&back).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("state_mismatch"));
}

#[tokio::test]
async fn a_wrong_state_or_issuer_is_refused() {
    let setup = setup().await;
    let iss = setup.issuer.url.clone();
    for (state, issuer, code) in [
        (Some("made-up"), Some(iss.as_str()), "state_mismatch"),
        (Some(""), Some(iss.as_str()), "state_mismatch"),
        (None, Some("https://evil.example"), "issuer_mismatch"),
        (None, None, "issuer_mismatch"),
    ] {
        let asked = setup.press("/sign-in").await;
        let mut query = vec![("code", "c"), ("state", state.unwrap_or(&asked["state"]))];
        query.extend(issuer.map(|issuer| ("iss", issuer)));
        let (status, page) = setup.come_back(&query).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{code}");
        assert!(page.contains(&format!("<code id=\"oauth-error\">{code}</code>")), "{code}: {page}");
        assert!(setup.home().await.contains("id=\"sign-in-mfa\""), "nobody is signed in");
    }
    // Another browser's state is no better than a made-up one.
    let asked = setup.press("/sign-in").await;
    let url = format!("{}/callback?code=c&state={}&iss={iss}", setup.base, asked["state"]);
    let stranger = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
    assert!(stranger.get(url).send().await.unwrap().text().await.unwrap().contains("state_mismatch"));
}

#[tokio::test]
async fn a_token_that_does_not_hold_signs_nobody_in() {
    let setup = setup().await;
    setup.issuer.set(|script| script.issuer_in_token = Some("https://evil.example".to_owned()));
    assert!(setup.round("/sign-in").await.1.contains("id_token_refused"));
    setup.issuer.set(|script| script.issuer_in_token = None);

    let asked = setup.press("/sign-in").await;
    setup.issuer.set(|script| script.nonce = "another".to_owned());
    let iss = setup.issuer.url.as_str();
    let (_, page) = setup.come_back(&[("code", "c"), ("state", &asked["state"]), ("iss", iss)]).await;
    assert!(page.contains("id_token_refused"));
    assert!(setup.home().await.contains("id=\"sign-in-mfa\""));
}

#[tokio::test]
async fn an_essential_acr_is_demanded_and_checked() {
    let setup = setup().await;
    setup.issuer.set(|script| script.acr = Some("urn:vestibule:acr:1fa".to_owned()));
    let asked = setup.press("/sign-in-mfa").await;
    let claims: Value = serde_json::from_str(&asked["claims"]).unwrap();
    assert_eq!(claims, json!({ "id_token": { "acr": { "essential": true, "values": [STEP_UP] } } }));
    let iss = setup.issuer.url.as_str();
    let (_, page) = setup.come_back(&[("code", "c"), ("state", &asked["state"]), ("iss", iss)]).await;
    assert!(page.contains("id_token_refused") && page.contains("was required"), "{page}");

    setup.issuer.set(|script| script.acr = Some(STEP_UP.to_owned()));
    assert!(setup.round("/sign-in-mfa").await.1.contains("Two different factors"));
    assert_eq!(setup.press("/step-up").await["acr_values"], STEP_UP);
    assert_eq!(setup.press("/sign-in-silent").await["prompt"], "none");
}

#[tokio::test]
async fn an_oauth_error_is_told_with_what_to_do() {
    let setup = setup().await;
    let asked = setup.press("/sign-in-mfa").await;
    let query = [
        ("error", "unmet_authentication_requirements"),
        ("error_description", "<i>no factor</i>"),
        ("state", asked["state"].as_str()),
        ("iss", setup.issuer.url.as_str()),
    ];
    let (_, page) = setup.come_back(&query).await;
    assert!(page.contains("<code id=\"oauth-error\">unmet_authentication_requirements</code>"));
    assert!(page.contains("&lt;i&gt;no factor") && page.contains("Add a second factor in your account"));
}

#[tokio::test]
async fn the_api_is_called_again_after_the_step_up_it_asked_for() {
    let setup = setup().await;
    setup.issuer.set(|script| script.acr = Some("urn:vestibule:acr:1fa".to_owned()));
    setup.round("/sign-in").await;
    let asked = setup.press("/call-api").await;
    let better = "urn:vestibule:acr:mfa urn:vestibule:acr:phr urn:vestibule:acr:phrh";
    assert_eq!((asked["acr_values"].as_str(), asked["max_age"].as_str()), (better, "300"));
    setup.issuer.set(|script| script.acr = Some(STEP_UP.to_owned()));
    let iss = setup.issuer.url.as_str();
    let (_, page) = setup.come_back(&[("code", "c"), ("state", &asked["state"]), ("iss", iss)]).await;
    let result = page.split("id=\"api-result\"").nth(1).unwrap();
    let order =
        ["401 Unauthorized", "insufficient_user_authentication", "The API asks for", "200 OK", "transferred"];
    let mut rest = result;
    for part in order {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("no {part} in {result}")).1;
    }

    // A provider that does not step up leads to no loop.
    setup.issuer.set(|script| script.acr = None);
    setup.round("/sign-in").await;
    let asked = setup.press("/call-api").await;
    let (_, page) = setup.come_back(&[("code", "c"), ("state", &asked["state"]), ("iss", iss)]).await;
    assert!(page.contains("Still not enough"), "{page}");
}

#[tokio::test]
async fn the_api_wants_a_fresh_access_token_of_the_issuer() {
    let setup = setup().await;
    let good = json!({ "iss": setup.issuer.url, "aud": setup.issuer.url, "client_id": "demo-app", "sub": "u",
        "exp": api::now() + 60, "auth_time": api::now(), "acr": STEP_UP });
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims
    };
    let tampered = {
        let token = signed("at+jwt", &with("acr", json!("urn:vestibule:acr:1fa")));
        let parts: Vec<&str> = token.split('.').collect();
        format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(good.to_string()), parts[2])
    };
    let unsigned = {
        let header = URL_SAFE_NO_PAD.encode("{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"k\"}");
        format!("{header}.{}.", URL_SAFE_NO_PAD.encode(good.to_string()))
    };
    for (token, status, challenge) in [
        (signed("at+jwt", &good), 200, ""),
        (signed("application/at+jwt", &good), 200, ""),
        (signed("JWT", &good), 401, "invalid_token"),
        (signed("at+jwt", &with("iss", json!("https://evil.example"))), 401, "invalid_token"),
        (signed("at+jwt", &with("aud", json!("demo-app"))), 401, "invalid_token"),
        (signed("at+jwt", &with("acr", json!("urn:vestibule:acr:phr"))), 200, ""),
        (signed("at+jwt", &with("exp", json!(api::now() - 180))), 401, "invalid_token"),
        (tampered, 401, "invalid_token"),
        (unsigned, 401, "invalid_token"),
        ("nonsense".to_owned(), 401, "invalid_token"),
        (signed("at+jwt", &with("acr", json!("x"))), 401, "insufficient_user_authentication"),
        (
            signed("at+jwt", &with("auth_time", json!(api::now() - 400))),
            401,
            "insufficient_user_authentication",
        ),
    ] {
        let request = setup.browser.post(format!("{}/api/transfer", setup.base)).bearer_auth(&token);
        let response = request.send().await.unwrap();
        let header =
            response.headers().get("www-authenticate").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(response.status().as_u16(), status, "{token} {header:?}");
        assert!(header.unwrap_or_default().contains(challenge), "{token}");
    }
    let bare = setup.browser.get(format!("{}/api/transfer", setup.base)).send().await.unwrap();
    assert_eq!(bare.headers()["www-authenticate"], format!("Bearer realm=\"{}\"", setup.issuer.url));
}

#[tokio::test]
async fn refresh_keeps_the_person_and_sign_out_ends_both_sessions() {
    let setup = setup().await;
    setup.round("/sign-in").await;
    let response = setup.browser.post(format!("{}/refresh", setup.base)).send().await.unwrap();
    assert_eq!(response.headers()["location"], "/");
    assert!(setup.home().await.contains("id=\"notice\""));

    let asked = setup.press("/sign-out").await;
    assert_eq!(asked["post_logout_redirect_uri"], format!("{}/signed-out", setup.base));
    assert_eq!(asked["id_token_hint"].split('.').count(), 3);
    let url = format!("{}/signed-out?state={}", setup.base, asked["state"]);
    let page = setup.browser.get(url).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("the provider ended its own"), "{page}");
    assert!(setup.home().await.contains("id=\"sign-in-mfa\""));
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_named_and_headers_are_strict() {
    let settings = Settings {
        issuer: "http://127.0.0.1:1/oidc".to_owned(),
        client_id: "x".to_owned(),
        client_secret: None,
        base_url: "http://127.0.0.1:8090/".to_owned(),
        acr_step_up: STEP_UP.to_owned(),
        account_url: None,
    };
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", socket.local_addr().unwrap());
    tokio::spawn(serve(settings, socket));
    // `serve` installs the TLS provider too, but may not have run yet.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let browser = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
    let response = browser.post(format!("{base}/sign-in")).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    assert!(response.text().await.unwrap().contains("provider_unreachable"));

    let home = browser.get(&base).send().await.unwrap();
    let policy = home.headers()["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self'")
            && policy.ends_with("'self' http://127.0.0.1:1")
    );
    assert_eq!(home.headers()["cache-control"], "no-store");

    for (name, value) in
        [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
    {
        let response = browser.post(format!("{base}/sign-in")).header(name, value).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
}

#[test]
fn forms_of_our_own_pages_are_known() {
    let own = "http://127.0.0.1:8090";
    for (name, value, fits) in [
        ("origin", own, true),
        ("origin", "http://127.0.0.1:8091", false),
        ("origin", "null", false),
        ("sec-fetch-site", "same-origin", true),
        ("sec-fetch-site", "same-site", false),
        ("sec-fetch-site", "none", false),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(axum::http::HeaderName::from_static(name), HeaderValue::from_static(value));
        assert_eq!(comes_from(&headers, own), fits, "{name}: {value}");
    }
}

#[test]
fn escape_leaves_no_way_out_of_text_or_attribute() {
    assert_eq!(pages::escape("<a href=\"x\">'&amp;"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;");
    assert_eq!(pages::escape("plain ünï"), "plain ünï");
}
