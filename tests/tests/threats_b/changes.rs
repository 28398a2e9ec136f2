//! Changes of a password or a factor, accounts that are disabled, and signing out: what has to be dead afterwards,
//! on every node.

use crate::support::{SESSION, enrolled, enter, hidden, is_inside, is_signed_in, pending};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::task::JoinSet;
use vestibule_domain::{AccountPage, UserStatus};
use vestibule_flows::{Admission, HashCost, ResetAnswer, Unchanged, View};
use vestibule_tests::{App, Authenticator, Browser, PASSWORD, Page, Server, Setup, Tokens, on_every_engine};
use zeroize::Zeroizing;

const NEW: &str = "a drawbridge of new planks 9";

async fn change(browser: &mut Browser, current: &str, new: &str) -> Page {
    let page = browser.get("/u/password").await;
    let form = page.form("/u/password").with("current_password", current).with("new_password", new);
    browser.submit(form).await
}

async fn stored(server: &Server) -> Option<String> {
    server.rows().user_by_identifier("alice").await.unwrap().unwrap().password_hash
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b3_the_password_is_changed_only_by_who_knows_it() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    let before = stored(&server).await;
    for wrong in
        ["", "wrong", NEW, "Tulips over the moat 42", "tulips over the moat 42 ", &PASSWORD.repeat(50)]
    {
        server.clock.advance(3600);
        let page = change(&mut browser, wrong, NEW).await;
        assert_eq!(page.status, 400, "{wrong:?}: {}", page.body);
        assert!(page.has_id("form-error"));
    }
    let page = browser.get("/u/password").await;
    let mut form = page.form("/u/password").with("new_password", NEW).forged("password", PASSWORD);
    form.fields.retain(|(name, _)| name != "current_password");
    assert_eq!(browser.post(&form).await.status, 400);
    // Other ways to the same thing.
    for path in ["/u/profile", "/login/reset/complete", "/login/register/complete"] {
        let mut form = form.clone().forged("current_password", "wrong").forged("new_password", NEW);
        path.clone_into(&mut form.action);
        browser.post(&form.forged("password", NEW).forged("username", "alice")).await;
    }
    assert_eq!(stored(&server).await, before);
    assert!(server.audited("password-change", "refused").await >= 5);
    server.clock.advance(3600);
    let page = change(&mut browser, PASSWORD, NEW).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_ne!(stored(&server).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b3_guesses_of_the_current_password_are_counted_with_those_at_the_door() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        let mut refused = 0;
        for _ in 0..12 {
            refused += i32::from(change(&mut browser, "wrong", NEW).await.status == 429);
        }
        assert!(refused >= 5, "{refused}");
        let page = change(&mut browser, PASSWORD, NEW).await;
        assert_eq!(page.status, 429, "the right one was evaluated although the account is throttled");
        let mut other = server.browser();
        let page = other.sign_in("alice").await;
        assert_eq!(page.status, 429);
    })
    .await;
}

/// Everything somebody else may hold of alice's account while she changes something.
struct Held {
    session: Browser,
    under_way: (Browser, Page),
    enrolling: Option<(Browser, Page)>,
    code: String,
    tokens: Tokens,
    reset: String,
}

impl Held {
    async fn of(server: &Server, phone: &Authenticator) -> Self {
        let last = server.node_count() - 1;
        let origin = &server.pool().origin;
        let rp = server.rp_at(last, origin);
        let mut session = enter(server, last, phone).await;
        let tokens = rp.exchange(&rp.silent(&mut session, &[]).await.code()).await;
        let code = rp.silent(&mut session, &[]).await.code();
        let mut asking = server.browser();
        let page = asking.get("/login/reset").await;
        asking.submit(page.form_of("#reset-submit").with("identifier", "alice")).await;
        let reset = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
        let mut enrolling = session.clone();
        let page = enrolling.get("/u/security").await;
        let enrolling = match page.has_id("add-totp") {
            true => {
                let page = enrolling.submit(page.form_of("#add-totp")).await;
                page.has_id("totp-secret").then_some((enrolling, page))
            }
            false => None,
        };
        Self { session, under_way: pending(server, last).await, enrolling, code, tokens, reset }
    }

    async fn assert_dead(self, server: &Server, rp: &App, phone: &Authenticator, what: &str) {
        assert!(!is_signed_in(&self.session).await, "{what}: the other session lives");
        let answer = rp.silent(&mut self.session.clone(), &[]).await;
        assert_eq!(answer.error(), Some("login_required"), "{what}");
        assert_eq!(rp.exchange(&self.code).await.error(), Some("invalid_grant"), "{what}: the code");
        let refreshed = rp.refresh(&self.tokens.text("refresh_token")).await;
        assert_eq!(refreshed.error(), Some("invalid_grant"), "{what}: the refresh token");
        let me = rp.userinfo(&self.tokens.text("access_token")).await;
        assert_eq!(me.status, 401, "{what}: the access token at userinfo");
        let (mut browser, page) = self.under_way;
        let code = phone.code(&server.clock);
        let form = page.form_of("#factor-submit").with("code", &code);
        let answer = browser.submit(form).await;
        assert!(!is_inside(&answer) && !answer.left, "{what}: the sign-in under way went on");
        assert!(answer.has_id("login-submit"), "{what}: it begins again: {}", answer.body);
        let flow = hidden(&page, "flow");
        for path in ["/login/factor", "/login/codes/continue", "/login/enrol"] {
            let page = browser.get(&format!("{path}?flow={flow}")).await;
            assert!(page.has_id("login-submit"), "{what}: {path} {}", page.body);
        }
        assert!(!browser.cookies.contains_key(SESSION), "{what}");
        if let Some((mut browser, page)) = self.enrolling {
            let secret: String = page.text("#totp-secret").split_whitespace().collect();
            let code = Authenticator { secret, codes: Vec::new() }.code(&server.clock);
            let page = browser.submit(page.form_of("#enrol-submit").with("code", &code)).await;
            assert!(!page.has_id("recovery-codes") && !is_inside(&page), "{what}: the enrolment went on");
        }
        // A mailed link signs nobody in by itself; it dies with the password it is for, or with the account.
        if !what.contains("Factor") && what != "Removal" {
            let page = server.browser().get(&self.reset).await;
            assert!(!page.has_id("reset-complete-submit"), "{what}: the mailed link is still good");
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    Change,
    Reset,
    Removal,
    SetByOperator,
    FactorsResetByOperator,
    Disabled,
}

async fn happen(server: &Server, event: Event, owner: &mut Browser) {
    match event {
        Event::Change => {
            let page = change(owner, PASSWORD, NEW).await;
            assert_eq!(page.status, 200, "{}", page.body);
        }
        Event::Reset => {
            let mut browser = server.browser();
            let page = browser.get("/login/reset").await;
            browser.submit(page.form_of("#reset-submit").with("identifier", "alice")).await;
            let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
            let page = browser.get(&link).await;
            let page = browser.submit(page.form_of("#reset-complete-submit").with("password", NEW)).await;
            assert!(page.has_id("done-title"), "{}", page.body);
            assert!(!browser.cookies.contains_key(SESSION));
        }
        Event::Removal => {
            let page = owner.get("/u/security").await;
            let page = owner.get(&page.attribute(".remove-factor", "href").unwrap()).await;
            let page = owner.submit(page.form_of("#confirm-submit")).await;
            assert!(page.has_id("no-factors"), "{} {}", page.url, page.body);
        }
        Event::SetByOperator => {
            let new = Zeroizing::new(NEW.to_owned());
            server.admin().set_user_password("main", "alice", new).await.unwrap();
        }
        Event::FactorsResetByOperator => {
            let answer = server.admin().reset_factors("main", "alice").await.unwrap();
            assert!(matches!(answer, ResetAnswer::Done(_)), "{answer:?}");
        }
        Event::Disabled => {
            server.admin().set_user_status("main", "alice", UserStatus::Disabled).await.unwrap();
        }
    }
}

async fn everything_dies_by(event: Event) {
    on_every_engine(|engine| async move {
        let (server, mut owner, phone) = enrolled(Setup::on(engine).nodes(2)).await;
        // The owner proves the factor afresh, so that a removal is allowed.
        let page = server.rp().authorize(&mut owner, &[("prompt", "login")]).await;
        let page = owner.log_in(&page, "alice", PASSWORD).await;
        let page = owner.answer(&page, &phone.code(&server.clock)).await;
        assert!(page.left);
        server.clock.advance(30);
        let held = Held::of(&server, &phone).await;
        happen(&server, event, &mut owner).await;
        let kept = [Event::Change, Event::Removal].contains(&event);
        assert_eq!(is_signed_in(&owner).await, kept, "{event:?}: the session that made the change");
        for node in 0..server.node_count() {
            let rp = server.rp_at(node, &server.pool().origin);
            let refreshed = rp.refresh(&held.tokens.text("refresh_token")).await;
            assert_eq!(refreshed.error(), Some("invalid_grant"), "{event:?} at node {node}");
            let mut thief = server.browser_at(node, &server.pool().origin);
            thief.cookies = held.session.cookies.clone();
            assert!(!is_signed_in(&thief).await, "{event:?} at node {node}");
        }
        let rp = server.rp_at(1, &server.pool().origin);
        held.assert_dead(&server, &rp, &phone, &format!("{event:?}")).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b4_a_changed_password_ends_everything_else_and_sign_ins_under_way() {
    everything_dies_by(Event::Change).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b4_a_sign_in_that_checked_the_old_password_does_not_end_after_the_change() {
    on_every_engine(|engine| async move {
        // Hashing takes a while, so that the change overtakes sign-ins between their check and their end.
        let cost = HashCost { memory_kib: 2048, iterations: 3, parallelism: 1 };
        let server = Setup { cost, permits: 4, ..Setup::on(engine) }.start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let alice = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id.as_uuid();
        let mut entered = 0;
        for round in 0..6 {
            let (old, new) = if round % 2 == 0 { (PASSWORD, NEW) } else { (NEW, PASSWORD) };
            let changed = Arc::new(AtomicBool::new(false));
            let mut workers = JoinSet::new();
            for _ in 0..3 {
                let (fresh, changed) = (server.browser(), Arc::clone(&changed));
                workers.spawn(async move {
                    let mut all = Vec::new();
                    while !changed.load(Ordering::SeqCst) {
                        let mut browser = fresh.clone();
                        let page = browser.get("/u").await;
                        browser.log_in(&page, "alice", old).await;
                        all.push(browser);
                    }
                    all
                });
            }
            let page = change(&mut owner, old, new).await;
            changed.store(true, Ordering::SeqCst);
            assert_eq!(page.status, 200, "{}", page.body);
            let tried: Vec<Browser> = workers.join_all().await.into_iter().flatten().collect();
            entered += tried.iter().filter(|browser| browser.cookies.contains_key(SESSION)).count();
            for browser in tried {
                assert!(
                    !is_signed_in(&browser).await,
                    "round {round}: the old password opened a session that lives"
                );
            }
            // The tries after the change were wrong, and counted; the next round must not meet the throttle.
            let (rows, id) = (server.rows(), alice);
            rows.write(move |tx| async move { tx.clear_all_attempts(id).await }).await.unwrap();
        }
        assert!(entered > 0, "nobody got in before any change");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b4_a_reset_password_ends_everything_and_sign_ins_under_way() {
    everything_dies_by(Event::Reset).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b4_a_removed_factor_ends_everything_else_and_sign_ins_under_way() {
    everything_dies_by(Event::Removal).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b4_an_operators_changes_end_everything_and_sign_ins_under_way() {
    everything_dies_by(Event::SetByOperator).await;
    everything_dies_by(Event::FactorsResetByOperator).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b5_a_disabled_account_is_dead_at_once_on_every_node() {
    everything_dies_by(Event::Disabled).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b5_enabling_an_account_again_brings_nothing_of_the_old_back() {
    let (server, _, phone) = enrolled(Setup::default()).await;
    let held = Held::of(&server, &phone).await;
    happen(&server, Event::Disabled, &mut server.browser()).await;
    let mut browser = server.browser();
    let page = browser.sign_in("alice").await;
    assert!(page.has_id("form-error") && page.has_id("password"), "{}", page.body);
    server.admin().set_user_status("main", "alice", UserStatus::Active).await.unwrap();
    held.assert_dead(&server, &server.rp(), &phone, "enabled again").await;
    let page = server.browser().sign_in("alice").await;
    assert!(page.has_id("factor-submit"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b6_a_stolen_cookie_is_dead_on_every_node_after_signing_out() {
    on_every_engine(|engine| async move {
        for by_application in [false, true] {
            let (server, _, phone) = enrolled(Setup::on(engine).nodes(2)).await;
            let mut owner = enter(&server, 0, &phone).await;
            let origin = &server.pool().origin;
            let mut thief = server.browser_at(1, origin);
            thief.cookies = owner.cookies.clone();
            assert!(is_signed_in(&thief).await);
            let code = server.rp().silent(&mut owner, &[("scope", "openid")]).await.code();
            if by_application {
                let page = owner.get("/oidc/session/end?client_id=app").await;
                owner.submit(page.form_of("#logout-confirm")).await;
            } else {
                let page = owner.get("/u").await;
                owner.submit(page.form("/u/sign-out")).await;
            }
            assert!(!owner.cookies.contains_key(SESSION));
            for node in 0..2 {
                let mut replay = server.browser_at(node, origin);
                replay.cookies = thief.cookies.clone();
                assert!(!is_signed_in(&replay).await, "node {node}");
                let rp = server.rp_at(node, origin);
                assert_eq!(rp.silent(&mut replay, &[]).await.error(), Some("login_required"));
                assert_eq!(rp.exchange(&code).await.error(), Some("invalid_grant"));
                for path in ["/u/security", "/u/sessions", "/u/apps", "/u/password", "/login/recovered"] {
                    let page = replay.get(path).await;
                    assert!(!is_inside(&page), "{path}");
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b4_a_copy_of_the_cookie_is_worth_nothing_after_the_change_of_the_password() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        let mut thief = browser.thief();
        assert!(is_inside(&thief.get("/u").await));
        let page = change(&mut browser, PASSWORD, NEW).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(is_inside(&browser.get("/u").await), "whoever changed it stays in");
        assert!(!is_inside(&thief.get("/u").await));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b4_a_change_that_was_under_way_does_not_undo_a_reset() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let reset = "a portcullis of old iron 7";
        for steps in 0..200 {
            let name = format!("user{steps}");
            server.add_user(&name).await;
            let mut browser = server.browser();
            browser.sign_in(&name).await;
            let cx = server.request_of(&browser).await;
            let app = server.app();
            let page = View(AccountPage::Password);
            let Admission::Open(account) = app.sign_in().admit(&cx, page).await.unwrap() else {
                unreachable!("the session is there")
            };
            let secret = |text: &str| Zeroizing::new(text.to_owned());
            let changing = app.accounts().change_password(&cx, &account, secret(PASSWORD), secret(NEW));
            let mut changing = Box::pin(changing);
            let mut left = steps;
            let ended = std::future::poll_fn(|cx| {
                if left == 0 {
                    return std::task::Poll::Ready(false);
                }
                left -= 1;
                changing.as_mut().poll(cx).map(|_| true)
            })
            .await;
            if ended {
                break;
            }
            // Side by side from here: the change may hold what the reset waits for.
            let (admin, slug) = (server.admin(), &server.pool().slug);
            let (done, changed) = tokio::join!(admin.set_user_password(slug, &name, secret(reset)), changing);
            done.unwrap();
            // Whichever came first: the change was made, or the reset had ended the session that it was asked in.
            assert!(matches!(changed, Ok(_) | Err(Unchanged::Ended)));
            let mut owner = server.browser();
            let page = owner.get("/u").await;
            let page = owner.log_in(&page, &name, reset).await;
            assert!(is_inside(&page), "after {steps} steps: {} {}", page.url, page.body);
        }
    })
    .await;
}
