//! Which applications are to be told of the end of a session, and what becomes of that.

use crate::{
    bed::{World, on_each},
    rows::*,
};
use vestibule_domain::{ClientLogout, SessionId, UserId};
use vestibule_store::{
    Claim, LEASE, LOGOUT_KEPT, LogoutKey, LogoutNotice, LogoutOutcome, LogoutState, PoolTx, StoreError,
};

/// A session with a grant to each of these applications.
async fn signed_in_to(world: &World, user: UserId, clients: &[&str]) -> SessionId {
    let (session, _) = session_in(&world.pool, user).await;
    for client in clients {
        let mut grant = a_grant(user, session.id);
        grant.client_id = (*client).to_owned();
        world.pool.write(move |tx| async move { tx.insert_grant(&grant).await }).await.unwrap();
    }
    session.id
}

/// The applications `app` and `other`, which are told, and `deaf`, which is not.
async fn applications(world: &World) {
    let mut deaf = a_client("deaf");
    deaf.logout = ClientLogout::default();
    let add = world.pool.write(move |tx| async move {
        tx.upsert_client(&a_client("app")).await?;
        tx.upsert_client(&a_client("other")).await?;
        tx.upsert_client(&deaf).await
    });
    add.await.unwrap();
}

async fn write<T: Send + 'static, F: Future<Output = Result<T, StoreError>> + Send + 'static>(
    world: &World,
    job: impl Fn(PoolTx) -> F + Clone + Send + Sync + 'static,
) -> T {
    world.pool.write(job).await.unwrap()
}

/// Which notices wait: session and application.
async fn waiting(world: &World) -> Vec<(SessionId, String)> {
    let mut found = Vec::new();
    for client in ["app", "deaf", "other"] {
        let notices = world.pool.logout_notices(client, 100).await.unwrap();
        found.extend(notices.into_iter().map(|notice| (notice.key.session, notice.key.client_id)));
    }
    found.sort();
    found
}

fn told(mut expected: Vec<(SessionId, &str)>) -> Vec<(SessionId, String)> {
    expected.sort();
    expected.into_iter().map(|(session, client)| (session, client.to_owned())).collect()
}

#[tokio::test]
async fn whoever_was_given_something_in_the_session_is_told() {
    on_each(|world| async move {
        applications(&world).await;
        let (alice, bob) = (user_in(&world.pool, "alice").await.id, user_in(&world.pool, "bob").await.id);
        let one = signed_in_to(&world, alice, &["app", "app", "deaf", "gone"]).await;
        let two = signed_in_to(&world, alice, &["other"]).await;
        let three = signed_in_to(&world, alice, &["app", "other"]).await;
        let four = signed_in_to(&world, alice, &[]).await;
        let bobs = signed_in_to(&world, bob, &["app"]).await;
        assert!(!write(&world, move |tx| async move { tx.end_session(bob, one, at(1)).await }).await);
        assert_eq!(waiting(&world).await, [], "not whose session it is");
        assert!(write(&world, move |tx| async move { tx.end_session(alice, one, at(1)).await }).await);
        assert_eq!(waiting(&world).await, told(vec![(one, "app")]));
        assert!(!write(&world, move |tx| async move { tx.end_session(alice, one, at(2)).await }).await);
        assert!(write(&world, move |tx| async move { tx.revoke_session(alice, one, at(2)).await }).await);
        assert_eq!(waiting(&world).await, told(vec![(one, "app")]), "once");
        assert!(write(&world, move |tx| async move { tx.revoke_session(alice, two, at(3)).await }).await);
        assert_eq!(waiting(&world).await, told(vec![(one, "app"), (two, "other")]));
        let revoked =
            move |tx: PoolTx| async move { tx.revoke_sessions(alice, Some(four), None, at(4)).await };
        assert_eq!(write(&world, revoked).await, 1);
        assert_eq!(
            world.pool.clients_of_session(one).await.unwrap(),
            ["app", "deaf", "gone"],
            "revoked or not"
        );
        let all = told(vec![(one, "app"), (two, "other"), (three, "app"), (three, "other")]);
        assert_eq!(waiting(&world).await, all);
        let revoked = move |tx: PoolTx| async move { tx.revoke_sessions(alice, None, None, at(5)).await };
        assert_eq!(write(&world, revoked).await, 1);
        assert_eq!(waiting(&world).await, all, "nothing was given in the last one");
        let notice = world.pool.logout_notices("app", 1).await.unwrap().remove(0);
        let expected = LogoutNotice {
            key: LogoutKey { session: three, client_id: "app".to_owned() },
            subject: alice.to_string(),
            created_at: at(4),
            tries: 0,
            state: LogoutState::Waiting { next_try_at: at(4), last_error: None },
        };
        assert_eq!(notice, expected);
        assert!(world.pool.sessions_of(bob).await.unwrap().iter().any(|session| session.id == bobs));
    })
    .await;
}

#[tokio::test]
async fn whose_grants_end_is_told_of_no_session_from_before() {
    on_each(|world| async move {
        applications(&world).await;
        let alice = user_in(&world.pool, "alice").await.id;
        let one = signed_in_to(&world, alice, &["app", "other"]).await;
        assert!(write(&world, move |tx| async move { tx.end_session(alice, one, at(1)).await }).await);
        assert_eq!(waiting(&world).await, told(vec![(one, "app"), (one, "other")]));
        write(&world, |tx| async move { tx.end_grants_of("app").await }).await;
        assert_eq!(waiting(&world).await, told(vec![(one, "other")]));
    })
    .await;
}

#[tokio::test]
async fn what_is_undone_tells_nobody_and_a_deleted_user_is_told_of() {
    on_each(|world| async move {
        applications(&world).await;
        let alice = user_in(&world.pool, "alice").await.id;
        let session = signed_in_to(&world, alice, &["app", "other"]).await;
        let undone: Result<(), StoreError> = world
            .pool
            .write(move |tx| async move {
                tx.end_session(alice, session, at(1)).await?;
                Err(StoreError::Conflict("undone".to_owned()))
            })
            .await;
        assert!(undone.is_err() && waiting(&world).await.is_empty());
        let deleted = move |tx: PoolTx| async move {
            tx.revoke_sessions(alice, None, None, at(1)).await?;
            tx.delete_user(alice).await
        };
        assert!(write(&world, deleted).await);
        assert_eq!(waiting(&world).await, told(vec![(session, "app"), (session, "other")]));
        write(&world, |tx| async move { tx.delete_client("app").await }).await;
        assert_eq!(waiting(&world).await, told(vec![(session, "other")]), "nobody can tell it any more");
    })
    .await;
}

#[tokio::test]
async fn a_notice_is_leased_retried_and_settled_once() {
    on_each(|world| async move {
        applications(&world).await;
        let alice = user_in(&world.pool, "alice").await.id;
        let session = signed_in_to(&world, alice, &["app", "other"]).await;
        write(&world, move |tx| async move { tx.end_session(alice, session, at(0)).await }).await;
        let platform = world.store.platform();
        let claim = |now| {
            let platform = platform.clone();
            async move {
                let claimed = platform.claim_logouts(at(now), &Claim::any(10)).await.unwrap();
                claimed
                    .into_iter()
                    .map(|(_, notice)| (notice.key.client_id, notice.tries))
                    .collect::<Vec<_>>()
            }
        };
        let both = |tries| vec![("app".to_owned(), tries), ("other".to_owned(), tries)];
        assert!(claim(-1).await.is_empty(), "not yet due");
        assert_eq!(claim(0).await, both(1));
        assert!(claim(LEASE - 1).await.is_empty(), "leased");
        assert_eq!(claim(LEASE).await, both(2), "the sender died");
        let settle = |client: &'static str, outcome: LogoutOutcome| {
            let key = LogoutKey { session, client_id: client.to_owned() };
            write(&world, move |tx| {
                let (key, outcome) = (key.clone(), outcome.clone());
                async move { tx.settle_logout(&key, &outcome, at(200)).await }
            })
        };
        let failed = LogoutOutcome::Failed { error: "refused".to_owned(), next_try_at: at(500) };
        assert!(settle("app", failed.clone()).await);
        assert!(settle("other", LogoutOutcome::Delivered).await);
        assert!(!settle("other", failed.clone()).await, "settled");
        assert!(claim(499).await.is_empty());
        assert_eq!(claim(500).await, [("app".to_owned(), 3)]);
        assert!(settle("app", LogoutOutcome::GivenUp { error: "400".to_owned() }).await);
        assert!(!settle("app", failed).await);
        assert!(claim(9_999).await.is_empty());
        let state = async |client: &str| world.pool.logout_notices(client, 1).await.unwrap().remove(0).state;
        assert_eq!(state("app").await, LogoutState::GivenUp { error: "400".to_owned() });
        assert_eq!(state("other").await, LogoutState::Delivered { at: at(200) });
        world.store.sweep(at(LOGOUT_KEPT - 1)).await.unwrap();
        assert_eq!(waiting(&world).await.len(), 2);
        world.store.sweep(at(LOGOUT_KEPT)).await.unwrap();
        assert_eq!(waiting(&world).await, []);
    })
    .await;
}

#[tokio::test]
async fn no_application_holds_up_the_notices_of_others() {
    on_each(|world| async move {
        applications(&world).await;
        let alice = user_in(&world.pool, "alice").await.id;
        for number in 0..5 {
            let session = signed_in_to(&world, alice, &["app"]).await;
            write(&world, move |tx| async move { tx.end_session(alice, session, at(number)).await }).await;
        }
        let last = signed_in_to(&world, alice, &["other"]).await;
        write(&world, move |tx| async move { tx.end_session(alice, last, at(9)).await }).await;
        let claim = Claim { of_destination: 2, ..Claim::any(10) };
        let claimed = world.store.platform().claim_logouts(at(10), &claim).await.unwrap();
        let clients: Vec<_> = claimed.iter().map(|(_, notice)| notice.key.client_id.as_str()).collect();
        assert_eq!(clients, ["app", "app", "other"]);
        let full = vec![(world.pool.id(), "app".to_owned())];
        let claim = Claim { full_destinations: full, ..Claim::any(10) };
        assert!(world.store.platform().claim_logouts(at(11), &claim).await.unwrap().is_empty());
        let claim = Claim { full_pools: vec![world.pool.id()], ..Claim::any(10) };
        assert!(world.store.platform().claim_logouts(at(11), &claim).await.unwrap().is_empty());
        assert_eq!(world.store.platform().claim_logouts(at(11), &Claim::any(2)).await.unwrap().len(), 2);
    })
    .await;
}
