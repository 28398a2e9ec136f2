//! The rule table end to end: application × group × scope, the strictest wins, and the winner is named.

use crate::support::{count, entered, is_inside, password_suffices, pending};
use vestibule_domain::{
    Acr, MfaMode, Policy,
    policy::{Ask, Rule, When},
};
use vestibule_flows::{Asked, PolicyQuestion};
use vestibule_tests::{BYSTANDER, PASSWORD, Setup, on_every_engine};

fn rule(name: &str, when: When, ask: Ask) -> Rule {
    Rule { name: name.to_owned(), when, ask }
}

fn required() -> Ask {
    Ask { mode: Some(MfaMode::Required), ..Ask::default() }
}

/// Application, group, scope; each rule names some of them.
fn table() -> Policy {
    let list = |text: &str| vec![text.to_owned()];
    let rules = vec![
        rule(
            "staff at the bank",
            When { applications: list("bank"), groups: list("staff"), ..When::default() },
            required(),
        ),
        rule("long access", When { scopes: list("offline_access"), ..When::default() }, required()),
        rule(
            "guests are left alone",
            When { groups: list("guests"), ..When::default() },
            Ask { mode: Some(MfaMode::Off), min_acr: Some(Acr::OneFactor), ..Ask::default() },
        ),
        rule(
            "vault",
            When { applications: list("vault"), ..When::default() },
            Ask { min_acr: Some(Acr::Mfa), ..Ask::default() },
        ),
    ];
    Policy { rules, ..Policy::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a2_every_cell_of_the_rule_table_asks_what_its_strictest_rule_says() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).administered().policy(table()).start().await;
        for client in ["bank", "vault"] {
            server.add_client(client, |_| {}).await;
        }
        for (name, groups) in [
            ("plain", vec![]),
            ("staffer", vec!["staff"]),
            ("guest", vec!["guests"]),
            ("both", vec!["staff", "guests"]),
        ] {
            server.add_member(name, &groups).await;
        }
        let mut admin = password_suffices(&server, "alice").await;
        let mut asked = 0;
        for user in ["plain", "staffer", "guest", "both"] {
            for client in ["app", "bank", "vault"] {
                for long in [false, true] {
                    let what = format!("{user} {client} {long}");
                    // By the sentences of the table, not by the code.
                    let staff = ["staffer", "both"].contains(&user);
                    let rule = match (long, client == "bank" && staff, client == "vault") {
                        (_, _, true) => Some("vault"),
                        (_, true, _) => Some("staff at the bank"),
                        (true, ..) => Some("long access"),
                        _ => None,
                    };
                    let scope = if long { "openid profile offline_access" } else { "openid profile" };
                    let mut rp = server.rp();
                    client.clone_into(&mut rp.client_id);
                    let mut browser = server.browser();
                    let page = rp.authorize(&mut browser, &[("scope", scope)]).await;
                    let page = browser.log_in(&page, user, PASSWORD).await;
                    assert_eq!(page.enrols(), rule.is_some(), "{what} {} {}", page.url, page.body);
                    assert_eq!(page.left, rule.is_none(), "{what} {} {}", page.url, page.body);
                    let question = PolicyQuestion {
                        pool: "main".to_owned(),
                        user: Some(user.to_owned()),
                        client: Some(client.to_owned()),
                        scopes: scope.split(' ').map(str::to_owned).collect(),
                        ..PolicyQuestion::default()
                    };
                    let answer = server.admin().ask_policy(&question).await.unwrap();
                    let Some(rule) = rule else {
                        rp.verified(&rp.callback(&page)).await;
                        assert_eq!(answer.asked, Asked::Nothing, "{what}");
                        continue;
                    };
                    assert_eq!(answer.asked, Asked::Enrol, "{what}");
                    assert_eq!(answer.why.reasons.first().unwrap().rule, rule, "{what}");
                    // The user reads why, and the administrator finds the rule by the reference.
                    assert!(page.has_id("reason"), "{what} {}", page.body);
                    let told = admin.get(&format!("/u/settings/explain?trace={}", page.text("#trace"))).await;
                    assert!(
                        told.text("#explained-rule").contains(rule),
                        "{what} {}",
                        told.text("#explained")
                    );
                    assert!(told.text("#explained").contains(user), "{what}");
                    asked += 1;
                }
            }
        }
        assert_eq!(asked, 18);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a2_a_session_that_one_cell_lets_in_meets_the_rules_of_the_next() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).policy(table()).start().await;
        server.add_client("bank", |_| {}).await;
        server.add_member("staffer", &["staff"]).await;
        let (app, mut bank) = (server.rp(), server.rp());
        "bank".clone_into(&mut bank.client_id);
        let mut browser = server.browser();
        let page = app.authorize(&mut browser, &[("scope", "openid")]).await;
        let page = browser.log_in(&page, "staffer", PASSWORD).await;
        app.verified(&app.callback(&page)).await;
        assert_eq!(app.silent(&mut browser, &[("scope", "openid")]).await.error(), None);
        for (rp, scope) in
            [(&bank, "openid"), (&bank, "openid offline_access"), (&app, "openid offline_access")]
        {
            let silent = rp.silent(&mut browser, &[("scope", scope)]).await;
            assert_eq!(silent.error(), Some("interaction_required"), "{} {scope}", rp.client_id);
            assert!(rp.authorize(&mut browser, &[("scope", scope)]).await.enrols());
        }
        // A scope that was let in by is not widened by refreshing.
        let tokens = app.verified(&app.silent(&mut browser, &[("scope", "openid profile")]).await).await;
        let refresh = tokens.text("refresh_token");
        for wider in ["openid offline_access", "openid profile email"] {
            let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("scope", wider)];
            assert_eq!(app.token(&form).await.error(), Some("invalid_scope"), "{wider}");
        }
        assert_eq!(app.refresh(&refresh).await.text("scope"), "openid profile");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c9_who_was_forced_is_left_alone_when_nobody_forces_and_who_chose_is_not() {
    on_every_engine(|engine| async move {
        let policy = Policy { spare_forced: true, ..Policy::default() };
        let server = Setup::on(engine).administered().policy(policy).start().await;
        server.add_user(BYSTANDER).await;
        // Bob opts in; alice is made to.
        let mut bob = password_suffices(&server, BYSTANDER).await;
        server.enrol(&mut bob).await;
        let mut admin = password_suffices(&server, "alice").await;
        let page = admin.get("/u/settings").await;
        assert_eq!(page.attribute("#will-enrol", "data-count").as_deref(), Some("1"));
        let page = admin.confirm(page.form_of("#settings-mfa-toggle")).await;
        assert!(page.has(".alert-success") || page.enrols(), "{} {} {}", page.status, page.url, page.body);
        let mut forced = server.browser();
        let page = forced.sign_in("alice").await;
        let (phone, page) = forced.finish_enrolment(&page, &server.clock).await;
        assert!(is_inside(&forced.submit(page.form_of("#codes-next")).await));
        server.clock.advance(30);
        assert!(pending(&server).await.1.has_id("otp"));
        // The switch goes back: her factor stays, its challenge goes; his stays.
        let mut admin = entered(&server, &phone).await;
        let page = admin.get("/u/settings").await;
        let page = admin.confirm(page.form_of("#settings-mfa-toggle")).await;
        assert!(page.has(".alert-success"), "{}", page.body);
        password_suffices(&server, "alice").await;
        assert_eq!((count(&server, "totp").await, count(&server, "recovery").await), (1, 10));
        assert!(server.browser().sign_in(BYSTANDER).await.has_id("otp"));
        // An application that wants two factors still gets them from her, with the one she has.
        server.add_client("strict", |client| client.min_acr = Some(Acr::Mfa)).await;
        let mut strict = server.rp();
        "strict".clone_into(&mut strict.client_id);
        let mut browser = server.browser();
        let page = strict.authorize(&mut browser, &[]).await;
        assert!(browser.log_in(&page, "alice", PASSWORD).await.has_id("otp"));
        // Changing the factor that she is not asked for when she signs in takes it all the same.
        let mut owner = password_suffices(&server, "alice").await;
        let page = owner.get("/u/security").await;
        let remove = page.attribute(".remove-factor", "href").unwrap();
        for path in
            [remove.as_str(), "/u/security/disable", "/u/security/regenerate", "/u/security/enrol/totp"]
        {
            let answer = owner.get(path).await;
            assert!(answer.has_id("otp"), "{path} {} {}", answer.url, answer.body);
        }
        // And once more: she is asked again, and not to enrol.
        let mut admin = server.browser();
        let page = server.rp().authorize(&mut admin, &[("acr_values", "2")]).await;
        let page = admin.log_in(&page, "alice", PASSWORD).await;
        let page = admin.answer(&page, &phone.code(&server.clock)).await;
        assert!(page.left, "{} {}", page.url, page.body);
        let page = admin.get("/u/settings").await;
        let page = admin.confirm(page.form_of("#settings-mfa-toggle")).await;
        assert!(page.has(".alert-success"), "{} {}", page.url, page.body);
        assert!(pending(&server).await.1.has_id("otp"));
    })
    .await;
}
