//! Nobody is locked out: a change that would leave somebody without a way in is refused before it is written.

use crate::support::{SESSION, administered, at_once, is_inside, password_suffices, state};
use reqwest::StatusCode;
use vestibule_domain::{FactorKind, MfaMode, UserStatus};
use vestibule_flows::{Actor, AdminError};
use vestibule_tests::{ADMINS, BYSTANDER, PASSWORD, Server, Setup, on_every_engine};

async fn version(server: &Server) -> i64 {
    server.admin().pool_named("main").await.unwrap().version
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declaration_that_shuts_somebody_out_is_refused_with_their_names() {
    on_every_engine(|engine| async move {
        let (server, mut admin, _) = administered(Setup::on(engine)).await;
        let mut bob = password_suffices(&server, BYSTANDER).await;
        let before = (state(&server).await, version(&server).await);
        // Everybody must have what nobody may enrol. Alice has recovery codes to come in by, bob has nothing.
        for kinds in [vec![], vec!["no-such-factor"], vec!["email"]] {
            let mut spec = server.declared().await;
            let kinds: Vec<FactorKind> = kinds.into_iter().map(FactorKind::new).collect();
            let mails = kinds.iter().any(|kind| kind.as_str() == "email");
            spec.settings.mfa.everybody.mode = Some(MfaMode::Required);
            spec.settings.mfa.everybody.factors = Some(kinds);
            match server.admin().apply(&[spec]).await.err().unwrap() {
                AdminError::LockOut(outs) => {
                    let names: Vec<&String> = outs.iter().flat_map(|out| &out.sample).collect();
                    assert!(names.iter().all(|name| *name == BYSTANDER) && !names.is_empty(), "{outs:?}");
                    assert!(
                        outs.iter().all(|out| out.users == 1 && out.only_without_mail == mails),
                        "{outs:?}"
                    );
                    assert!(outs.iter().any(|out| out.application.is_none()), "{outs:?}");
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((state(&server).await, version(&server).await), before);
        assert!(is_inside(&admin.get("/u").await) && is_inside(&bob.get("/u").await));
        assert!(is_inside(&server.browser().sign_in(BYSTANDER).await));
        // What shuts nobody out is written.
        let mut spec = server.declared().await;
        spec.settings.mfa.everybody.mode = Some(MfaMode::Required);
        server.admin().apply(&[spec]).await.unwrap();
        assert_eq!(version(&server).await, before.1 + 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_switch_is_not_turned_where_it_would_shut_somebody_out() {
    on_every_engine(|engine| async move {
        let mut setup = Setup::on(engine).administered();
        // A factor that nobody can enrol while no mail can be sent.
        setup.settings.mfa.everybody.factors = Some(vec![FactorKind::new("email")]);
        setup.can_mail = false;
        let server = setup.start().await;
        server.add_user(BYSTANDER).await;
        let mut admin = password_suffices(&server, "alice").await;
        let before = (state(&server).await, version(&server).await);
        let page = admin.get("/u/settings").await;
        let answer = admin.confirm(page.form_of("#settings-mfa-toggle")).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
        let who = answer.text("#blocked");
        assert!(who.contains("alice") && who.contains(BYSTANDER), "{who}");
        assert_eq!((state(&server).await, version(&server).await), before);
        assert_eq!(server.audited("policy-changed", "done").await, 0);
        assert!(is_inside(&server.browser().sign_in(BYSTANDER).await));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_administrators_who_are_disabled_at_once_one_stays() {
    on_every_engine(|engine| async move {
        for round in 0..6 {
            let server = Setup::on(engine).administered().nodes(2).start().await;
            server.add_member("zoe", &[ADMINS]).await;
            let jobs = [(0, "alice"), (1, "zoe")].map(|(node, name)| {
                let app = server.shared(node);
                async move {
                    app.admin(Actor::command_line())
                        .set_user_status("main", name, UserStatus::Disabled)
                        .await
                        .is_ok()
                }
            });
            let ended = at_once(jobs).await;
            let mut active = 0;
            for name in ["alice", "zoe"] {
                let user = server.rows().user_by_identifier(name).await.unwrap().unwrap().user;
                active += usize::from(user.status == UserStatus::Active);
            }
            assert_eq!(active, 2 - ended.iter().filter(|done| **done).count(), "{round} {ended:?}");
            assert!(active >= 1, "{round} {ended:?}");
            // The one who is left is left.
            for name in ["alice", "zoe"] {
                let _ = server.admin().set_user_status("main", name, UserStatus::Disabled).await;
            }
            let mut active = 0;
            for name in ["alice", "zoe"] {
                let user = server.rows().user_by_identifier(name).await.unwrap().unwrap().user;
                active += usize::from(user.status == UserStatus::Active);
            }
            assert_eq!(active, 1, "{round}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_administrator_is_neither_disabled_nor_put_out_of_the_group() {
    let server = Setup::default().administered().start().await;
    server.add_user(BYSTANDER).await;
    let disabled = server.admin().set_user_status("main", "alice", UserStatus::Disabled).await;
    assert!(matches!(disabled, Err(AdminError::LastAdmin(name)) if name == "alice"));
    let mut spec = server.spec_of_main();
    spec.users.iter_mut().for_each(|user| user.groups.clear());
    let applied = server.admin().apply(&[spec]).await;
    assert!(matches!(applied.err(), Some(AdminError::LastAdmin(name)) if name == "alice"));
    assert_eq!(server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.groups, [ADMINS]);
    // With another one there, she may go.
    server.add_member("zoe", &[ADMINS]).await;
    assert!(server.admin().set_user_status("main", "alice", UserStatus::Disabled).await.unwrap());
    assert!(server.admin().set_user_status("main", "zoe", UserStatus::Disabled).await.is_err());
    let mut browser = server.browser();
    let page = browser.get("/u").await;
    assert!(browser.log_in(&page, "alice", PASSWORD).await.has_id("form-error"));
    assert!(!browser.cookies.contains_key(SESSION));
}
