//! Identifiers of users that one sector alone knows (OpenID Connect Core §8).

use crate::support::{Document, named, password};
use serde_json::{Value, json};
use tokio::{runtime::Handle, task::block_in_place};
use vestibule_domain::{
    Client, ClientKind, ClientRegistration, GrantType, MetadataDocuments, RegistrationMode, SubjectType,
    TokenAlg, Username,
};
use vestibule_flows::{AdminError, ClientSpec, KeyRotation, PlanAction, Progress, SecretSpec, UserSpec};
use vestibule_tests::{App, Browser, Ear, PASSWORD, Page, Server, Setup, Tokens, on_every_engine, payload};

const EVERYTHING: &str = "openid profile email offline_access";

/// A server that may ask this machine.
async fn server(mut setup: Setup) -> Server {
    setup.settings.outbound.allow = vec!["127.0.0.0/8".parse().unwrap()];
    setup.start().await
}

/// An application of a host that knows users by names of its own.
async fn pairwise(server: &Server, id: &str, host: &str, change: impl Fn(&mut Client)) -> App {
    let address = format!("https://{host}/callback");
    server
        .add_client(id, |client| {
            client.subject_type = SubjectType::Pairwise;
            client.redirect_uris = vec![address.clone()];
            change(client);
        })
        .await;
    let mut rp = named(&server.rp(), id);
    rp.redirect_uri = address;
    rp
}

async fn alice(server: &Server) -> Browser {
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    browser
}

async fn tokens(rp: &App, browser: &mut Browser) -> Tokens {
    let page = rp.authorize(browser, &[]).await;
    rp.verified(&rp.callback(&page)).await
}

fn text(claims: &Value, name: &str) -> String {
    claims[name].as_str().unwrap_or_default().to_owned()
}

async fn introspected(rp: &App, token: &str) -> Value {
    rp.post("/oidc/introspect", &[("token", token)]).await.body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_hears_one_name_of_a_user_wherever_it_asks() {
    on_every_engine(|engine| async move {
        let mut setup = Setup::on(engine).nodes(2);
        setup.settings.outbound.allow = vec!["127.0.0.0/8".parse().unwrap()];
        let server = setup.start().await;
        let id = server.app().store().pool(server.pool().id).user_by_identifier("alice").await.unwrap();
        let id = id.unwrap().user.id.to_string();
        let ear = Ear::open().await;
        let rp = pairwise(&server, "one", "a.example", |client| {
            client.logout.backchannel_logout_uri = Some(ear.uri.clone());
        })
        .await;
        let same = pairwise(&server, "same", "a.example", |_| {}).await;
        let (other, public) = (pairwise(&server, "other", "b.example", |_| {}).await, server.rp());
        let mut browser = alice(&server).await;
        let given = tokens(&rp, &mut browser).await;
        let (claims, sub, sid) = (given.claims(), text(&given.claims(), "sub"), text(&given.claims(), "sid"));
        assert_eq!((sub.len(), sid.len()), (43, 43), "{claims}");
        let access = given.access_claims();
        assert_eq!((text(&access, "sub"), text(&access, "sid")), (sub.clone(), sid.clone()));
        assert_eq!(text(&rp.userinfo(&given.text("access_token")).await.body, "sub"), sub);
        for token in ["access_token", "refresh_token"] {
            let told = introspected(&rp, &given.text(token)).await;
            assert_eq!((&told["active"], text(&told, "sub")), (&json!(true), sub.clone()), "{token}");
        }
        let next = rp.refresh(&given.text("refresh_token")).await;
        assert_eq!((text(&next.claims(), "sub"), text(&next.claims(), "sid")), (sub.clone(), sid.clone()));
        // Another browser, and another node, tell the same user.
        let mut second = server.rp_at(1, &server.pool().origin.clone());
        second.client_id.clone_from(&rp.client_id);
        second.redirect_uri.clone_from(&rp.redirect_uri);
        let mut elsewhere = server.browser_at(1, &server.pool().origin.clone());
        elsewhere.sign_in("alice").await;
        let there = tokens(&second, &mut elsewhere).await.claims();
        assert_eq!(text(&there, "sub"), sub);
        assert_ne!(text(&there, "sid"), sid);
        // The sector has one name, and nobody else has it.
        let claims = tokens(&same, &mut browser).await.claims();
        assert_eq!((text(&claims, "sub"), text(&claims, "sid")), (sub.clone(), sid.clone()));
        let claims = tokens(&other, &mut browser).await.claims();
        assert!(text(&claims, "sub") != sub && text(&claims, "sid") != sid);
        let claims = tokens(&public, &mut browser).await.claims();
        assert_eq!(text(&claims, "sub"), id);
        assert_ne!(text(&claims, "sid"), sid);
        // An administrator can tell who it is.
        let known = server.admin().user_by_subject("main", &sub).await.unwrap();
        assert_eq!(
            (known.user.username.as_str(), known.applications.as_slice()),
            ("alice", &["one".into(), "same".into()][..])
        );
        assert_eq!(server.admin().user_by_subject("main", &id).await.unwrap().applications, ["app"]);
        for nobody in [&sid, "x"] {
            let found = server.admin().user_by_subject("main", nobody).await;
            assert!(matches!(found, Err(AdminError::NoSuchUser { .. })));
        }
        // The end of the session is told in the same words.
        let hint = given.text("id_token");
        browser.get(&format!("/oidc/session/end?id_token_hint={hint}")).await;
        server.tell_applications().await;
        let told: Vec<Value> = ear.tokens().iter().map(|token| payload(token)).collect();
        assert_eq!(told.len(), 1);
        assert_eq!((text(&told[0], "sub"), text(&told[0], "sid")), (sub, sid));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hint_and_a_claim_name_the_user_in_the_words_of_the_application() {
    let server = server(Setup::default()).await;
    server.add_user("bob").await;
    let rp = pairwise(&server, "one", "a.example", |_| {}).await;
    let mut browser = alice(&server).await;
    let given = tokens(&rp, &mut browser).await;
    let (hint, sub) = (given.text("id_token"), text(&given.claims(), "sub"));
    let claim = |sub: &str| json!({ "id_token": { "sub": { "value": sub } } }).to_string();
    let mut bob = server.browser();
    bob.sign_in("bob").await;
    for (name, value) in [("id_token_hint", hint.clone()), ("claims", claim(&sub))] {
        let asked = [(name, value.as_str())];
        rp.verified(&rp.silent(&mut browser, &asked).await).await;
        assert_eq!(rp.silent(&mut bob, &asked).await.error(), Some("login_required"), "{name}");
        let page = rp.authorize(&mut bob, &asked).await;
        let page = bob.log_in(&page, "bob", PASSWORD).await;
        assert_eq!(rp.callback(&page).error(), Some("login_required"), "{name}");
    }
    // The public name of the user is nobody here.
    let id = text(&tokens(&server.rp(), &mut browser).await.claims(), "sub");
    let silent = rp.silent(&mut browser, &[("claims", claim(&id).as_str())]).await;
    assert_eq!(silent.error(), Some("login_required"));
    // Signing out by a hint asks nobody.
    let page = browser.get(&format!("/oidc/session/end?id_token_hint={hint}")).await;
    assert!(!page.has_id("logout-confirm"), "{}", page.body);
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("login_required"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c53_nothing_that_two_sectors_are_given_is_the_same() {
    let server = server(Setup::default()).await;
    let front = |host: &'static str| {
        move |client: &mut Client| {
            client.scopes = vec!["openid".to_owned(), "offline_access".to_owned()];
            client.logout.frontchannel_logout_uri = Some(format!("https://{host}/out"));
        }
    };
    let one = pairwise(&server, "one", "a.example", front("a.example")).await;
    let two = pairwise(&server, "two", "b.example", front("b.example")).await;
    let mut browser = alice(&server).await;
    let scope = [("scope", "openid offline_access")];
    let mut seen: Vec<Vec<String>> = Vec::new();
    let mut hint = String::new();
    for rp in [&one, &two] {
        let page = rp.authorize(&mut browser, &scope).await;
        let given = rp.verified(&rp.callback(&page)).await;
        let told = introspected(rp, &given.text("access_token")).await;
        let mut values = Vec::new();
        for claims in [given.claims(), given.access_claims(), told, given.body.clone()] {
            for (name, value) in claims.as_object().unwrap() {
                // What every user of the pool has in common, and the moment of the sign-in, which is the same by nature.
                let common = [
                    "iss",
                    "exp",
                    "iat",
                    "auth_time",
                    "acr",
                    "amr",
                    "scope",
                    "nonce",
                    "active",
                    "token_type",
                    "expires_in",
                    "aud",
                ];
                if !common.contains(&name.as_str()) {
                    values.push(value.to_string());
                }
            }
        }
        seen.push(values);
        hint = given.text("id_token");
    }
    let both: Vec<&String> = seen[0].iter().filter(|value| seen[1].contains(value)).collect();
    assert_eq!(both, Vec::<&String>::new());
    let page = browser.get(&format!("/oidc/session/end?id_token_hint={hint}")).await;
    let frames: Vec<String> = page.body.split("<iframe").skip(1).map(str::to_owned).collect();
    assert_eq!(frames.len(), 2, "{}", page.body);
    let sid = |frame: &String| {
        frame
            .split("sid=")
            .nth(1)
            .unwrap()
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
            .collect::<String>()
    };
    assert_ne!(sid(&frames[0]), sid(&frames[1]));
    assert_eq!(sid(&frames[0]).len(), 43);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_moves_to_another_sector_is_told_of_no_sign_out_from_before() {
    let server = server(Setup::default()).await;
    let ear = Ear::open().await;
    let rp = pairwise(&server, "one", "a.example", |client| {
        client.logout.backchannel_logout_uri = Some(ear.uri.clone());
    })
    .await;
    let mut browser = alice(&server).await;
    let hint = tokens(&rp, &mut browser).await.text("id_token");
    browser.get(&format!("/oidc/session/end?id_token_hint={hint}")).await;
    assert_eq!(server.admin().logouts_of("main", "one", 9).await.unwrap().len(), 1);
    let mut client = server.admin().client_named("main", "one").await.unwrap();
    client.redirect_uris = vec!["https://b.example/callback".to_owned()];
    server.admin().put_client("main", ClientSpec { client, secret: SecretSpec::Keep }).await.unwrap();
    server.refresh().await;
    server.tell_applications().await;
    assert_eq!(ear.tokens(), Vec::<String>::new(), "it would learn the name in the other sector");
}

async fn register(server: &Server, metadata: &Value) -> Page {
    server.browser().json("POST", "/oidc/register", None, &metadata.to_string()).await
}

fn body(page: &Page) -> Value {
    serde_json::from_str(&page.body).unwrap_or_default()
}

fn open() -> Setup {
    let mut setup = Setup::default();
    setup.settings.client_registration =
        ClientRegistration { mode: RegistrationMode::Open, ..ClientRegistration::default() };
    setup
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c54_nobody_gets_into_the_sector_of_somebody_else() {
    let mut setup = open();
    setup.settings.client_registration.grants.insert(GrantType::DeviceCode);
    let server = server(setup).await;
    let list = Document::of("application/json", r#"["https://a.example/cb","http://127.0.0.1/cb"]"#).await;
    let (known, out) = (list.well_known(), "backchannel_logout_uri");
    let metadata = |uris: Value, sector: Option<&str>| {
        let mut metadata =
            json!({ "subject_type": "pairwise", "redirect_uris": uris, "client_name": "Notes" });
        if let Some(sector) = sector {
            metadata["sector_identifier_uri"] = sector.into();
        }
        metadata
    };
    let two = json!(["https://a.example/cb", "https://b.example/cb"]);
    let mut device = metadata(json!(["https://a.example/cb"]), None);
    device["grant_types"] = json!(["authorization_code", GrantType::DeviceCode.as_str()]);
    let mut elsewhere = metadata(json!(["https://a.example/cb"]), None);
    elsewhere[out] = "https://evil.example/out".into();
    let mut listed = metadata(json!(["https://a.example/cb"]), Some(&known));
    listed[out] = "https://evil.example/out".into();
    for refused in [
        // Several hosts, and nobody says that they belong together, or not all of them do.
        metadata(two.clone(), None),
        metadata(two.clone(), Some(&known)),
        metadata(json!(["https://evil.example/cb"]), Some(&known)),
        metadata(two.clone(), Some("http://a.example/.well-known/list")),
        metadata(two.clone(), Some("http://127.0.0.1:1/.well-known/list")),
        // Any page of a host may be somebody's; this place is not.
        metadata(json!(["https://a.example/cb"]), Some(&list.uri)),
        // Every machine has this address.
        metadata(json!(["http://127.0.0.1/cb"]), Some(&known)),
        // Sign-outs name users, too, and need no code.
        elsewhere,
        listed,
        // Nobody is answered at that address who signs in with a code on a device.
        device,
    ] {
        let page = register(&server, &refused).await;
        let error = body(&page);
        assert_eq!(
            (page.status.as_u16(), &error["error"]),
            (400, &json!("invalid_client_metadata")),
            "{refused}"
        );
    }
    for bad in ["{}", "nonsense", r#"{"redirect_uris":["https://a.example/cb"]}"#] {
        let list = Document::of("application/json", bad).await;
        let metadata = metadata(json!(["https://a.example/cb"]), Some(&list.well_known()));
        assert_eq!(register(&server, &metadata).await.status, 400, "{bad}");
    }
    let mut good = metadata(json!(["https://a.example/cb"]), Some(&known));
    good[out] = "https://a.example/out".into();
    let good = register(&server, &good).await;
    assert_eq!(good.status, 201, "{}", good.body);
    assert_eq!(
        (&body(&good)["subject_type"], &body(&good)["sector_identifier_uri"]),
        (&json!("pairwise"), &json!(known))
    );

    // Who was in one sector and moves into another takes nobody along: what it was given has ended.
    let mut own = metadata(json!(["https://evil.example/cb"]), None);
    own["grant_types"] = json!(["authorization_code", "refresh_token"]);
    let told = body(&register(&server, &own).await);
    let mut rp = named(&server.rp(), &text(&told, "client_id"));
    rp.secret = told["client_secret"].as_str().map(str::to_owned);
    rp.redirect_uri = "https://evil.example/cb".to_owned();
    let mut browser = server.browser();
    let page = rp.authorize(&mut browser, &[]).await;
    let page = password(&mut browser, &page).await;
    let page = browser.submit(page.form_of("#consent-allow")).await;
    let given = rp.exchange(&rp.callback(&page).code()).await;
    assert_eq!(given.status, 200, "{:?}", given.body);
    let mut moved = own.clone();
    moved["client_id"] = told["client_id"].clone();
    moved["redirect_uris"] = json!(["https://a.example/cb"]);
    let (place, token) = (text(&told, "registration_client_uri"), text(&told, "registration_access_token"));
    let page = server.browser().json("PUT", &place, Some(&token), &moved.to_string()).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(rp.refresh(&given.text("refresh_token")).await.error(), Some("invalid_grant"));
    assert_eq!(rp.userinfo(&given.text("access_token")).await.error(), Some("invalid_token"));
    assert_eq!(introspected(&rp, &given.text("access_token")).await, json!({ "active": false }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_was_taken_from_the_list_is_in_no_sector() {
    let server = server(open()).await;
    let list = Document::of("application/json", r#"["https://a.example/cb","https://b.example/cb"]"#).await;
    let join = async |host: &str| {
        let metadata = json!({ "subject_type": "pairwise", "redirect_uris": [format!("https://{host}/cb")],
            "sector_identifier_uri": list.well_known() });
        register(&server, &metadata).await.status.as_u16()
    };
    assert_eq!(join("a.example").await, 201);
    list.becomes(r#"["https://a.example/cb"]"#);
    // What was read is kept for longer than this.
    server.clock.advance(61);
    assert_eq!((join("b.example").await, join("a.example").await), (400, 201));
    // Nobody reads a list on which nothing depends.
    let asked = list.asked();
    let public =
        json!({ "redirect_uris": ["https://b.example/cb"], "sector_identifier_uri": list.well_known() });
    server.clock.advance(61);
    assert_eq!(register(&server, &public).await.status, 201);
    assert_eq!(list.asked(), asked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_has_us_read_more_lists_than_applications_may_register() {
    let mut setup = open();
    setup.settings.client_registration.documents = MetadataDocuments::Any;
    let server = server(setup).await;
    let list = Document::of("application/json", "[]").await;
    let metadata = json!({ "subject_type": "pairwise", "redirect_uris": ["https://a.example/cb"],
        "client_name": "Notes", "sector_identifier_uri": list.well_known() });
    // A document and its list are two addresses.
    let document = Document::of("application/json", "").await;
    let mut described = metadata.clone();
    described["client_id"] = document.uri.clone().into();
    document.becomes(&described.to_string());
    let rp = named(&server.rp(), &document.uri);
    for _ in 0..7 {
        assert!(!rp.authorize(&mut server.browser(), &[]).await.left);
        server.clock.advance(61);
    }
    assert_eq!((list.asked(), document.asked()), (5, 1));
    // Nor does an initial access token help, which nothing spends that is refused.
    server.clock.advance(3600);
    let token = server.admin().registration_token("main", 3600).await.unwrap().token;
    let mut seen = Vec::new();
    for _ in 0..11 {
        let page = server.browser().json("POST", "/oidc/register", Some(&token), &metadata.to_string()).await;
        seen.push(text(&body(&page), "error"));
    }
    assert_eq!(seen.pop().as_deref(), Some("temporarily_unavailable"));
    assert!(seen.iter().all(|error| error == "invalid_client_metadata"), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn grants_end_where_somebody_else_moved_the_application_meanwhile() {
    on_every_engine(|engine| async move {
        let server = server(Setup::on(engine)).await;
        let rp = pairwise(&server, "one", "a.example", |_| {}).await;
        let given = tokens(&rp, &mut alice(&server).await).await;
        let mut client = server.admin().client_named("main", "one").await.unwrap();
        let mut moved = client.clone();
        moved.redirect_uris = vec!["https://b.example/callback".to_owned()];
        "New name".clone_into(&mut client.name);
        // Between the plan and what it writes passwords are hashed.
        let mut spec = server.spec_of_main();
        spec.clients = vec![ClientSpec { client, secret: SecretSpec::Keep }];
        spec.users = vec![UserSpec {
            username: Username::parse("bob").unwrap(),
            email: None,
            email_verified: false,
            ..spec.users[0].clone()
        }];
        let rows = server.rows();
        let meanwhile = |_: Progress| {
            let moved = moved.clone();
            let write = rows.write(move |tx| {
                let moved = moved.clone();
                async move { tx.upsert_client(&moved).await }
            });
            block_in_place(|| Handle::current().block_on(write)).unwrap();
        };
        let applied = server.admin().apply_telling(&[spec], &meanwhile).await.unwrap();
        let step = applied.plan.steps.iter().find(|step| step.kind == "client").unwrap();
        assert!(!step.changes.iter().any(|line| line.starts_with("WARNING")), "{:?}", step.changes);
        server.refresh().await;
        assert_eq!(rp.refresh(&given.text("refresh_token")).await.error(), Some("invalid_grant"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c55_an_application_that_was_accepted_outlives_its_list_and_the_key_ring() {
    on_every_engine(|engine| async move {
        let mut server = server(Setup::on(engine)).await;
        let list =
            Document::of("application/json", r#"["https://a.example/callback","https://b.example/cb"]"#)
                .await;
        let uri = list.uri.clone();
        let rp = pairwise(&server, "one", "a.example", |client| {
            client.redirect_uris.push("https://b.example/cb".to_owned());
            client.sector_identifier_uri = Some(uri.clone());
        })
        .await;
        let mut browser = alice(&server).await;
        let sub = text(&tokens(&rp, &mut browser).await.claims(), "sub");
        let asked = list.asked();
        list.answers(404);
        // Changes of other things do not ask for it, nor does a sign-in.
        server.clock.advance(4000);
        let mut client = server.admin().client_named("main", "one").await.unwrap();
        "New name".clone_into(&mut client.name);
        let spec = |client: &Client| ClientSpec { client: client.clone(), secret: SecretSpec::Keep };
        server.admin().put_client("main", spec(&client)).await.unwrap();
        server.refresh().await;
        assert_eq!(text(&tokens(&rp, &mut browser).await.claims(), "sub"), sub);
        assert_eq!(list.asked(), asked);
        // Another address does, and is refused with its cause.
        let mut more = client.clone();
        more.redirect_uris.push("https://c.example/cb".to_owned());
        let refused = server.admin().put_client("main", spec(&more)).await;
        assert!(matches!(refused, Err(AdminError::Sector { .. })));
        assert_eq!(text(&tokens(&rp, &mut browser).await.claims(), "sub"), sub);
        // Keys come and go; the names stay.
        let how = KeyRotation { now: true, forget: true };
        server.admin().rotate_keys("main", &TokenAlg::ALL, how).await.unwrap();
        assert_eq!(server.replace_key().await.subject_secrets, 1);
        assert_eq!(server.admin().opens_subject_secret("main").await.unwrap(), Some(true));
        assert_eq!(server.admin().opens_subject_secret("other").await.unwrap(), None);
        let mut browser = alice(&server).await;
        assert_eq!(text(&tokens(&rp, &mut browser).await.claims(), "sub"), sub);
        // Whoever changes what it is told is warned, and what it was given ends.
        let given = tokens(&rp, &mut browser).await;
        client.subject_type = SubjectType::Public;
        let applied = server.admin().put_client("main", spec(&client)).await.unwrap();
        let step = applied.plan.steps.iter().find(|step| step.kind == "client").unwrap();
        assert!(
            step.action == PlanAction::Update && step.changes.iter().any(|line| line.starts_with("WARNING")),
            "{:?}",
            step.changes
        );
        server.refresh().await;
        assert_eq!(rp.refresh(&given.text("refresh_token")).await.error(), Some("invalid_grant"));
        assert_ne!(text(&tokens(&rp, &mut browser).await.claims(), "sub"), sub);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_native_application_is_a_sector_of_its_own() {
    let server = server(Setup::default()).await;
    let mut browser = alice(&server).await;
    let mut subs = Vec::new();
    for id in ["first", "second"] {
        server
            .add_client(id, |client| {
                client.kind = ClientKind::Public;
                client.auth_method = None;
                client.subject_type = SubjectType::Pairwise;
            })
            .await;
        let mut rp = named(&server.rp(), id);
        rp.secret = None;
        let page = rp.authorize(&mut browser, &[("scope", EVERYTHING)]).await;
        subs.push(text(&rp.verified(&rp.callback(&page)).await.claims(), "sub"));
    }
    assert_ne!(subs[0], subs[1], "every machine has loopback addresses");
}
