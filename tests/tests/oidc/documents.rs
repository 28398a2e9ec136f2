//! Applications that are known by the document that describes them (OAuth Client ID Metadata Document).

use crate::support::{Document, named};
use serde_json::{Value, json};
use vestibule_domain::{ClientRegistration, MetadataDocuments};
use vestibule_flows::{ClientSpec, SecretSpec};
use vestibule_tests::{App, Browser, PASSWORD, Page, Server, Setup, on_every_engine};

const CALLBACK: &str = "http://127.0.0.1:9/callback";

fn describing(documents: MetadataDocuments, hosts: &[&str]) -> Setup {
    let mut setup = Setup::default();
    let document_hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
    setup.settings.client_registration =
        ClientRegistration { documents, document_hosts, ..ClientRegistration::default() };
    setup.settings.outbound.allow = vec!["127.0.0.0/8".parse().unwrap()];
    setup
}

async fn any() -> Server {
    describing(MetadataDocuments::Any, &[]).start().await
}

/// An application that describes itself, and its document.
struct Own {
    document: Document,
    rp: App,
}

impl Own {
    async fn new(server: &Server) -> Self {
        let document = Document::of("application/json", "").await;
        let mut rp = named(&server.rp(), &document.uri);
        rp.secret = None;
        let own = Self { document, rp };
        own.says(&json!({}));
        own
    }

    /// The usual, and what else there is.
    fn says(&self, more: &Value) {
        let mut metadata = json!({ "client_id": self.document.uri, "client_name": "Editor",
            "redirect_uris": [CALLBACK], "grant_types": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": "none" });
        for (name, value) in more.as_object().unwrap() {
            metadata[name] = value.clone();
        }
        self.document.becomes(&metadata.to_string());
    }

    async fn ask(&self, browser: &mut Browser) -> Page {
        self.rp.authorize(browser, &[]).await
    }
}

async fn clients(server: &Server) -> usize {
    server.admin().clients_of("main").await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_signs_people_in_that_nobody_registered_and_follows_its_document() {
    on_every_engine(|engine| async move {
        let mut setup = describing(MetadataDocuments::Any, &[]);
        setup.engine = engine;
        let server = setup.start().await;
        let metadata = server.browser().get("/oidc/.well-known/openid-configuration").await.body;
        let metadata: Value = serde_json::from_str(&metadata).unwrap();
        assert_eq!(metadata["client_id_metadata_document_supported"], true);
        let own = Own::new(&server).await;
        let mut browser = server.browser();
        let page = own.ask(&mut browser).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        assert!(page.has_id("consent-described-untrusted") && page.body.contains("Editor"), "{}", page.body);
        assert_eq!(page.text("#consent-described-untrusted strong"), "127.0.0.1");
        let page = browser.submit(page.form_of("#consent-allow")).await;
        let tokens = own.rp.exchange(&own.rp.callback(&page).code()).await;
        assert_eq!(tokens.status, 200, "{:?}", tokens.body);
        assert!(own.ask(&mut browser).await.left, "she agreed");
        assert_eq!((own.document.asked(), clients(&server).await), (1, 2));
        // What the document says next counts once what is remembered of it is no longer fresh, and asks again.
        own.says(&json!({ "client_name": "Other Editor", "response_types": ["code", "token"] }));
        assert!(own.ask(&mut browser).await.left);
        server.clock.advance(600);
        let page = own.ask(&mut browser).await;
        assert!(page.has_id("consent-allow") && page.body.contains("Other Editor"), "{}", page.body);
        assert_eq!(own.document.asked(), 2);
        // Who says nothing takes nothing back; who says that it is gone does.
        own.document.answers(503);
        server.clock.advance(600);
        assert!(own.ask(&mut browser).await.has_id("consent-allow"));
        own.document.answers(404);
        server.clock.advance(600);
        assert_eq!(own.ask(&mut browser).await.status, 400);
        // The first is that of the pool itself.
        assert_eq!(server.audited("client-created", "done").await, 2);
        assert_eq!(server.audited("client-updated", "done").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_the_pool_lists_is_trusted_and_no_other_is_asked() {
    let server = describing(MetadataDocuments::Listed, &["editor.example"]).start().await;
    let own = Own::new(&server).await;
    let page = own.ask(&mut server.browser()).await;
    assert_eq!((page.status.as_u16(), own.document.asked()), (400, 0), "{}", page.body);
    // An IP address is no host that can be listed.
    let mut faults = vestibule_domain::Faults::default();
    for wrong in ["127.0.0.1", "https://editor.example", "Editor.example", "editor.example:443", ""] {
        let rules = &mut server.pool().settings.clone();
        rules.client_registration.document_hosts.insert(wrong.to_owned());
        rules.check(&vestibule_domain::FieldPath::root(), &mut faults);
    }
    assert_eq!(faults.into_vec().len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c39_a_document_speaks_for_its_own_address_alone_and_within_the_rules() {
    let server = any().await;
    let other = Own::new(&server).await;
    other.ask(&mut server.browser()).await;
    let before = clients(&server).await;
    let taken = server.admin().client_named("main", "app").await.unwrap().name;
    let own = server.pool().origin.url("/login");
    for wrong in [
        json!({ "client_id": other.document.uri }),
        json!({ "client_id": "app" }),
        json!({ "client_id": null }),
        json!({ "client_secret": "known to all" }),
        json!({ "token_endpoint_auth_method": "client_secret_basic" }),
        json!({ "token_endpoint_auth_method": "private_key_jwt" }),
        json!({ "grant_types": ["client_credentials"] }),
        json!({ "redirect_uris": ["http://evil.example/cb"] }),
        json!({ "redirect_uris": [own] }),
        json!({ "redirect_uris": [] }),
        json!({ "client_name": taken }),
        json!({ "client_name": "a\u{202e}b" }),
    ] {
        let bad = Own::new(&server).await;
        bad.says(&wrong);
        let mut visitor = server.browser();
        visitor.headers.push(("x-forwarded-for".to_owned(), "203.0.113.9".to_owned()));
        let page = bad.ask(&mut visitor).await;
        assert_eq!((page.status.as_u16(), page.left), (400, false), "{wrong}: {}", page.body);
        // It cannot be used at the token endpoint, either.
        assert_ne!(bad.rp.exchange("x").await.status, 200);
        server.clock.advance(3_600);
    }
    assert_eq!(clients(&server).await, before, "nothing was written");
    // Where the document does not say so, nobody is sent: not even with an error.
    let page = other.rp.authorize(&mut server.browser(), &[("redirect_uri", "https://evil.example/")]).await;
    assert!(!page.left && page.status == 400, "{}", page.url);
    let page = other.rp.authorize(&mut server.browser(), &[("prompt", "none")]).await;
    assert!(!page.left && page.status == 400, "{}", page.url);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c39_what_an_administrator_decided_about_a_described_application_stays() {
    let server = any().await;
    let own = Own::new(&server).await;
    own.ask(&mut server.browser()).await;
    let put = |enabled: bool| {
        let (server, own) = (&server, &own);
        async move {
            let mut client = server.admin().client_named("main", &own.document.uri).await.unwrap();
            client.enabled = enabled;
            let spec = ClientSpec { client, secret: SecretSpec::Keep };
            server.admin().put_client("main", spec).await.unwrap();
            server.refresh().await;
        }
    };
    put(false).await;
    own.says(&json!({ "client_name": "Another" }));
    server.clock.advance(600);
    assert_eq!(own.ask(&mut server.browser()).await.status, 400);
    assert_eq!(own.document.asked(), 1, "nobody is asked about what is switched off");
    put(true).await;
    server.clock.advance(600);
    assert_eq!(own.ask(&mut server.browser()).await.status, 200);
    let stored = server.admin().client_named("main", &own.document.uri).await.unwrap();
    assert_eq!((stored.name.as_str(), own.document.asked()), ("Editor", 1));
    // It has no registration that anybody could ask for.
    assert_eq!(server.browser().json("GET", "/oidc/register/app", Some("x"), "").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e8_strangers_have_few_addresses_asked_and_none_of_the_inner_network() {
    let server = any().await;
    let mut browser = server.browser();
    let mut known = Vec::new();
    for _ in 0..10 {
        let own = Own::new(&server).await;
        assert_eq!(own.ask(&mut browser).await.status, 200);
        known.push(own);
    }
    let more = Own::new(&server).await;
    let page = more.ask(&mut browser).await;
    assert_eq!((page.status.as_u16(), more.document.asked()), (503, 0), "{}", page.body);
    // What is known already can still be used.
    assert_eq!(known[0].ask(&mut browser).await.status, 200);
    server.clock.advance(3_600);
    server.rule(|settings| settings.outbound.allow.clear()).await;
    let page = more.ask(&mut browser).await;
    assert_eq!((page.status.as_u16(), more.document.asked()), (400, 0));
    for leak in ["public", "network", "outbound"] {
        assert!(!page.body.contains(leak), "what our network looks like is nobody's business: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c39_what_the_pool_would_not_take_now_is_over_and_trust_is_of_now() {
    let server = any().await;
    let own = Own::new(&server).await;
    let mut browser = server.browser();
    let page = own.ask(&mut browser).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    browser.submit(page.form_of("#consent-allow")).await;
    assert!(own.ask(&mut browser).await.left);
    for documents in [MetadataDocuments::Listed, MetadataDocuments::Off] {
        server
            .rule(move |settings| {
                settings.client_registration.documents = documents;
                settings.client_registration.document_hosts = [String::from("editor.example")].into();
            })
            .await;
        assert_eq!(own.ask(&mut browser).await.status, 400, "{documents:?}");
    }
    server.rule(|settings| settings.client_registration.documents = MetadataDocuments::Any).await;
    assert!(own.ask(&mut browser).await.left, "it is as it was");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e8_pictures_on_a_foreign_page_have_nobody_asked() {
    let server = any().await;
    let own = Own::new(&server).await;
    let mut visitor = server.browser();
    visitor.headers.push(("sec-fetch-dest".to_owned(), "image".to_owned()));
    assert_eq!(own.ask(&mut visitor).await.status, 400);
    assert_eq!(own.document.asked(), 0);
    visitor.headers.pop();
    visitor.headers.push(("sec-fetch-dest".to_owned(), "document".to_owned()));
    assert_eq!(own.ask(&mut visitor).await.status, 200);
}
