//! The settings of a pool: for its administrators, after a recent proof, about their own pool.

use crate::support::{
    SESSION, State, administered, bare, enrolled, entered, is_inside, password_suffices, pending, state,
};
use reqwest::StatusCode;
use vestibule_domain::{MfaMode, Policy};
use vestibule_tests::{
    ADMINS, BYSTANDER, Browser, Engine, Form, Known, PASSWORD, Page, Server, Setup, on_every_engine,
};
use vestibule_web::ROUTES;

async fn mode(server: &Server) -> MfaMode {
    server.admin().pool_named("main").await.unwrap().settings.mfa.mode()
}

/// Tries every route of the settings with forms that would work for an administrator.
async fn assert_shut_out(server: &Server, browser: &mut Browser, page: &Page, who: &str) {
    let before: (State, MfaMode) = (state(server).await, mode(server).await);
    let mut tried = 0;
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/u/settings")) {
        for method in route.methods {
            let mut form = bare(page, route.path);
            form.fields.extend(Known::default().fields(route.path));
            let answer = match *method {
                "post" => browser.submit(form).await,
                _ => browser.get(&format!("{}?trace=x", route.path)).await,
            };
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who} {method} {} {}", route.path, answer.body);
            for given in ["settings-mfa-toggle", "explained", "reset-factors", "will-enrol"] {
                assert!(!answer.has_id(given), "{who} {method} {} showed {given}", route.path);
            }
            tried += 1;
        }
    }
    assert!(tried >= 4, "{tried}");
    assert_eq!((state(server).await, mode(server).await), before, "{who}");
}

/// The forms that do something, behind the pages that ask whether it is meant.
async fn asking(admin: &mut Browser, settings: &Page) -> Vec<Form> {
    let mut forms = Vec::new();
    for wish in [
        settings.form_of("#settings-mfa-toggle"),
        settings.form("/u/settings/reset-factors").with("username", BYSTANDER),
    ] {
        let form = admin.submit(wish).await.form_of("#confirm-submit");
        assert_eq!(form.method, "POST");
        forms.push(form);
    }
    forms
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_d1_the_settings_are_shut_to_whoever_does_not_administer_this_pool() {
    on_every_engine(|engine| async move {
        let (server, mut admin, _) = administered(Setup::on(engine)).await;
        assert!(admin.get("/u/settings").await.has_id("settings-mfa-toggle"));
        assert!(admin.get("/u").await.body.contains("/u/settings"));
        server.add_member("carol", &["admin", "Admins", "admins ", "administrators"]).await;
        for name in [BYSTANDER, "carol"] {
            let mut browser = password_suffices(&server, name).await;
            let page = browser.get("/u").await;
            assert!(!page.body.contains("/u/settings"), "{}", page.body);
            assert_shut_out(&server, &mut browser, &page, name).await;
        }
        // Dave administers another pool, and is an ordinary user here.
        server.add_neighbour("dave", &[ADMINS]).await;
        server.add_user("dave").await;
        let mut next_door = server.browser_at(0, &server.other().origin);
        assert!(is_inside(&next_door.sign_in("dave").await));
        assert!(next_door.get("/u/settings").await.has_id("settings-mfa-toggle"));
        let mut here = password_suffices(&server, "dave").await;
        let page = here.get("/u").await;
        assert_shut_out(&server, &mut here, &page, "dave").await;
        let mut smuggler = server.browser();
        smuggler.cookies = next_door.cookies.clone();
        let before = (state(&server).await, mode(&server).await);
        let own = smuggler.get("/login").await.form_of("#login-submit");
        for route in ["/u/settings/mfa", "/u/settings/reset-factors"] {
            let mut form = own.clone().to(route);
            form.fields
                .extend(Known::default().fields(route).into_iter().filter(|(name, _)| name != "request"));
            form.fields.dedup_by(|one, other| one.0 == other.0);
            let answer = smuggler.submit(form).await;
            assert!(!is_inside(&answer), "{route} {} {}", answer.status, answer.body);
        }
        assert!(smuggler.get("/u/settings").await.has_id("login-submit"));
        assert_eq!((state(&server).await, mode(&server).await), before);
        // From another pool nothing here can be reached, even by names that both pools know.
        let page = next_door.get("/u/settings").await;
        for name in ["alice", "bob"] {
            next_door.confirm(page.form("/u/settings/reset-factors").with("username", name)).await;
        }
        next_door.confirm(page.form_of("#settings-mfa-toggle")).await;
        assert_eq!((state(&server).await, mode(&server).await), before);
        assert_eq!(server.admin().pool_named("other").await.unwrap().settings.mfa.mode(), MfaMode::Required);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_d1_where_no_group_administers_nobody_does() {
    let server = Setup { groups: vec![ADMINS.to_owned()], ..Setup::default() }.start().await;
    let mut browser = password_suffices(&server, "alice").await;
    let page = browser.get("/u").await;
    assert_shut_out(&server, &mut browser, &page, "nobody").await;
    server.rule(|settings| settings.admin_group = Some("others".to_owned())).await;
    assert_shut_out(&server, &mut browser, &page, "another group").await;
    // A user who is taken out of the group is out at the next click.
    server.rule(|settings| settings.admin_group = Some(ADMINS.to_owned())).await;
    assert_eq!(browser.get("/u/settings").await.status, StatusCode::OK);
    server.rule(|settings| settings.admin_group = None).await;
    assert_shut_out(&server, &mut browser, &page, "not any more").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a9_turning_the_switch_takes_a_recent_proof_of_everything() {
    on_every_engine(|engine| async move {
        let (server, mut admin, phone) = administered(Setup::on(engine)).await;
        let page = admin.get("/u/settings").await;
        let forms = asking(&mut admin, &page).await;
        server.clock.advance(301);
        let wish = page.form_of("#settings-mfa-toggle");
        let forms =
            [forms.as_slice(), &[wish, page.form("/u/settings/reset-factors").with("username", BYSTANDER)]];
        let forms = forms.concat();
        let before = (state(&server).await, mode(&server).await);
        for form in &forms {
            let answer = admin.submit(form.clone()).await;
            assert!(answer.has_id("login-submit"), "{} {} {}", form.action, answer.url, answer.body);
        }
        assert!(admin.get("/u/settings/explain?trace=x").await.has_id("login-submit"));
        // But for the note that the session was used.
        let mut after = (state(&server).await, mode(&server).await);
        after.0.sessions.clone_from(&before.0.sessions);
        assert_eq!(after, before);
        // The password alone is not enough. The wish is not carried out after the proof; the page asks again whether it is
        // meant.
        let answer = admin.submit(forms.first().unwrap().clone()).await;
        let answer = admin.log_in(&answer, "alice", PASSWORD).await;
        assert!(answer.has_id("otp"), "{} {}", answer.url, answer.body);
        assert_eq!(mode(&server).await, MfaMode::Optional);
        let answer = admin.answer(&answer, &phone.code(&server.clock)).await;
        assert_eq!(answer.status, StatusCode::OK, "{} {}", answer.url, answer.body);
        assert_eq!(
            answer.form_of("#confirm-submit").value("mode"),
            Some("required"),
            "what was wanted is kept"
        );
        assert_eq!(mode(&server).await, MfaMode::Optional);
        let asking = answer.form_of("#confirm-submit");
        let answer = admin.submit(asking.clone()).await;
        assert!(answer.has(".alert-success"), "{}", answer.body);
        assert_eq!(mode(&server).await, MfaMode::Required);
        assert_eq!(server.audited("policy-changed", "done").await, 1);
        // Everybody of this pool meets it, and nobody of another.
        let mut bob = server.browser();
        let page = bob.sign_in(BYSTANDER).await;
        assert!(page.enrols() && !page.has_id("enrol-skip"), "{} {}", page.url, page.body);
        assert!(is_inside(&server.browser_at(0, &server.other().origin).sign_in("alice").await));
        // The form can say nothing besides the two.
        for odd in ["off", "Required", "", "none", "required optional"] {
            let answer = admin.submit(asking.clone().forged("mode", odd)).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{odd}");
        }
        assert_eq!(mode(&server).await, MfaMode::Required);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a12_an_administrator_who_resets_a_user_gets_no_session_of_theirs() {
    on_every_engine(|engine| async move {
        let setup = Setup::on(engine).policy(Policy::of(MfaMode::Optional));
        let (server, mut admin, _) = administered(setup).await;
        let mut bob = password_suffices(&server, BYSTANDER).await;
        server.enrol(&mut bob).await;
        let bobs = server.rows().user_by_identifier(BYSTANDER).await.unwrap().unwrap().user.id;
        assert_eq!(server.rows().sessions_of(bobs).await.unwrap().len(), 1);
        let cookies = admin.cookies.clone();
        let page = admin.get("/u/settings").await;
        let form = page.form("/u/settings/reset-factors");
        let answer = admin.confirm(form.clone().with("username", BYSTANDER)).await;
        assert!(answer.has(".alert-success"), "{} {}", answer.status, answer.body);
        // The administrator is who they were, and bob is out, without a factor, but with his password.
        assert_eq!(admin.cookies, cookies);
        assert_eq!(admin.get("/u/profile").await.text("#profile-username"), "alice");
        assert!(server.rows().sessions_of(bobs).await.unwrap().is_empty());
        assert!(server.rows().credentials(bobs).await.unwrap().is_empty());
        assert!(bob.get("/u").await.has_id("login-submit"));
        let mut guess = server.browser();
        let page = guess.get("/u").await;
        assert!(guess.log_in(&page, BYSTANDER, "not his password").await.has_id("form-error"));
        assert!(is_inside(&server.browser().sign_in(BYSTANDER).await));
        // He is told, and it is written down who did it.
        let mails = server.mails().await;
        let told =
            mails.iter().filter(|mail| mail.to == "bob@example.test" && mail.subject.contains("were reset"));
        assert_eq!(told.count(), 1);
        let rows = server.rows().audit(1000, Some("factors-reset")).await.unwrap();
        let row = rows.first().unwrap();
        let by = crate::support::alice(&server).await.id.to_string();
        assert!(rows.len() == 1 && row.user == Some(bobs) && row.detail.contains(&by), "{rows:?}");
        // Not oneself, nobody, nor somebody of another pool.
        server.add_neighbour("erin", &[]).await;
        let before = state(&server).await;
        for (name, status) in [
            ("alice", StatusCode::FORBIDDEN),
            (" ALICE ", StatusCode::FORBIDDEN),
            ("alice@example.test", StatusCode::FORBIDDEN),
            ("erin", StatusCode::NOT_FOUND),
            ("nobody", StatusCode::NOT_FOUND),
            ("", StatusCode::NOT_FOUND),
        ] {
            let answer = admin.submit(form.clone().with("username", name)).await;
            assert_eq!(answer.status, status, "{name} {}", answer.body);
        }
        assert_eq!(state(&server).await, before);
        assert_eq!(server.audited("factors-reset", "done").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_d1_explaining_a_prompt_shows_this_pools_prompts_alone() {
    on_every_engine(|engine| async move {
        let (server, mut admin, _) = administered(Setup::on(engine)).await;
        let (_, page) = pending(&server).await;
        let trace = page.text("#trace");
        let explain = |trace: &str| format!("/u/settings/explain?trace={trace}");
        let told = admin.get(&explain(&trace)).await;
        assert!(told.has_id("explained"), "{} {}", told.status, told.body);
        assert!(told.text("#explained").contains("alice") && told.text("#explained-rule").contains("pool"));
        // The same at the other pool, with a challenge of its own; each is a stranger's to the other.
        let origin = server.other().origin.clone();
        let mut neighbour = server.browser_at(0, &origin);
        neighbour.sign_in("alice").await;
        server.enrol(&mut neighbour).await;
        let mut waiting = server.browser_at(0, &origin);
        let foreign = waiting.sign_in("alice").await.text("#trace");
        assert!(!foreign.is_empty() && foreign != trace);
        assert!(neighbour.get(&explain(&foreign)).await.has_id("explained"));
        for (browser, trace) in [(&mut admin, foreign.as_str()), (&mut neighbour, &trace)] {
            let answer = browser.get(&explain(trace)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
            assert!(!answer.has_id("explained"), "{}", answer.body);
        }
        // Other rows of the audit trail are no prompts.
        let rows = server.rows().audit(1000, None).await.unwrap();
        let others = rows.iter().filter(|row| !["challenge", "refusal"].contains(&row.action.as_str()));
        let others: Vec<String> = others.map(|row| row.id.to_string()).collect();
        assert!(others.len() >= 3, "{rows:?}");
        let odd = ["x", "00000000-0000-0000-0000-000000000000", "' OR 1=1 --", "%00"].map(str::to_owned);
        for trace in others.iter().chain(&odd) {
            let answer = admin.get(&explain(trace)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{trace} {}", answer.body);
            assert!(!answer.has_id("explained"), "{trace}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a8_half_a_session_of_an_administrator_administers_nothing() {
    let (server, _, phone) = enrolled(Setup::on(Engine::Sqlite).administered()).await;
    server.add_user(BYSTANDER).await;
    let (mut half, page) = pending(&server).await;
    let csrf = page.form_of("#factor-submit").value("csrf").unwrap().to_owned();
    let mut admin = entered(&server, &phone).await;
    let own = admin.get("/u/settings").await;
    let before = (state(&server).await, mode(&server).await);
    for form in asking(&mut admin, &own).await {
        let answer = half.submit(form.forged("csrf", &csrf)).await;
        assert!(answer.has_id("login-submit") && !half.cookies.contains_key(SESSION), "{}", answer.url);
    }
    assert_eq!((state(&server).await, mode(&server).await), before);
}
