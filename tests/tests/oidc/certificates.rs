//! Applications that prove themselves by certificates, and tokens that are bound to one (RFC 8705).

use crate::support::{Document, named, tokens_of};
use rcgen::{DnType, ExtendedKeyUsagePurpose, SanType};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vestibule_domain::{Client, ClientAuthMethod, ClientKind, GrantType, MutualTls, Origin, Strictness};
use vestibule_jose::Alg;
use vestibule_tests::{App, Authority, Server, Setup, Shown, Signer, Tokens, on_every_engine};
use vestibule_web::WebOptions;

const GRANT: [(&str, &str); 1] = [("grant_type", "client_credentials")];

/// A server behind a proxy that hands certificates on.
fn behind_a_proxy(setup: Setup) -> Setup {
    let web = WebOptions {
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        client_certificate_header: Some("client-cert".parse().unwrap()),
        ..setup.web
    };
    Setup { web, ..setup }
}

/// The application when the connection of its proxy showed a certificate.
fn showing(rp: &App, shown: &Shown) -> App {
    with_header(rp, "client-cert", &shown.handed_on())
}

fn with_header(rp: &App, name: &str, value: &str) -> App {
    let mut rp = rp.clone();
    rp.browser.headers.push((name.to_owned(), value.to_owned()));
    rp
}

async fn trusts(server: &Server, authority: &Authority) {
    let pem = authority.pem.clone();
    server.rule(|settings| settings.mutual_tls.authorities = Some(pem.clone())).await;
}

/// An application that is known by a certificate.
async fn known(server: &Server, id: &str, change: impl Fn(&mut Client)) -> App {
    server
        .add_client(id, |client| {
            client.auth_method = Some(ClientAuthMethod::TlsClientAuth);
            client.secret_sha256 = None;
            client.grants.push(GrantType::ClientCredentials);
            client.tls.tls_client_auth_subject_dn = Some("CN=billing,O=Example".to_owned());
            change(client);
        })
        .await;
    let mut rp = named(&server.rp(), id);
    rp.secret = None;
    rp
}

fn confirmed(tokens: &Tokens) -> Value {
    tokens.access_claims()["cnf"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c56_an_application_is_known_by_its_own_certificate_alone() {
    on_every_engine(|engine| async move {
        let server = behind_a_proxy(Setup::on(engine)).start().await;
        let now = server.clock.seconds();
        let (authority, stranger) = (Authority::new("CA", now), Authority::new("CA", now));
        let rp = known(&server, "billing", |_| {}).await;
        let good = authority.issue("billing");
        let refused = async |rp: &App, why: &str| {
            let answer = rp.token(&GRANT).await;
            assert_eq!((answer.status.as_u16(), answer.error()), (401, Some("invalid_client")), "{why}");
        };
        refused(&showing(&rp, &good), "the pool trusts nobody yet").await;
        trusts(&server, &authority).await;
        let tokens = showing(&rp, &good).token(&GRANT).await;
        assert_eq!(tokens.status, 200, "{:?}", tokens.body);
        assert_eq!(confirmed(&tokens), Value::Null, "it did not ask for bound tokens");
        refused(&rp, "no certificate").await;
        for (why, shown) in [
            ("another authority", stranger.issue("billing")),
            ("another subject", authority.issue("shop")),
            ("vouches for itself", Shown::alone("billing")),
            (
                "more in the subject",
                authority.issue_as("billing", |params| {
                    params.distinguished_name.push(DnType::OrganizationalUnitName, "Sales");
                }),
            ),
            (
                "for servers",
                authority.issue_as("billing", |params| {
                    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
                }),
            ),
            ("expired", authority.issue_as("billing", |params| params.not_after = params.not_before)),
        ] {
            refused(&showing(&rp, &shown), why).await;
        }
        // A secret is none of its ways, nor is its certificate one of another application.
        let mut by_secret = showing(&rp, &good);
        by_secret.secret = server.rp().secret;
        refused(&by_secret, "a secret").await;
        let mut other = showing(&server.rp(), &good);
        other.secret = None;
        refused(&other, "an application with a secret").await;
        // Tomorrow it has expired.
        server.clock.advance(25 * 3600);
        refused(&showing(&rp, &good), "a day later").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c56_nobody_but_a_trusted_proxy_hands_certificates_on() {
    let web = WebOptions {
        client_certificate_header: Some("client-cert".parse().unwrap()),
        ..WebOptions::default()
    };
    for (web, counts) in [
        (WebOptions { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], ..web.clone() }, false),
        (
            WebOptions {
                trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
                client_certificate_header: None,
                ..web.clone()
            },
            false,
        ),
        (WebOptions { trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()], ..web }, true),
    ] {
        let server = Setup { web, ..Setup::default() }.start().await;
        let authority = Authority::new("CA", server.clock.seconds());
        trusts(&server, &authority).await;
        let rp = showing(&known(&server, "billing", |_| {}).await, &authority.issue("billing"));
        assert_eq!(rp.token(&GRANT).await.status == 200, counts);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_alternative_name_makes_it_known_as_well() {
    let server = behind_a_proxy(Setup::default()).start().await;
    let authority = Authority::new("CA", server.clock.seconds());
    trusts(&server, &authority).await;
    let uri = "spiffe://example.com/billing";
    let rp = known(&server, "billing", |client| {
        client.tls.tls_client_auth_subject_dn = None;
        client.tls.tls_client_auth_san_uri = Some(uri.to_owned());
    })
    .await;
    let of = |uri: &str| {
        authority.issue_as("whoever", |params| {
            params.subject_alt_names = vec![SanType::URI(uri.try_into().unwrap())];
        })
    };
    assert_eq!(showing(&rp, &of(uri)).token(&GRANT).await.status, 200);
    assert_eq!(showing(&rp, &of("spiffe://example.com/shop")).token(&GRANT).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c57_a_certificate_of_its_own_is_one_of_its_keys() {
    on_every_engine(|engine| async move {
        let server = behind_a_proxy(Setup::on(engine)).start().await;
        server.rule(|settings| settings.outbound.allow = vec!["127.0.0.0/8".parse().unwrap()]).await;
        let now = server.clock.seconds();
        let (own, next) = (Shown::alone("whatever"), Shown::alone("whatever"));
        let set = |shown: &Shown| {
            let mut set = Signer::new(Alg::Es256).jwks();
            set["keys"][0]["x5c"] = json!([shown.base64()]);
            set.to_string()
        };
        let published = Document::of("application/jwk-set+json", &set(&own)).await;
        let uri = published.uri.clone();
        let rp = known(&server, "billing", move |client| {
            client.auth_method = Some(ClientAuthMethod::SelfSignedTlsClientAuth);
            client.tls.tls_client_auth_subject_dn = None;
            client.jwks_uri = Some(uri.clone());
        })
        .await;
        assert_eq!(showing(&rp, &own).token(&GRANT).await.status, 200);
        let authority = Authority::new("CA", now);
        trusts(&server, &authority).await;
        for other in [&next, &authority.issue("whatever")] {
            let refused = showing(&rp, other).token(&GRANT).await;
            assert_eq!((refused.status.as_u16(), refused.error()), (401, Some("invalid_client")));
        }
        assert_eq!(rp.token(&GRANT).await.error(), Some("invalid_client"), "no certificate");
        // It changes the certificate: the new one counts as soon as it is published, the old one no longer.
        published.becomes(&set(&next));
        server.clock.advance(61);
        assert_eq!(showing(&rp, &next).token(&GRANT).await.status, 200);
        assert_eq!(showing(&rp, &own).token(&GRANT).await.status, 401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c58_a_bound_token_is_of_use_with_its_certificate_alone() {
    on_every_engine(|engine| async move {
        let server = behind_a_proxy(Setup::on(engine)).start().await;
        let now = server.clock.seconds();
        let (authority, other) = (Authority::new("CA", now), Shown::alone("thief"));
        trusts(&server, &authority).await;
        let rp = known(&server, "billing", |client| {
            client.tls.tls_client_certificate_bound_access_tokens = true;
        })
        .await;
        let own = authority.issue("billing");
        let (_, tokens) = tokens_of(&server, &showing(&rp, &own)).await;
        assert_eq!(confirmed(&tokens), json!({ "x5t#S256": own.thumbprint() }));
        assert_eq!(tokens.text("token_type"), "Bearer", "RFC 8705 §3");
        let access = tokens.text("access_token");
        assert_eq!(showing(&rp, &own).userinfo(&access).await.status, 200);
        for (why, thief) in [("none", rp.clone()), ("another", showing(&rp, &other))] {
            let refused = thief.userinfo(&access).await;
            assert_eq!((refused.status.as_u16(), refused.error()), (401, Some("invalid_token")), "{why}");
        }
        // Whoever reads tokens for others learns what they are bound to.
        let introspected = showing(&rp, &own).post("/oidc/introspect", &[("token", &access)]).await;
        assert_eq!(introspected.body["cnf"], json!({ "x5t#S256": own.thumbprint() }));
        // A certificate that was renewed goes on: a confidential application proves itself anew each time.
        let renewed = authority.issue("billing");
        let again = showing(&rp, &renewed).refresh(&tokens.text("refresh_token")).await;
        assert_eq!(confirmed(&again), json!({ "x5t#S256": renewed.thumbprint() }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c58_whoever_wants_bound_tokens_gets_no_others() {
    on_every_engine(|engine| async move {
        let server = behind_a_proxy(Setup::on(engine)).start().await;
        let shown = Shown::alone("anything");
        // With a secret, and a certificate that nobody vouches for: only that it is the same counts.
        for (id, strict) in [("wants", false), ("has-to", true)] {
            server
                .add_client(id, |client| {
                    client.grants.push(GrantType::ClientCredentials);
                    client.tls.tls_client_certificate_bound_access_tokens = !strict;
                    client.strict =
                        strict.then_some(Strictness::RequireBoundTokens).into_iter().collect::<BTreeSet<_>>();
                })
                .await;
            let rp = named(&server.rp(), id);
            let bound = showing(&rp, &shown).token(&GRANT).await;
            assert_eq!(confirmed(&bound), json!({ "x5t#S256": shown.thumbprint() }), "{id}");
            let refused = rp.token(&GRANT).await;
            let expected = if strict { "invalid_dpop_proof" } else { "invalid_request" };
            assert_eq!((refused.status.as_u16(), refused.error()), (400, Some(expected)), "{id}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c58_the_refresh_token_of_a_public_application_is_bound_as_well() {
    on_every_engine(|engine| async move {
        let server = behind_a_proxy(Setup::on(engine)).start().await;
        server
            .add_client("phone", |client| {
                client.kind = ClientKind::Public;
                client.auth_method = None;
                client.secret_sha256 = None;
                client.tls.tls_client_certificate_bound_access_tokens = true;
            })
            .await;
        let mut rp = named(&server.rp(), "phone");
        rp.secret = None;
        let now = server.clock.seconds();
        let (own, thief) = (Shown::alone("phone"), Shown::alone("thief"));
        let (_, tokens) = tokens_of(&server, &showing(&rp, &own)).await;
        let refresh = tokens.text("refresh_token");
        for thief in [showing(&rp, &thief), rp.clone()] {
            let refused = thief.refresh(&refresh).await;
            assert!(
                matches!(refused.error(), Some("invalid_grant" | "invalid_request")),
                "{:?}",
                refused.body
            );
        }
        // Nor with a proof of some key instead.
        let signer = Signer::new(Alg::Es256);
        let proof = signer.proof(&json!({
            "jti": "p", "htm": "POST", "htu": server.pool().origin.url("/oidc/token"), "iat": now,
        }));
        let by_key = with_header(&rp, "dpop", &proof).refresh(&refresh).await;
        assert_eq!(by_key.error(), Some("invalid_grant"), "{:?}", by_key.body);
        // None of these has ended anything, and what follows is bound in the same way.
        let next = showing(&rp, &own).refresh(&refresh).await;
        assert_eq!(next.status, 200, "{:?}", next.body);
        let stolen = showing(&rp, &thief).refresh(&next.text("refresh_token")).await;
        assert_eq!(stolen.error(), Some("invalid_grant"));
        // A thief who replays the first one within its grace learns nothing, and ends nothing.
        let replayed = showing(&rp, &thief).refresh(&refresh).await;
        assert_eq!(replayed.error(), Some("invalid_grant"));
        assert_eq!(showing(&rp, &own).refresh(&next.text("refresh_token")).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c58_nobody_binds_what_was_free_or_another_device_asked_for_to_a_certificate_of_their_own() {
    on_every_engine(|engine| async move {
        let server = behind_a_proxy(Setup::on(engine)).start().await;
        let public = async |bound: bool| {
            server
                .add_client("phone", |client| {
                    client.kind = ClientKind::Public;
                    client.auth_method = None;
                    client.secret_sha256 = None;
                    client.grants.push(GrantType::DeviceCode);
                    client.tls.tls_client_certificate_bound_access_tokens = bound;
                })
                .await;
        };
        public(false).await;
        let mut rp = named(&server.rp(), "phone");
        rp.secret = None;
        let (own, thief) = (Shown::alone("phone"), Shown::alone("thief"));
        let (_, free) = tokens_of(&server, &rp).await;
        public(true).await;
        let stolen = showing(&rp, &thief).refresh(&free.text("refresh_token")).await;
        assert_eq!(stolen.error(), Some("invalid_grant"), "{:?}", stolen.body);
        // The code that a device keeps is of use with its certificate alone.
        let asked = showing(&rp, &own).post("/oidc/device", &[("scope", "openid")]).await;
        assert_eq!(asked.status, 200, "{:?}", asked.body);
        let code = asked.text("device_code");
        let form = [("grant_type", GrantType::DeviceCode.as_str()), ("device_code", &code)];
        let stolen = showing(&rp, &thief).token(&form).await;
        assert_eq!(stolen.error(), Some("invalid_grant"), "{:?}", stolen.body);
        let own = showing(&rp, &own).token(&form).await;
        assert_eq!(own.error(), Some("authorization_pending"), "{:?}", own.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c59_a_certificate_is_read_as_proxies_write_it_or_refused() {
    let server = behind_a_proxy(Setup::default()).start().await;
    let authority = Authority::new("CA", server.clock.seconds());
    trusts(&server, &authority).await;
    let rp = known(&server, "billing", |_| {}).await;
    let good = authority.issue("billing");
    let escaped: String = url::form_urlencoded::byte_serialize(good.pem.as_bytes()).collect();
    for written in [
        good.handed_on(),
        escaped.replace('+', "%20"),
        good.pem.replace("\r\n", "\n").replace('\n', " "),
        good.base64(),
    ] {
        let answer = with_header(&rp, "client-cert", &written).token(&GRANT).await;
        assert_eq!(answer.status, 200, "{written} {:?}", answer.body);
    }
    for written in ["::", ":AAAA:", "nonsense", "%ff%fe", ":!:", "-----BEGIN CERTIFICATE-----"] {
        let refused = with_header(&rp, "client-cert", written).token(&GRANT).await;
        assert_eq!((refused.status.as_u16(), refused.error()), (400, Some("invalid_request")), "{written}");
    }
    // Two headers: one of them the application wrote itself.
    let twice = showing(&showing(&rp, &good), &good).token(&GRANT).await;
    assert_eq!((twice.status.as_u16(), twice.error()), (400, Some("invalid_request")));
    // An empty one says that there is none, and so does what Apache writes.
    for none in ["", "(null)"] {
        assert_eq!(with_header(&rp, "client-cert", none).token(&GRANT).await.status, 401);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c59_where_certificates_are_asked_for_there_is_nothing_for_people() {
    on_every_engine(|engine| async move {
        let server = behind_a_proxy(Setup::on(engine)).start().await;
        let authority = Authority::new("CA", server.clock.seconds());
        let alias = Origin::parse("http://mtls.localhost").unwrap();
        let (pem, origin) = (authority.pem.clone(), alias.clone());
        server
            .rule(move |settings| {
                settings.mutual_tls = MutualTls { origin: Some(origin.clone()), authorities: Some(pem.clone()) };
            })
            .await;
        let known = known(&server, "billing", |_| {}).await;
        let mut there = server.rp_at(0, &alias);
        (there.client_id, there.secret) = (known.client_id.clone(), None);
        let there = showing(&there, &authority.issue("billing"));
        let tokens = there.token(&GRANT).await;
        assert_eq!(tokens.status, 200, "{:?}", tokens.body);
        assert_eq!(tokens.access_claims()["iss"], json!(server.pool().origin.issuer()), "the issuer is the pool's");
        // Its address is what a proof is for.
        let signer = Signer::new(Alg::Es256);
        for (origin, counts) in [(&alias, true), (&server.pool().origin, false)] {
            let claims = json!({
                "jti": origin.as_str(), "htm": "POST", "htu": origin.url("/oidc/token"), "iat": server.clock.seconds(),
            });
            let answer = with_header(&there, "dpop", &signer.proof(&claims)).token(&GRANT).await;
            assert_eq!(answer.status == 200, counts, "{:?}", answer.body);
        }
        // At the pool's own origin nobody is asked, so nothing is believed there.
        assert_eq!(showing(&known, &authority.issue("billing")).token(&GRANT).await.status, 401);
        let mut browser = there.browser.clone();
        browser.headers.clear();
        for path in ["/", "/login", "/account", "/oidc/auth?client_id=app", "/oidc/session/end", "/assets/main.css"] {
            let page = browser.send("GET", path, None).await;
            assert!(matches!(page.status.as_u16(), 404 | 421), "{path} {}", page.status);
            assert!(page.headers.get_all("set-cookie").iter().next().is_none(), "{path}");
        }
        let document = server.browser().send("GET", "/oidc/.well-known/openid-configuration", None).await;
        let document: Value = serde_json::from_str(&document.body).unwrap();
        assert_eq!(document["mtls_endpoint_aliases"]["token_endpoint"], json!("http://mtls.localhost/oidc/token"));
        assert_eq!(document["tls_client_certificate_bound_access_tokens"], json!(true));
        for name in document["mtls_endpoint_aliases"].as_object().unwrap().keys() {
            let usual = document[name].as_str().unwrap();
            let alias = document["mtls_endpoint_aliases"][name].as_str().unwrap();
            let path = |url: &str| url::Url::parse(url).unwrap().path().to_owned();
            assert_eq!(path(usual), path(alias), "{name}");
        }
        // The host of another pool stays that pool's, whatever this one says.
        let other = server.other().clone();
        let taken = other.origin.clone();
        server.rule(move |settings| settings.mutual_tls.origin = Some(taken.clone())).await;
        let mut misled = server.rp_at(0, &other.origin);
        (misled.client_id, misled.secret) = (known.client_id.clone(), None);
        let misled = showing(&misled, &authority.issue("billing")).token(&GRANT).await;
        assert_eq!(misled.error(), Some("invalid_client"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn methods_by_certificate_are_offered_where_certificates_arrive() {
    let methods = async |server: &Server| {
        let document = server.browser().send("GET", "/oidc/.well-known/openid-configuration", None).await;
        let document: Value = serde_json::from_str(&document.body).unwrap();
        let methods = document["token_endpoint_auth_methods_supported"].as_array().unwrap().clone();
        let by_certificate = ["tls_client_auth", "self_signed_tls_client_auth"];
        by_certificate.map(|method| methods.contains(&json!(method)))
    };
    assert_eq!(methods(&Setup::default().start().await).await, [false, false]);
    let server = behind_a_proxy(Setup::default()).start().await;
    assert_eq!(methods(&server).await, [false, true]);
    trusts(&server, &Authority::new("CA", server.clock.seconds())).await;
    assert_eq!(methods(&server).await, [true, true]);
}
