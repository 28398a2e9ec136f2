//! The browser tells applications that its user has signed out: OpenID Connect Front-Channel Logout 1.0.

use crate::support::{named, tokens_of};
use vestibule_tests::{App, Browser, Engine, Page, Server, Setup, Tokens, on_every_engine};

const OUT: &str = "http://127.0.0.1:9/front";
const SECOND: &str = "https://second.example/out?a=b&c";
const BACK: &str = "http://127.0.0.1:9/signed-out";

/// The application `app` at [`OUT`], `second` at [`SECOND`], and `deaf`, which has no such page.
async fn listening(engine: Engine) -> Server {
    let out =
        |client: &mut vestibule_domain::Client| client.logout.frontchannel_logout_uri = Some(OUT.to_owned());
    let server = Setup::on(engine).client(out).start().await;
    let second = |client: &mut vestibule_domain::Client| {
        client.redirect_uris.push("https://second.example/callback".to_owned());
        client.logout.frontchannel_logout_uri = Some(SECOND.to_owned());
    };
    server.add_client("second", second).await;
    server.add_client("deaf", |client| client.logout.frontchannel_logout_uri = None).await;
    server
}

/// A browser that is signed in to `app`, and to these.
async fn signed_in_to(server: &Server, others: &[&str]) -> (App, Browser, Tokens) {
    let rp = server.rp();
    let (mut browser, tokens) = tokens_of(server, &rp).await;
    for id in others {
        let other = named(&rp, id);
        other.verified(&other.silent(&mut browser, &[]).await).await;
    }
    (rp, browser, tokens)
}

fn frames(page: &Page) -> Vec<String> {
    let document = scraper::Html::parse_document(&page.body);
    let frames = scraper::Selector::parse("iframe").unwrap();
    let frame = |element: scraper::ElementRef<'_>| {
        let value = |name| element.value().attr(name);
        assert_eq!(value("sandbox"), Some("allow-scripts allow-same-origin"), "it leads the page nowhere");
        assert!(value("hidden").is_some());
        value("src").unwrap().to_owned()
    };
    document.select(&frames).map(frame).collect()
}

fn policy(page: &Page) -> &str {
    page.headers["content-security-policy"].to_str().unwrap()
}

fn framed(page: &Page) -> Option<&str> {
    policy(page).split("; ").find_map(|directive| directive.strip_prefix("frame-src "))
}

/// What an address is told besides its own query.
fn told(server: &Server, tokens: &Tokens) -> String {
    let (issuer, sid) = (server.pool().origin.issuer(), tokens.claims()["sid"].as_str().unwrap().to_owned());
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("iss", &issuer)
        .append_pair("sid", &sid)
        .finish()
}

fn query(pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("/oidc/session/end?{query}")
}

async fn sign_out(browser: &mut Browser) -> Page {
    let page = browser.get("/u").await;
    browser.submit(page.form_of("#sign-out")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_after_a_sign_out_loads_each_application_of_the_session() {
    on_every_engine(|engine| async move {
        let server = listening(engine).await;
        let (_, mut browser, tokens) = signed_in_to(&server, &["second", "deaf"]).await;
        assert_eq!(framed(&browser.get("/u").await), None, "no other page frames anything");
        let page = sign_out(&mut browser).await;
        assert_eq!(page.status, 200);
        let told = told(&server, &tokens);
        assert_eq!(frames(&page), [format!("{OUT}?{told}"), format!("{SECOND}&{told}")]);
        assert_eq!(framed(&page), Some("http://127.0.0.1:9 https://second.example"));
        assert!(policy(&page).starts_with("default-src 'none'; script-src 'self';"), "{}", policy(&page));
        assert_eq!(page.attribute("#signed-out-back", "href").as_deref(), Some("/u"));
        assert!(!page.has("meta[http-equiv]"), "nobody wants the user elsewhere");
        assert!(!browser.cookies.contains_key("vestibule"));
        assert_eq!(page.headers["cache-control"], "no-store");
        // Once more is as good as once.
        assert_eq!(frames(&browser.get(&page.url).await).len(), 2);
        // Whoever was given nothing but by one application has one frame, and without one there is no such page.
        let (_, mut browser, tokens) = signed_in_to(&server, &["deaf"]).await;
        assert_eq!(
            frames(&sign_out(&mut browser).await),
            [format!("{OUT}?{}", self::told(&server, &tokens))]
        );
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        let page = sign_out(&mut browser).await;
        assert!(page.url.ends_with("/oidc/session/end"), "{}", page.url);
        assert_eq!((frames(&page), framed(&page)), (vec![], None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_leads_on_to_where_the_application_wants_it() {
    on_every_engine(|engine| async move {
        let server = listening(engine).await;
        let to = format!("{BACK}?state=a%3Bb%27%22%26c");
        for confirmed in [false, true] {
            let (_, mut browser, tokens) = signed_in_to(&server, &["second"]).await;
            let hint = tokens.text("id_token");
            let mut asked =
                vec![("client_id", "app"), ("post_logout_redirect_uri", BACK), ("state", "a;b'\"&c")];
            if !confirmed {
                asked.push(("id_token_hint", &hint));
            }
            let mut page = browser.get(&query(&asked)).await;
            if confirmed {
                page = browser.submit(page.form_of("#logout-confirm")).await;
            }
            assert!(!page.left && page.status == 200, "{} {}", page.url, page.body);
            assert_eq!(frames(&page).len(), 2);
            assert_eq!(page.attribute("meta[http-equiv='refresh']", "content"), Some(format!("3;url={to}")));
            assert_eq!(page.attribute("#signed-out-back", "href"), Some(to.clone()));
            assert!(page.text("#signed-out-back").contains("The Application"));
            assert!(!policy(&page).contains("form-action"), "it leads away");
            // The registration of now decides.
            server.add_client("app", |client| client.post_logout_redirect_uris.clear()).await;
            let page = browser.get(&page.url).await;
            assert!(!page.has("meta[http-equiv]") && !page.body.contains(BACK), "{}", page.body);
            let again = |client: &mut vestibule_domain::Client| {
                client.logout.frontchannel_logout_uri = Some(OUT.to_owned());
            };
            server.add_client("app", again).await;
        }
        // Without such an application in the session the browser goes at once.
        let rp = named(&server.rp(), "deaf");
        let (mut browser, tokens) = tokens_of(&server, &rp).await;
        let hint = tokens.text("id_token");
        let asked = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BACK), ("state", "s")];
        let page = browser.get(&query(&asked)).await;
        assert!(page.left && page.url == format!("{BACK}?state=s"), "{}", page.url);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c29_the_page_is_for_the_browser_that_signed_out_and_for_a_while() {
    let server = listening(Engine::Sqlite).await;
    let (_, mut browser, _) = signed_in_to(&server, &["second"]).await;
    let url = sign_out(&mut browser).await.url;
    let path = &url[url.find("/oidc").unwrap()..];
    assert_eq!(frames(&browser.get(path).await).len(), 2);
    let plain = |page: &Page| {
        assert_eq!((page.status.as_u16(), frames(page), framed(page)), (200, vec![], None));
        assert_eq!(page.attribute("#signed-out-back", "href").as_deref(), Some("/u"));
    };
    // Another browser that was sent the address, another pool, a changed one.
    plain(&server.browser().get(path).await);
    plain(&server.browser_at(0, &server.other().origin).get(path).await);
    for changed in
        [path[..path.len() - 4].to_owned(), format!("{path}AAAA"), "/oidc/session/end?ended=".to_owned()]
    {
        plain(&browser.get(&changed).await);
    }
    // Whoever is signed in again is asked as ever.
    let page = browser.get("/login").await;
    let mut other = browser.clone();
    other.log_in(&page, "alice", vestibule_tests::PASSWORD).await;
    let page = other.get(path).await;
    assert!(page.has_id("logout-confirm") && frames(&page).is_empty(), "{}", page.body);
    server.add_client("second", |client| client.enabled = false).await;
    assert_eq!(frames(&browser.get(path).await).len(), 1, "a disabled application is not loaded");
    server.clock.advance(599);
    assert_eq!(frames(&browser.get(path).await).len(), 1);
    server.clock.advance(1);
    plain(&browser.get(path).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_applications_do_not_make_an_answer_without_bounds() {
    let server = listening(Engine::Sqlite).await;
    let ids: Vec<String> = (0..40).map(|number| format!("app-{number:02}")).collect();
    for id in &ids {
        let host = format!("{id}.{}.example", "a".repeat(60));
        let change = move |client: &mut vestibule_domain::Client| {
            client.redirect_uris.push(format!("https://{host}/callback"));
            client.logout.frontchannel_logout_uri = Some(format!("https://{host}/out"));
        };
        server.add_client(id, change).await;
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let (_, mut browser, _) = signed_in_to(&server, &ids).await;
    let page = sign_out(&mut browser).await;
    let count = frames(&page).len();
    assert!((10..=32).contains(&count), "{count}");
    assert!(policy(&page).len() < 2500, "{}", policy(&page).len());
    assert_eq!(framed(&page).unwrap().split(' ').count(), count, "exactly those");
}
