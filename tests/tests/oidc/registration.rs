//! Applications that register by themselves (RFC 7591), and what they do with their registration (RFC 7592).

use crate::support::named;
use serde_json::{Value, json};
use vestibule_domain::{ClientAuthMethod, ClientKind, ClientRegistration, GrantType, RegistrationMode};
use vestibule_tests::{App, PASSWORD, Page, Server, Setup, on_every_engine};

const HERE: &str = "/oidc/register";

fn registering(mode: RegistrationMode) -> Setup {
    let mut setup = Setup::default();
    setup.settings.client_registration = ClientRegistration { mode, ..ClientRegistration::default() };
    setup
}

async fn open() -> Server {
    registering(RegistrationMode::Open).start().await
}

async fn initial(server: &Server) -> String {
    server.admin().registration_token("main", 3600).await.unwrap().token
}

async fn register(server: &Server, token: Option<&str>, metadata: &Value) -> Page {
    server.browser().json("POST", HERE, token, &metadata.to_string()).await
}

fn usual() -> Value {
    json!({ "client_name": "Notes", "redirect_uris": ["http://127.0.0.1:9/callback"],
        "grant_types": ["authorization_code", "refresh_token"] })
}

fn with(name: &str, value: Value) -> Value {
    let mut metadata = usual();
    metadata[name] = value;
    metadata
}

fn body(page: &Page) -> Value {
    serde_json::from_str(&page.body).unwrap()
}

fn error(page: &Page) -> String {
    body(page)["error"].as_str().unwrap_or_default().to_owned()
}

/// One that has just registered.
struct Own {
    told: Value,
}

impl Own {
    async fn new(server: &Server, metadata: &Value) -> Self {
        let page = register(server, None, metadata).await;
        assert_eq!(page.status, 201, "{}", page.body);
        assert_eq!(page.headers["cache-control"], "no-store");
        Self { told: body(&page) }
    }
    fn text(&self, name: &str) -> &str {
        self.told[name].as_str().unwrap()
    }
    async fn ask(&self, server: &Server, method: &str, sent: &str) -> Page {
        let token = self.text("registration_access_token");
        server.browser().json(method, self.text("registration_client_uri"), Some(token), sent).await
    }
    async fn put(&self, server: &Server, change: Value) -> Page {
        let mut metadata = usual();
        metadata["client_id"] = self.told["client_id"].clone();
        for (name, value) in change.as_object().unwrap() {
            metadata[name] = value.clone();
        }
        self.ask(server, "PUT", &metadata.to_string()).await
    }
    fn rp(&self, server: &Server) -> App {
        let mut rp = named(&server.rp(), self.text("client_id"));
        rp.secret = self.told["client_secret"].as_str().map(str::to_owned);
        rp
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_registers_and_signs_people_in_who_are_asked_until_they_agreed() {
    on_every_engine(|engine| async move {
        let mut setup = registering(RegistrationMode::Open);
        setup.engine = engine;
        let server = setup.start().await;
        let own = Own::new(&server, &usual()).await;
        assert_eq!(own.told["client_secret_expires_at"], 0);
        assert_eq!(own.told["token_endpoint_auth_method"], "client_secret_basic");
        assert_eq!(own.told["scope"], "email offline_access openid profile");
        assert_eq!(own.told["client_id_issued_at"], server.clock.seconds());
        let rp = own.rp(&server);
        let mut browser = server.browser();
        // Nobody is sent to a stranger's address who has not agreed to anything (RFC 9700 §4.11.2).
        let silent = [("prompt", "none")];
        let page = rp.authorize(&mut browser, &silent).await;
        assert!(!page.left && page.status == 400, "{}", page.url);
        let page = rp.authorize(&mut browser, &[("response_type", "token")]).await;
        assert!(!page.left && page.status == 400, "{}", page.url);
        let page = rp.authorize(&mut browser, &[]).await;
        let mut page = browser.log_in(&page, "alice", PASSWORD).await;
        for name in ["Notes", "Diary"] {
            assert!(page.body.contains(name), "{}", page.body);
            assert!(page.has_id("consent-allow") && page.has_id("consent-registered"), "{}", page.body);
            assert!(page.text("#consent-registered").contains("127.0.0.1"), "{}", page.body);
            let allowed = page.form_of("#consent-allow");
            page = browser.submit(allowed).await;
            let tokens = rp.exchange(&rp.callback(&page).code()).await;
            assert_eq!(tokens.status, 200, "{:?}", tokens.body);
            assert_eq!(rp.silent(&mut browser, &[]).await.error(), None, "she agreed");
            // Another name is another application to whoever agreed to the first.
            assert_eq!(own.put(&server, json!({ "client_name": "Diary" })).await.status, 200);
            page = rp.authorize(&mut browser, &[]).await;
            if name == "Diary" {
                assert!(page.left, "nothing was changed, so nobody is asked: {}", page.body);
            }
        }
        assert_eq!(server.audited("client-created", "done").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_with_a_scheme_of_its_own_gets_no_secret() {
    let server = open().await;
    // As oidc-agent describes itself.
    let mut native = usual();
    native["application_type"] = "web".into();
    native["redirect_uris"] = json!(["http://localhost:4242", "com.example.agent:/redirect"]);
    let own = Own::new(&server, &native).await;
    assert_eq!(own.told["token_endpoint_auth_method"], "none");
    assert!(own.told.get("client_secret").is_none() && own.told.get("client_secret_expires_at").is_none());
    let stored = server.admin().client_named("main", own.text("client_id")).await.unwrap();
    assert!(stored.kind == ClientKind::Public && stored.secret_sha256.is_none());
    // A secret that was there ends when such an address comes.
    let own = Own::new(&server, &usual()).await;
    let changed = body(&own.put(&server, json!({ "redirect_uris": ["com.example.agent:/redirect"] })).await);
    assert_eq!(changed["token_endpoint_auth_method"], "none");
    let stored = server.admin().client_named("main", own.text("client_id")).await.unwrap();
    assert!(stored.kind == ClientKind::Public && stored.secret_sha256.is_none());

    // Where the pool wants secrets, it is not registered at all.
    let mut setup = registering(RegistrationMode::Open);
    setup.settings.client_registration.auth_methods = [ClientAuthMethod::ClientSecretBasic].into();
    let page = register(&setup.start().await, None, &native).await;
    assert_eq!((page.status.as_u16(), error(&page).as_str()), (400, "invalid_client_metadata"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c37_registration_is_off_and_a_token_counts_once_here_and_in_time() {
    let off = Setup::default().start().await;
    assert_eq!(register(&off, None, &usual()).await.status, 404);
    assert!(
        body(&off.browser().get("/oidc/.well-known/openid-configuration").await)
            .get("registration_endpoint")
            .is_none()
    );

    let server = registering(RegistrationMode::Token).start().await;
    let metadata = body(&server.browser().get("/oidc/.well-known/openid-configuration").await);
    assert_eq!(metadata["registration_endpoint"], server.pool().origin.url(HERE));
    assert_eq!(register(&server, None, &usual()).await.status, 401);
    let token = initial(&server).await;
    let foreign = server.admin().registration_token("other", 3600).await.unwrap().token;
    for wrong in ["x", &foreign, &token[1..]] {
        let page = register(&server, Some(wrong), &usual()).await;
        assert_eq!((page.status.as_u16(), error(&page).as_str()), (401, "invalid_token"));
    }
    // What is wrong costs the token nothing; what is right spends it, also when it comes twice at once.
    assert_eq!(register(&server, Some(&token), &json!({})).await.status, 400);
    let metadata = usual();
    let both =
        tokio::join!(register(&server, Some(&token), &metadata), register(&server, Some(&token), &metadata));
    let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 401]);
    let late = initial(&server).await;
    server.clock.advance(3600);
    assert_eq!(register(&server, Some(&late), &usual()).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c37_metadata_that_contradicts_or_reaches_beyond_is_refused() {
    let server = registering(RegistrationMode::Token).start().await;
    let token = initial(&server).await;
    let own = server.pool().origin.url("/login");
    let private = json!({ "keys": [{ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "d": "AA" }] });
    let uris = |uri: &str| with("redirect_uris", json!([uri]));
    let mut private_with_secret = uris("com.example.app:/cb");
    private_with_secret["token_endpoint_auth_method"] = "client_secret_basic".into();
    let mut two = with("jwks", json!({ "keys": [] }));
    two["jwks_uri"] = "https://app.example/keys".into();
    for (metadata, expected) in [
        (uris("http://app.example/cb"), "invalid_redirect_uri"),
        (uris("https://app.example/cb#x"), "invalid_redirect_uri"),
        (uris("https://*.example/cb"), "invalid_redirect_uri"),
        (uris("https://user@app.example/cb"), "invalid_redirect_uri"),
        (uris("javascript:alert(1)"), "invalid_redirect_uri"),
        (private_with_secret, "invalid_redirect_uri"),
        (uris("app:/cb"), "invalid_redirect_uri"),
        (uris(&own), "invalid_redirect_uri"),
        (with("redirect_uris", json!([])), "invalid_redirect_uri"),
        (with("application_type", json!("desktop")), "invalid_client_metadata"),
        (with("redirect_uris", json!("https://app.example/cb")), "invalid_client_metadata"),
        (with("grant_types", json!(["client_credentials"])), "invalid_client_metadata"),
        (with("grant_types", json!(["authorization_code", "implicit"])), "invalid_client_metadata"),
        (with("grant_types", json!(["refresh_token"])), "invalid_client_metadata"),
        (with("response_types", json!(["code", "token"])), "invalid_client_metadata"),
        (with("subject_type", json!("secret")), "invalid_client_metadata"),
        (with("id_token_signed_response_alg", json!("none")), "invalid_client_metadata"),
        (with("id_token_encrypted_response_alg", json!("RSA-OAEP")), "invalid_client_metadata"),
        (with("token_endpoint_auth_method", json!("private_key_jwt")), "invalid_client_metadata"),
        (with("token_endpoint_auth_method", json!("tls_client_auth")), "invalid_client_metadata"),
        (with("jwks", private), "invalid_client_metadata"),
        (two, "invalid_client_metadata"),
        (with("jwks_uri", json!("http://app.example/keys")), "invalid_client_metadata"),
        (with("logo_uri", json!("javascript:alert(1)")), "invalid_client_metadata"),
        (with("client_name", json!("a\u{202e}b")), "invalid_client_metadata"),
        (with("default_max_age", json!(-1)), "invalid_client_metadata"),
        (with("dpop_bound_access_tokens", json!("true")), "invalid_client_metadata"),
        (with("software_statement", json!("e30.e30.e30")), "unapproved_software_statement"),
        (with("software_statement", json!({})), "invalid_software_statement"),
    ] {
        let page = register(&server, Some(&token), &metadata).await;
        assert_eq!((page.status.as_u16(), error(&page).as_str()), (400, expected), "{metadata}");
    }
    let doubled = r#"{"redirect_uris":["https://a.example/cb"],"redirect_uris":["https://b.example/cb"]}"#;
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(200), "]".repeat(200));
    for sent in [doubled, &deep, "[]", "", "{"] {
        let page = server.browser().json("POST", HERE, Some(&token), sent).await;
        assert_eq!(error(&page), "invalid_client_metadata", "{sent}");
    }
    // Nothing of it was written, and the token is still good; scopes beyond what the pool allows are left out.
    assert_eq!(server.admin().clients_of("main").await.unwrap().len(), 1);
    let wide = with("scope", json!("openid groups admin profile"));
    let page = register(&server, Some(&token), &wide).await;
    assert_eq!(
        (page.status.as_u16(), &body(&page)["scope"]),
        (201, &json!("openid profile")),
        "{}",
        page.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c38_a_registration_is_read_and_changed_by_its_own_token_alone() {
    let server = open().await;
    let (own, other) = (Own::new(&server, &usual()).await, Own::new(&server, &usual()).await);
    let read = body(&own.ask(&server, "GET", "").await);
    assert_eq!(read["client_id"], own.told["client_id"]);
    assert!(read.get("client_secret").is_none(), "it was shown once");
    let place = own.text("registration_client_uri");
    for wrong in
        [None, Some("x"), Some(other.text("registration_access_token")), Some(own.text("client_secret"))]
    {
        for method in ["GET", "PUT", "DELETE"] {
            let page = server.browser().json(method, place, wrong, &usual().to_string()).await;
            assert_eq!(page.status, 401, "{method} {wrong:?} {}", page.body);
            assert!(page.headers.contains_key("www-authenticate"));
        }
    }
    // An application that an administrator added has no registration to ask for.
    let token = own.text("registration_access_token");
    assert_eq!(server.browser().json("GET", "/oidc/register/app", Some(token), "").await.status, 401);
    for change in [
        json!({ "client_id": "app" }),
        json!({ "client_id": other.told["client_id"] }),
        json!({ "client_id": null }),
        json!({ "client_secret": "another" }),
        json!({ "registration_access_token": token }),
        json!({ "client_id_issued_at": 1 }),
    ] {
        let page = own.put(&server, change.clone()).await;
        assert_eq!(
            (page.status.as_u16(), error(&page).as_str()),
            (400, "invalid_client_metadata"),
            "{change}"
        );
    }
    let page = own.put(&server, json!({ "redirect_uris": ["http://app.example/cb"] })).await;
    assert_eq!(error(&page), "invalid_redirect_uri");
    let change = json!({ "client_name": "Diary", "client_secret": own.told["client_secret"] });
    let page = own.put(&server, change).await;
    assert_eq!((page.status.as_u16(), &body(&page)["client_name"]), (200, &json!("Diary")), "{}", page.body);
    // The secret is the same; a public application has none, and gets a new one when it is none any more.
    let stored = server.admin().client_named("main", own.text("client_id")).await.unwrap();
    assert!(stored.secret_sha256.is_some() && !stored.first_party);
    let public = body(&own.put(&server, json!({ "token_endpoint_auth_method": "none" })).await);
    assert!(public.get("client_secret").is_none() && public.get("client_secret_expires_at").is_none());
    let again = body(&own.put(&server, json!({})).await);
    assert_ne!(again["client_secret"], own.told["client_secret"]);
    assert!(again["client_secret"].is_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c38_what_is_deleted_or_disabled_is_over() {
    let server = open().await;
    let own = Own::new(&server, &usual()).await;
    assert_eq!(own.ask(&server, "DELETE", "").await.status, 204);
    for method in ["GET", "DELETE"] {
        assert_eq!(own.ask(&server, method, "").await.status, 401, "{method}");
    }
    assert_eq!(own.put(&server, json!({})).await.status, 401);
    let page = own.rp(&server).authorize(&mut server.browser(), &[]).await;
    assert_eq!(page.status, 400, "nobody has that client_id: {}", page.body);
    assert_eq!(server.audited("client-removed", "done").await, 1);

    let own = Own::new(&server, &usual()).await;
    let mut spec = server.declared().await;
    let mut client = server.admin().client_named("main", own.text("client_id")).await.unwrap();
    client.enabled = false;
    client.registered = None;
    spec.clients = vec![vestibule_flows::ClientSpec { client, secret: vestibule_flows::SecretSpec::Keep }];
    server.admin().apply(&[spec]).await.unwrap();
    assert_eq!(own.put(&server, json!({})).await.status, 401, "it does not enable itself");
    let stored = server.admin().client_named("main", own.text("client_id")).await.unwrap();
    assert!(stored.registered.is_some(), "where it came from stays");

    // What an administrator took in hand does not change itself back, and stays when others are cleared away.
    let own = Own::new(&server, &usual()).await;
    let mut spec = server.declared().await;
    let mut client = server.admin().client_named("main", own.text("client_id")).await.unwrap();
    (client.scopes, client.registered) = (vec!["openid".to_owned()], None);
    spec.clients = vec![vestibule_flows::ClientSpec { client, secret: vestibule_flows::SecretSpec::Keep }];
    server.admin().apply(&[spec]).await.unwrap();
    let refused = own.put(&server, json!({})).await;
    assert_eq!((refused.status.as_u16(), error(&refused).as_str()), (400, "invalid_client_metadata"));
    assert_eq!(body(&own.ask(&server, "GET", "").await)["scope"], "openid");
    server.clock.advance(86_401);
    assert_eq!(register(&server, None, &usual()).await.status, 201);
    assert_eq!(own.ask(&server, "GET", "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e8_strangers_register_a_bounded_number_of_applications() {
    on_every_engine(|engine| async move {
        let mut setup = registering(RegistrationMode::Open);
        setup.engine = engine;
        setup.settings.client_registration.most = 3;
        let server = setup.start().await;
        let kept = Own::new(&server, &usual()).await;
        let mut browser = server.browser();
        let rp = kept.rp(&server);
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        browser.submit(page.form_of("#consent-allow")).await;
        let metadata = usual();
        let one = || register(&server, None, &metadata);
        let many: [Page; 4] = tokio::join!(one(), one(), one(), one()).into();
        assert_eq!(many.iter().filter(|page| page.status == 201).count(), 2);
        assert!(many.iter().all(|page| page.status == 201 || error(page) == "temporarily_unavailable"));
        // Who vouches for an application does not need one of those places.
        let token = initial(&server).await;
        assert_eq!(register(&server, Some(&token), &metadata).await.status, 201);
        // Their users had time to sign in: the oldest that nobody agreed to makes room, and no more than that.
        server.clock.advance(601);
        assert_eq!(register(&server, None, &metadata).await.status, 201);
        assert_eq!(server.audited("client-removed", "done").await, 1);
        assert_eq!(kept.ask(&server, "GET", "").await.status, 200);
        // The next day all of those are gone, and the other stays.
        server.clock.advance(86_401);
        assert_eq!(register(&server, None, &metadata).await.status, 201);
        assert_eq!(server.audited("client-removed", "done").await, 4);
        assert_eq!(kept.ask(&server, "GET", "").await.status, 200);
        assert_eq!(server.admin().clients_of("main").await.unwrap().len(), 3);
    })
    .await;
    // Where there is room, a source has its share.
    let server = open().await;
    for _ in 0..10 {
        assert_eq!(register(&server, None, &usual()).await.status, 201);
    }
    let page = register(&server, None, &usual()).await;
    assert_eq!((page.status.as_u16(), error(&page).as_str()), (503, "temporarily_unavailable"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_no_registration_and_no_grant_for_itself_is_ever_given() {
    let server = open().await;
    let form = [("redirect_uris".to_owned(), "https://app.example/cb".to_owned())];
    let page = server.browser().send("POST", HERE, Some(&form)).await;
    assert_eq!(error(&page), "invalid_client_metadata");
    let mut faults = vestibule_domain::Faults::default();
    let mut settings = server.pool().settings.clone();
    settings.client_registration.grants.insert(GrantType::ClientCredentials);
    settings.check(&vestibule_domain::FieldPath::root(), &mut faults);
    assert_eq!(faults.into_vec()[0].at.to_string(), "client_registration.grants");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e8_changes_are_bounded_and_a_change_to_the_same_is_none() {
    let server = open().await;
    let own = Own::new(&server, &usual()).await;
    for _ in 0..40 {
        assert_eq!(own.put(&server, json!({})).await.status, 200);
    }
    assert_eq!(server.audited("client-updated", "done").await, 0);
    for number in 0..30 {
        let page = own.put(&server, json!({ "client_name": format!("Notes {number}") })).await;
        assert_eq!(page.status, 200, "{number}");
    }
    let page = own.put(&server, json!({ "client_name": "One more" })).await;
    assert_eq!((page.status.as_u16(), error(&page).as_str()), (503, "temporarily_unavailable"));
    assert_eq!(body(&own.ask(&server, "GET", "").await)["client_name"], "Notes 29");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c37_nobody_takes_the_name_or_the_address_of_another() {
    let server = open().await;
    let taken = server.admin().client_named("main", "app").await.unwrap().name;
    let own = Own::new(&server, &usual()).await;
    for name in [
        taken.as_str(),
        &taken.to_uppercase(),
        "Pool main",
        " pool MAIN ",
        "P\u{43e}ol  m\u{430}in",
        "Poolmain",
    ] {
        let page = register(&server, None, &with("client_name", json!(name))).await;
        assert_eq!(error(&page), "invalid_client_metadata", "{name}");
        assert_eq!(error(&own.put(&server, json!({ "client_name": name })).await), "invalid_client_metadata");
    }
    let here = server.pool().origin.url("/login");
    let url = url::Url::parse(&here).unwrap();
    let dotted = here.replacen(url.host_str().unwrap(), &format!("{}.", url.host_str().unwrap()), 1);
    let sibling = server.other().origin.url("/login");
    for address in [&here, &dotted, &sibling] {
        for list in ["redirect_uris", "post_logout_redirect_uris"] {
            let page = register(&server, None, &with(list, json!([address]))).await;
            assert_eq!(page.status, 400, "{list} {address}: {}", page.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c37_nobody_is_sent_to_a_stranger_who_did_not_choose_so() {
    let server = open().await;
    let away = "http://127.0.0.1:9/bye";
    let own = Own::new(&server, &with("post_logout_redirect_uris", json!([away]))).await;
    let rp = own.rp(&server);
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    // What she cannot give, and what nobody knows, is told to her and not to them.
    let unknown =
        json!({ "id_token": { "acr": { "essential": true, "values": ["nobody-knows"] } } }).to_string();
    let beyond = json!({ "id_token": { "acr": { "essential": true, "values": ["phrh"] } } }).to_string();
    let other = json!({ "id_token": { "sub": { "value": "somebody-else" } } }).to_string();
    for claims in [unknown, beyond, other] {
        let page = rp.authorize(&mut browser, &[("claims", &claims)]).await;
        assert!(!page.left, "{claims}: {}", page.url);
    }
    let client = own.text("client_id");
    let bye = format!("/oidc/session/end?client_id={client}&post_logout_redirect_uri={away}");
    let page = server.browser().get(&bye).await;
    assert!(!page.left && page.status == 200, "{} {}", page.status, page.url);
    // Who chooses so is sent: by a no, and with a hint by signing out.
    let page = rp.authorize(&mut browser, &[]).await;
    let refused = browser.submit(page.form_of("#consent-deny")).await;
    assert_eq!(rp.callback(&refused).error(), Some("access_denied"));
    let page = rp.authorize(&mut browser, &[]).await;
    let allowed = browser.submit(page.form_of("#consent-allow")).await;
    let tokens = rp.exchange(&rp.callback(&allowed).code()).await;
    let bye = format!("{bye}&id_token_hint={}", tokens.text("id_token"));
    let page = browser.get(&bye).await;
    assert!(page.left && page.url.starts_with(away), "{} {}", page.url, page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c37_the_rules_of_now_count_for_what_registered_before() {
    let mut setup = registering(RegistrationMode::Open);
    setup.settings.client_registration.scopes.insert("groups".to_owned());
    let server = setup.start().await;
    let own = Own::new(&server, &usual()).await;
    let rp = own.rp(&server);
    let mut browser = server.browser();
    let page = rp.authorize(&mut browser, &[("scope", "openid groups")]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let page = browser.submit(page.form_of("#consent-allow")).await;
    let tokens = rp.exchange(&rp.callback(&page).code()).await;
    assert_eq!(tokens.text("scope"), "openid groups");
    server
        .rule(|settings| {
            settings.client_registration.scopes.remove("groups");
        })
        .await;
    let code = rp.silent(&mut browser, &[("scope", "openid groups")]).await.code();
    assert_eq!(rp.exchange(&code).await.text("scope"), "openid");
    server
        .rule(|settings| {
            settings.client_registration.auth_methods.remove(&ClientAuthMethod::ClientSecretBasic);
        })
        .await;
    assert_eq!(rp.authorize(&mut browser, &[]).await.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c38_a_change_of_the_name_gives_the_time_of_a_new_one() {
    let server = open().await;
    let own = Own::new(&server, &usual()).await;
    let mut browser = server.browser();
    let rp = own.rp(&server);
    let page = rp.authorize(&mut browser, &[]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    browser.submit(page.form_of("#consent-allow")).await;
    server.clock.advance(90_000);
    assert_eq!(own.put(&server, json!({ "client_name": "Diary" })).await.status, 200);
    assert_eq!(register(&server, None, &usual()).await.status, 201);
    assert_eq!(own.ask(&server, "GET", "").await.status, 200, "a stranger does not sweep it away");
    assert_eq!(
        body(&own.ask(&server, "GET", "").await)["client_id_issued_at"],
        own.told["client_id_issued_at"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c38_a_secret_that_an_administrator_replaced_is_not_replaced_again() {
    let server = open().await;
    let own = Own::new(&server, &usual()).await;
    server.admin().rotate_client_secret("main", own.text("client_id")).await.unwrap();
    server.refresh().await;
    for change in [json!({ "token_endpoint_auth_method": "none" }), json!({})] {
        assert_eq!(error(&own.put(&server, change).await), "invalid_client_metadata");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e8_a_refused_registration_clears_nothing_away_and_spends_no_token() {
    let server = registering(RegistrationMode::Token).start().await;
    let first = initial(&server).await;
    let page = register(&server, Some(&first), &usual()).await;
    assert_eq!(page.status, 201, "{}", page.body);
    let second = initial(&server).await;
    assert_eq!(error(&register(&server, Some(&second), &json!({})).await), "invalid_redirect_uri");
    server.clock.advance(86_401);
    // The stale one stays when the token that would take its place is used up, or too old.
    for spent in [&first, &second] {
        assert_eq!(register(&server, Some(spent), &usual()).await.status, 401);
    }
    assert_eq!(server.audited("client-removed", "done").await, 0);
    let third = initial(&server).await;
    assert_eq!(register(&server, Some(&third), &usual()).await.status, 201);
    assert_eq!(server.audited("client-removed", "done").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_of_any_origin_may_register_and_read_the_answer_and_where_nobody_may_none() {
    let origin = "https://inspector.example";
    let off = Setup::default().start().await;
    for (server, may) in [(open().await, true), (off, false)] {
        let mut script = server.browser();
        script.headers.push(("origin".to_owned(), origin.to_owned()));
        for path in [HERE, "/oidc/register/app"] {
            let page = script.send("OPTIONS", path, None).await;
            let methods = page.headers.get("access-control-allow-methods");
            assert_eq!(methods.is_some_and(|methods| methods == "GET, POST, PUT, DELETE"), may, "{path}");
            assert_eq!(page.headers.contains_key("access-control-allow-origin"), may, "{path}");
            assert!(!page.headers.contains_key("access-control-allow-credentials"));
        }
        let page = script.json("POST", HERE, None, &usual().to_string()).await;
        assert_eq!(page.headers.get("access-control-allow-origin").is_some(), may, "{}", page.body);
    }
}
