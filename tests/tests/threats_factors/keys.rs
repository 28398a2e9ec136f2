//! Answers of authenticators, bent in every way that somebody could bend them.

use crate::support::{
    SESSION, answered, anything, failures, forgive, got_in, holder, is_inside, options, pending, pending_at,
    prove_first_factor, state, user,
};
use serde_json::Value;
use vestibule_mfa::soft_authenticator::{Manners, SoftAuthenticator, decode, encode};
use vestibule_tests::{Browser, Page, Server, at_once, on_every_engine};

/// A way to answer wrongly, by name.
type Bent = (&'static str, Box<dyn Fn(&mut SoftAuthenticator) + Send + Sync>);

fn manners(name: &'static str, change: impl Fn(&mut Manners) + Send + Sync + 'static) -> Bent {
    (name, Box::new(move |key| change(&mut key.manners)))
}

/// Every way that is wrong at both factors, for an authenticator that is not synced.
async fn bent(server: &Server) -> Vec<Bent> {
    let (host, port) = (server.pool().origin.host().to_owned(), server.address(0).port());
    let origins = [
        ("another site", "https://evil.example".to_owned()),
        ("a sub-domain", format!("http://login.{host}:{port}")),
        ("the domain above", format!("http://localhost:{port}")),
        ("another pool", server.other().origin.to_string()),
        ("https", format!("https://{host}:{port}")),
        ("another port", format!("http://{host}:{}", port ^ 1)),
        ("no port", format!("http://{host}")),
        ("a slash at the end", format!("http://{host}:{port}/")),
        ("capitals", format!("http://{}:{port}", host.to_uppercase())),
        ("a host that begins like ours", format!("http://{host}.evil.example:{port}")),
        ("a user before the host", format!("http://x@{host}:{port}")),
        ("null", "null".to_owned()),
        ("nothing", String::new()),
    ];
    let mut bent: Vec<Bent> = origins
        .into_iter()
        .map(|(name, origin)| manners(name, move |manners| manners.origin = Some(origin.clone())))
        .collect();
    let (bob, foreign) = (user(server, "bob").await.id, server.other().origin.host().to_owned());
    bent.extend([
        manners("in a frame of another site", |manners| manners.cross_origin = Some(true)),
        manners("below another site", |manners| {
            manners.top_origin = Some("https://evil.example".to_owned());
        }),
        manners("of a registration", |manners| manners.act = Some("webauthn.create".to_owned())),
        manners("of a payment", |manners| manners.act = Some("payment.get".to_owned())),
        manners("for another pool's id", move |manners| manners.rp_id = Some(foreign.clone())),
        manners("for the domain above", |manners| manners.rp_id = Some("localhost".to_owned())),
        manners("without anybody there", |manners| manners.user_present = false),
        manners("of a copy, suddenly", |manners| {
            (manners.backup_eligible, manners.backup_state) = (true, true);
        }),
        manners("that could be copied, suddenly", |manners| manners.backup_eligible = true),
        manners("that is a copy and cannot be one", |manners| manners.backup_state = true),
        manners("of a challenge of the attacker's", |manners| manners.challenge = Some(encode(&[7; 32]))),
        manners("of an empty challenge", |manners| manners.challenge = Some(String::new())),
        manners("for somebody else", move |manners| {
            manners.user_handle = Some(Some(bob.as_bytes().to_vec()));
        }),
        manners("for nobody there is", |manners| manners.user_handle = Some(Some(vec![9; 16]))),
        manners("for a handle of no user", |manners| manners.user_handle = Some(Some(vec![1, 2, 3]))),
        ("with its counter back", Box::new(|key| key.counter = Some(0))),
        ("with its counter where it was", Box::new(|key| key.counter = key.counter.map(|last| last - 1))),
    ]);
    bent
}

/// An assertion with something of it changed after it was signed.
fn forged(answer: &str, change: impl Fn(&mut Value)) -> String {
    let mut answer: Value = serde_json::from_str(answer).unwrap();
    change(&mut answer);
    answer.to_string()
}

fn flip(value: &mut Value) {
    let mut bytes = decode(value.as_str().unwrap());
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    *value = encode(&bytes).into();
}

/// What can be done to a signed answer on its way.
fn forgeries(answer: &str) -> Vec<(&'static str, String)> {
    vec![
        ("another signature", forged(answer, |one| flip(&mut one["response"]["signature"]))),
        ("other data", forged(answer, |one| flip(&mut one["response"]["authenticatorData"]))),
        ("no signature", forged(answer, |one| one["response"]["signature"] = "".into())),
        ("another type", forged(answer, |one| one["type"] = "password".into())),
        ("two identifiers", forged(answer, |one| one["id"] = encode(&[5; 32]).into())),
        ("no data", forged(answer, |one| one["response"]["authenticatorData"] = "".into())),
        ("an array", "[]".to_owned()),
        ("nothing", String::new()),
        ("deep", "[".repeat(60_000)),
    ]
}

/// A key of alice's, and bob, who has none; her key has answered before.
async fn town(setup: vestibule_tests::Setup, kind: &str) -> (Server, SoftAuthenticator) {
    let server = setup.start().await;
    server.add_user("bob").await;
    let mut key = SoftAuthenticator::counting();
    holder(&server, "alice", kind, &mut key).await;
    key.counter = Some(50);
    (server, key)
}

/// Sends an answer at the first factor from a new browser.
async fn at_first_factor(server: &Server, spoil: impl FnOnce(&Page) -> String) -> (Browser, Page) {
    let mut browser = server.browser();
    let login = browser.get("/u").await;
    let form = login.form_of("#passkey-submit").with("credential", &spoil(&login));
    let page = browser.submit(form).await;
    (browser, page)
}

/// Sends an answer at the second factor from a new browser.
async fn at_second_factor(server: &Server, spoil: impl FnOnce(&Page) -> String) -> (Browser, Page) {
    let (mut browser, asked) = pending(server, "alice").await;
    let form = asked.form_of("#factor-submit").with("credential", &spoil(&asked));
    let page = browser.submit(form).await;
    (browser, page)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a33_and_a35_a_bent_answer_opens_the_first_door_to_nobody() {
    on_every_engine(|engine| async move {
        let (server, mut key) = town(anything(engine), "passkey").await;
        let origin = server.pool().origin.to_string();
        let (_, page) = prove_first_factor(&server, &mut key).await;
        assert!(is_inside(&page), "{} {}", page.url, page.body);
        let (before, bobs) = (state(&server, "alice").await, state(&server, "bob").await);
        let mut ways = bent(&server).await;
        ways.push(manners("without a look at the user", |manners| manners.user_verified = false));
        ways.push(manners("without a handle", |manners| manners.user_handle = Some(None)));
        for (what, bend) in &ways {
            forgive(&server, "alice").await;
            let mut spoilt = key.clone();
            bend(&mut spoilt);
            let (browser, page) =
                at_first_factor(&server, |login| spoilt.get(&options(login), &origin)).await;
            assert!(page.status.as_u16() < 500 && page.has_id("form-error"), "{what} {}", page.body);
            assert!(!got_in(&browser, &page), "{what} {}", page.body);
            // Counted when it is about the user's own key, and never for somebody else.
            let hers = spoilt.manners.user_handle.is_none();
            assert_eq!(failures(&server, "alice", "passkey").await, u32::from(hers), "{what}");
            assert_eq!(failures(&server, "bob", "passkey").await, 0, "{what}");
            assert_eq!(state(&server, "alice").await, before, "{what}");
            assert_eq!(state(&server, "bob").await, bobs, "{what}");
        }
        // A key that nobody has registered, in her name: refused, and not held against her.
        forgive(&server, "alice").await;
        let handle = user(&server, "alice").await.id;
        let answer = |login: &Page, spoilt: &mut SoftAuthenticator| spoilt.get(&options(login), &origin);
        let (browser, page) = at_first_factor(&server, |login| {
            forged(&answer(login, &mut key.clone()), |one| {
                one["id"] = encode(&[5; 32]).into();
                one["rawId"] = encode(&[5; 32]).into();
                one["response"]["userHandle"] = encode(handle.as_bytes()).into();
            })
        })
        .await;
        assert!(!got_in(&browser, &page) && page.has_id("form-error"));
        assert_eq!(failures(&server, "alice", "passkey").await, 0);
        for number in 0..forgeries("{\"response\":{\"signature\":\"AA\",\"authenticatorData\":\"AA\"}}").len()
        {
            forgive(&server, "alice").await;
            let mut what = "";
            let (browser, page) = at_first_factor(&server, |login| {
                let forgery = forgeries(&answer(login, &mut key.clone())).swap_remove(number);
                what = forgery.0;
                forgery.1
            })
            .await;
            assert!(page.status.as_u16() < 500, "{what} {}", page.body);
            assert!(!got_in(&browser, &page), "{what} {}", page.body);
            assert_eq!(state(&server, "alice").await, before, "{what}");
        }
        // The same key, unbent: none of this was refused for another reason.
        forgive(&server, "alice").await;
        let (_, page) = prove_first_factor(&server, &mut key).await;
        assert!(is_inside(&page), "{} {}", page.url, page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a33_and_a35_a_bent_answer_opens_the_second_door_to_nobody() {
    on_every_engine(|engine| async move {
        for kind in ["passkey", "security-key"] {
            let (server, mut key) = town(anything(engine), kind).await;
            let origin = server.pool().origin.to_string();
            let (_, page) = at_second_factor(&server, |asked| key.get(&options(asked), &origin)).await;
            assert!(is_inside(&page), "{} {}", page.url, page.body);
            let before = state(&server, "alice").await;
            let mut ways = bent(&server).await;
            if kind == "passkey" {
                ways.push(manners("without a look at the user", |manners| manners.user_verified = false));
            }
            for (what, bend) in &ways {
                forgive(&server, "alice").await;
                let mut spoilt = key.clone();
                bend(&mut spoilt);
                let (browser, page) =
                    at_second_factor(&server, |asked| spoilt.get(&options(asked), &origin)).await;
                assert!(
                    page.status.as_u16() < 500 && page.has_id("form-error"),
                    "{kind} {what} {}",
                    page.body
                );
                assert!(!got_in(&browser, &page), "{kind} {what} {}", page.body);
                assert_eq!(failures(&server, "alice", kind).await, 1, "{kind} {what}");
                assert_eq!(state(&server, "alice").await, before, "{kind} {what}");
            }
            for number in 0..9 {
                forgive(&server, "alice").await;
                let mut what = "";
                let (browser, page) = at_second_factor(&server, |asked| {
                    let answer = key.clone().get(&options(asked), &origin);
                    let forgery = forgeries(&answer).swap_remove(number);
                    what = forgery.0;
                    forgery.1
                })
                .await;
                assert!(page.status.as_u16() < 500, "{kind} {what} {}", page.body);
                assert!(!got_in(&browser, &page), "{kind} {what} {}", page.body);
                assert_eq!(state(&server, "alice").await, before, "{kind} {what}");
            }
            forgive(&server, "alice").await;
            let (_, page) = at_second_factor(&server, |asked| key.get(&options(asked), &origin)).await;
            assert!(is_inside(&page), "{} {}", page.url, page.body);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a35_an_answer_to_one_sign_in_is_none_to_another() {
    on_every_engine(|engine| async move {
        let (server, mut key) = town(anything(engine), "passkey").await;
        let origin = server.pool().origin.to_string();
        // Of the first factor: an answer to the attacker's own page, on the victim's, and at the second factor.
        let theirs = server.browser().get("/login").await;
        let (_, other) = pending(&server, "alice").await;
        for from in [&theirs, &other] {
            let (browser, page) =
                at_first_factor(&server, |_| key.clone().get(&options(from), &origin)).await;
            assert!(!got_in(&browser, &page), "{}", page.body);
            let (browser, page) =
                at_second_factor(&server, |_| key.clone().get(&options(from), &origin)).await;
            assert!(!got_in(&browser, &page), "{}", page.body);
            forgive(&server, "alice").await;
        }
        // The challenge of another browser together with its answer.
        let mut browser = server.browser();
        let own = browser.get("/u").await.form_of("#passkey-submit");
        let form = answered(&server, &theirs, &mut key);
        let planted = own.with("ceremony", form.value("ceremony").unwrap());
        let page = browser.submit(planted.with("credential", form.value("credential").unwrap())).await;
        assert!(!got_in(&browser, &page), "{}", page.body);
        // A right answer, once more: the same form, and on a page of its own.
        let mut browser = server.browser();
        let form = answered(&server, &browser.get("/u").await, &mut key);
        assert!(is_inside(&browser.submit(form.clone()).await));
        browser.cookies.remove(SESSION);
        let page = browser.submit(form.clone()).await;
        assert!(!got_in(&browser, &page), "{}", page.body);
        let (browser, page) =
            at_first_factor(&server, |_| form.value("credential").unwrap().to_owned()).await;
        assert!(!got_in(&browser, &page), "{}", page.body);
        let (browser, page) =
            at_second_factor(&server, |_| form.value("credential").unwrap().to_owned()).await;
        assert!(!got_in(&browser, &page), "{}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a35_of_twenty_times_the_same_answer_one_counts() {
    on_every_engine(|engine| async move {
        for counting in [true, false] {
            let server = anything(engine).nodes(3).start().await;
            let mut key = if counting { SoftAuthenticator::counting() } else { SoftAuthenticator::synced() };
            holder(&server, "alice", "passkey", &mut key).await;
            for first in [true, false] {
                let (browser, page, form) = if first {
                    let mut browser = server.browser();
                    let page = browser.get("/u").await;
                    let form = answered(&server, &page, &mut key);
                    (browser, page, form)
                } else {
                    let (browser, page) = pending_at(&server, "alice", 0).await;
                    let answer = key.get(&options(&page), server.pool().origin.as_str());
                    let form = page.form_of("#factor-submit").with("credential", &answer);
                    (browser, page, form)
                };
                let before = state(&server, "alice").await.sessions.len();
                let jobs = (0..20).map(|number| {
                    let mut copy = server.browser_at(number % 3, &server.pool().origin);
                    copy.cookies.clone_from(&browser.cookies);
                    let form = form.clone();
                    async move {
                        let page = copy.post(&form).await;
                        (copy.cookies.contains_key(SESSION), page.status)
                    }
                });
                let ended = at_once(jobs.collect::<Vec<_>>()).await;
                assert_eq!(ended.iter().filter(|(opened, _)| *opened).count(), 1, "{first} {ended:?}");
                assert!(ended.iter().all(|(_, status)| !status.is_server_error()), "{first} {ended:?}");
                assert_eq!(state(&server, "alice").await.sessions.len(), before + 1, "{first} {}", page.url);
                assert_eq!(failures(&server, "alice", "passkey").await, 0);
            }
        }
    })
    .await;
}
