//! Actors who administer: nothing exists beyond what the actor covers, and the audit trail says who it was.

use crate::support::{administered, password_suffices};
use serde_json::Value;
use vestibule_domain::{MfaMode, Origin, UserStatus};
use vestibule_flows::{Actor, AdminError, KeyRotation, PolicyQuestion, PoolSpec, ResetAnswer};
use vestibule_store::{AuditRow, UserFilter};
use vestibule_tests::{BYSTANDER, Server, Setup};
use zeroize::Zeroizing;

fn detail(row: &AuditRow) -> Value {
    serde_json::from_str(&row.detail).unwrap()
}

/// What the other pool has, as its trail and its settings tell.
async fn neighbour(server: &Server) -> (usize, i64) {
    let rows = server.app().store().pool(server.other().id).audit(10_000, None).await.unwrap();
    (rows.len(), server.admin().pool_named("other").await.unwrap().version)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_of_another_tenant_does_not_exist_for_an_actor() {
    let server = Setup::default().start().await;
    let before = neighbour(&server).await;
    let admin = server.app().admin(Actor::command_line().in_tenant("main"));
    let names: Vec<String> = admin.pools().await.unwrap().into_iter().map(|pool| pool.slug).collect();
    assert_eq!(names, ["main"]);
    assert!(admin.pool_named("main").await.is_ok());
    let other = server.admin().pool_named("other").await.unwrap();
    let declared = PoolSpec { name: "Mine".to_owned(), ..PoolSpec::of(&other) };
    let password = Zeroizing::new("a new one for somebody 42".to_owned());
    let question = PolicyQuestion { pool: "other".to_owned(), ..PolicyQuestion::default() };
    let rotation = KeyRotation::default();
    let refused = [
        admin.pool_named("other").await.map(drop),
        admin.switch_mfa("other", MfaMode::Required).await.map(drop),
        admin.explain("other", "x").await.map(drop),
        admin.users_of("other", &UserFilter::default(), None, 10).await.map(drop),
        admin.set_user_status("other", "alice", UserStatus::Disabled).await.map(drop),
        admin.set_user_password("other", "alice", password).await,
        admin.reset_factors("other", "alice").await.map(drop),
        admin.clients_of("other").await.map(drop),
        admin.remove_client("other", "app").await,
        admin.rotate_client_secret("other", "app").await.map(drop),
        admin.signing_keys_of("other").await.map(drop),
        admin.rotate_keys("other", &[], rotation).await.map(drop),
        admin.ask_policy(&question).await.map(drop),
        admin.plan(std::slice::from_ref(&declared)).await.map(drop),
        admin.apply(&[declared]).await.map(drop),
    ];
    for (place, answer) in refused.into_iter().enumerate() {
        assert!(
            matches!(&answer, Err(AdminError::NoSuchPool(slug)) if slug == "other"),
            "{place} {answer:?}"
        );
    }
    // Neither is a pool of its own given away, nor one made for somebody else.
    let main = PoolSpec::of(&admin.pool_named("main").await.unwrap());
    let given = PoolSpec { tenant: "other".to_owned(), ..main.clone() };
    let origin = Origin::parse("https://new.example").unwrap();
    let made = PoolSpec { slug: "new".to_owned(), tenant: "other".to_owned(), origin, ..main.clone() };
    for spec in [given, made.clone()] {
        assert!(matches!(admin.apply(&[spec]).await.err(), Some(AdminError::NoSuchPool(_))));
    }
    // Whose origin it is that is taken stays untold.
    let taken = PoolSpec { origin: other.origin.clone(), ..main };
    let answer = admin.apply(&[taken]).await.err();
    assert!(matches!(answer, Some(AdminError::OriginTaken { pool: None, .. })), "{answer:?}");
    assert_eq!(neighbour(&server).await, before);
    admin.apply(&[PoolSpec { tenant: "main".to_owned(), ..made }]).await.unwrap();
    assert_eq!(admin.pools().await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_trail_says_who_did_it_and_through_what() {
    let (server, mut admin, _) = administered(Setup::default()).await;
    password_suffices(&server, BYSTANDER).await;
    let answer = server.admin().reset_factors("main", BYSTANDER).await.unwrap();
    assert!(matches!(answer, ResetAnswer::Done(_)), "{answer:?}");
    server.clock.advance(1);
    let page = admin.get("/u/settings").await;
    let form = page.form("/u/settings/reset-factors");
    assert!(admin.confirm(form.with("username", BYSTANDER)).await.has(".alert-success"));
    let mut spec = server.declared().await;
    spec.settings.mfa.everybody.mode = Some(MfaMode::Required);
    server.app().admin(Actor::file()).apply(&[spec]).await.unwrap();

    let alice = crate::support::alice(&server).await.id.to_string();
    let rows = server.rows().audit(10, Some("factors-reset")).await.unwrap();
    let [there, here] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((&detail(here)["actor"], &detail(here)["via"]), (&"operator".into(), &"command-line".into()));
    assert!(here.session.is_none() && here.ip.is_none() && here.request_id.is_none(), "{here:?}");
    assert_eq!((&detail(there)["actor"], &detail(there)["via"]), (&alice.into(), &"settings-page".into()));
    assert!(there.session.is_some() && there.ip.is_some() && there.request_id.is_some(), "{there:?}");
    let rows = server.rows().audit(10, Some("policy-changed")).await.unwrap();
    let row = rows.first().unwrap();
    assert_eq!((&detail(row)["actor"], &detail(row)["via"]), (&"operator".into(), &"file".into()));
    assert!(detail(row)["changes"].to_string().contains("mode"), "{row:?}");
}
