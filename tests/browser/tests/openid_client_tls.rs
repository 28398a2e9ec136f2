//! Certificates of applications as an independent relying party uses them: the npm library openid-client finds the endpoints that
//! ask for one, proves itself there and binds its tokens (RFC 8705), over TLS of the server itself.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::sync::Arc;
use tokio::{net::TcpListener, process::Command};
use vestibule_browser_tests::{NODE, NODE_TOOLS, RelyingParty, tools};
use vestibule_domain::{Client, ClientAuthMethod, Origin, Profile};
use vestibule_pages::Pages;
use vestibule_tests::{Authority, REDIRECT_URI, Server, Setup, Shown};
use vestibule_web::{ClientCertificates, Identity, Site, SiteParts, Tls, WebOptions, serve_tls};

/// Listens over TLS for a server, and asks for certificates: the origin.
async fn listen(server: &Server, authority: &Authority) -> Origin {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let own = authority.issue_as("server", |params| {
        params.extended_key_usages.clear();
        params.subject_alt_names = vec![rcgen::SanType::DnsName("localhost".try_into().unwrap())];
    });
    let identity = Identity { chain: vec![own.der.clone().into()], key: own.private_key() };
    let tls = Tls::new(identity, ClientCertificates::Asked).unwrap();
    let parts = SiteParts {
        app: Arc::new(server.app().clone()),
        pages: Pages::shared().unwrap(),
        options: WebOptions::default(),
    };
    let serving = serve_tls(listener, tls, Site::new(parts), std::future::pending());
    tokio::spawn(async move { serving.await.unwrap() });
    Origin::parse(&origin).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_proves_itself_by_a_certificate_and_its_tokens_are_bound_to_it() {
    let Some([node, directory]) = tools([NODE, NODE_TOOLS]) else { return };
    // Nobody is trusted to hand certificates on: that some arrive is for the metadata.
    let web = WebOptions {
        client_certificate_header: Some("client-cert".parse().unwrap()),
        ..WebOptions::default()
    };
    // The library reads the machine's clock and resolves names as the machine does.
    let setup = Setup { real_time: true, main: ("localhost", "Pool main"), web, ..Setup::default() };
    let server = setup.start().await;
    let authority = Authority::new("CA", server.clock.seconds());
    let origin = listen(&server, &authority).await;
    let pem = authority.pem.clone();
    let there = origin.clone();
    server
        .rule(move |settings| {
            settings.mutual_tls.origin = Some(there.clone());
            settings.mutual_tls.authorities = Some(pem.clone());
        })
        .await;
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    let (issued, alone) = (authority.issue("billing"), Shown::alone("billing"));
    for (id, method, own, profile) in [
        ("issued", ClientAuthMethod::TlsClientAuth, &issued, None),
        ("alone", ClientAuthMethod::SelfSignedTlsClientAuth, &alone, None),
        ("fapi", ClientAuthMethod::TlsClientAuth, &issued, Some(Profile::Fapi2Security)),
    ] {
        let register = |client: &mut Client| {
            client.auth_method = Some(method);
            client.secret_sha256 = None;
            client.profile = profile;
            client.id_token_alg = Some(vestibule_domain::TokenAlg::Es256);
            client.tls.tls_client_certificate_bound_access_tokens = true;
            match method {
                ClientAuthMethod::TlsClientAuth => {
                    client.tls.tls_client_auth_subject_dn = Some("CN=billing,O=Example".to_owned());
                }
                _ => client.jwks = Some(json!({ "keys": [{ "kty": "EC", "x5c": [own.base64()] }] })),
            }
        };
        server.add_client(id, register).await;
        let asked = json!({
            "issuer": server.pool().origin.issuer(),
            "clientId": id,
            "redirectUri": REDIRECT_URI,
            "cert": own.pem,
            "key": own.key,
            "ca": authority.pem,
        });
        let mut command = Command::new(&node);
        command.arg("openid-client-tls.mjs").current_dir(&directory);
        let mut party = RelyingParty::start(command, &asked);
        let asks = party.word().await.unwrap_or_else(|why| panic!("{id}: {why}"));
        let page = browser.get(asks.get("authorize").and_then(Value::as_str).unwrap()).await;
        assert!(page.left && page.url.starts_with(REDIRECT_URI), "{id} {} {}", page.url, page.body);
        party.tell(&page.url).await;
        let found = party.word().await.unwrap_or_else(|why| panic!("{id}: {why}"));
        let bound = json!({ "x5t#S256": own.thumbprint() });
        assert_eq!(found.get("cnf"), Some(&json!([bound, bound])), "{id} {found}");
        assert_eq!(found.pointer("/introspected/cnf"), Some(&bound), "{id} {found}");
        assert_eq!(found.pointer("/userinfo/sub"), found.get("sub"), "{id} {found}");
        assert_ne!(found.get("stolen"), Some(&json!("accepted")), "{id} {found}");
        let steps = found.get("trace").and_then(Value::as_array).unwrap();
        let tls = steps.iter().filter(|step| step.as_str().unwrap().contains(origin.as_str())).count();
        assert!(tls >= 5, "push, code, userinfo, refresh, introspection: {found}");
    }
}
