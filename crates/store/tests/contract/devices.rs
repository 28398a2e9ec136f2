//! Devices that wait (RFC 8628): one answer, collected once, and what is left when it is too late.

use crate::{
    bed::{World, on_each, race},
    rows::*,
};
use vestibule_domain::GrantId;
use vestibule_store::{DEVICE_KEPT, DeviceRow, DeviceState, SLOWEST, Spend};

const TASKS: usize = 16;

/// A device that waits in the pool.
async fn waiting(world: &World) -> DeviceRow {
    let row = a_device();
    let copy = row.clone();
    assert!(world.pool.write(move |tx| async move { tx.insert_device_request(&copy).await }).await.unwrap());
    row
}

async fn state_of(world: &World, row: &DeviceRow) -> Option<DeviceState> {
    world.pool.device_request(&row.hash).await.unwrap().map(|row| row.state)
}

async fn allow(world: &World, row: &DeviceRow, grant: GrantId, now: i64) -> bool {
    let hash = row.hash;
    world.pool.write(move |tx| async move { tx.allow_device(&hash, grant, at(now)).await }).await.unwrap()
}

#[tokio::test]
async fn a_device_is_found_by_either_code_and_no_two_show_the_same() {
    on_each(|world| async move {
        let row = waiting(&world).await;
        assert_eq!(world.pool.device_request(&row.hash).await, Ok(Some(row.clone())));
        assert_eq!(world.pool.waiting_device(&row.user_code, at(59)).await, Ok(Some(row.clone())));
        assert_eq!(world.pool.waiting_device(&row.user_code, at(60)).await, Ok(None));
        assert_eq!(world.pool.waiting_device(&row.hash, at(1)).await, Ok(None));
        let same = DeviceRow { user_code: row.user_code, ..a_device() };
        let again = world.pool.write(move |tx| async move { tx.insert_device_request(&same).await });
        assert_eq!(again.await, Ok(false));
    })
    .await;
}

#[tokio::test]
async fn a_device_slows_down_up_to_a_limit() {
    on_each(|world| async move {
        let row = waiting(&world).await;
        let hash = row.hash;
        let slower = || world.pool.write(move |tx| async move { tx.slow_device_down(&hash, at(1)).await });
        for _ in 0..11 {
            assert_eq!(slower().await, Ok(true));
        }
        assert_eq!(slower().await, Ok(false));
        assert_eq!(world.pool.device_request(&hash).await.unwrap().unwrap().interval, SLOWEST);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_device_gets_one_answer_and_collects_it_once() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let (session, _) = session_in(&world.pool, user).await;
        let grant = grant_in(&world.pool, user, session.id).await;
        let row = waiting(&world).await;
        let (hash, id) = (row.hash, grant.id);
        let early = world.pool.write(move |tx| async move { tx.redeem_device(&hash, at(1)).await });
        assert_eq!(early.await, Ok(Spend::Unknown), "nobody has answered");
        let answers = race(TASKS, |number| {
            let pool = world.pool.clone();
            async move {
                pool.write(move |tx| async move {
                    match number % 2 {
                        0 => tx.allow_device(&hash, id, at(1)).await,
                        _ => tx.deny_device(&hash, at(1)).await,
                    }
                })
                .await
            }
        })
        .await;
        assert_eq!(answers.into_iter().filter(|one| *one == Ok(true)).count(), 1);
        assert_eq!(world.pool.waiting_device(&row.user_code, at(1)).await, Ok(None));
        // A device that was refused collects nothing; the next one is allowed.
        let row = if state_of(&world, &row).await == Some(DeviceState::Denied) {
            let refused = world.pool.write(move |tx| async move { tx.redeem_device(&hash, at(1)).await });
            assert_eq!(refused.await, Ok(Spend::Unknown));
            let next = waiting(&world).await;
            assert!(allow(&world, &next, id, 1).await);
            next
        } else {
            row
        };
        assert_eq!(state_of(&world, &row).await, Some(DeviceState::Allowed(id)));
        let hash = row.hash;
        let results = race(TASKS, |_| {
            let pool = world.pool.clone();
            async move { pool.write(move |tx| async move { tx.redeem_device(&hash, at(2)).await }).await }
        })
        .await;
        let living = |one: &Result<_, _>| match one {
            Ok(Spend::Won((_, Some(found)))) => {
                let found: &vestibule_store::GrantWithUser = found;
                found.grant == grant
            }
            _ => false,
        };
        let replayed = |one: &&Result<_, _>| matches!(one, Ok(Spend::Replayed((_, None))));
        assert_eq!(results.iter().filter(|one| living(one)).count(), 1);
        assert_eq!(results.iter().filter(replayed).count(), TASKS - 1);
        assert_eq!(state_of(&world, &row).await, Some(DeviceState::Spent(id)));
    })
    .await;
}

#[tokio::test]
async fn too_late_is_too_late_and_what_nobody_collected_is_no_grant() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let (session, _) = session_in(&world.pool, user).await;
        let [collected, left] = [
            grant_in(&world.pool, user, session.id).await.id,
            grant_in(&world.pool, user, session.id).await.id,
        ];
        let [one, two, late] = [waiting(&world).await, waiting(&world).await, waiting(&world).await];
        assert!(!allow(&world, &late, left, 60).await);
        assert!(allow(&world, &one, collected, 59).await && allow(&world, &two, left, 59).await);
        let (hash, other) = (one.hash, two.hash);
        let won = world.pool.write(move |tx| async move { tx.redeem_device(&hash, at(59)).await }).await;
        assert!(matches!(won, Ok(Spend::Won(_))));
        let missed = world.pool.write(move |tx| async move { tx.redeem_device(&other, at(60)).await }).await;
        assert_eq!(missed, Ok(Spend::Unknown));
        assert_eq!(world.store.sweep(at(59 + DEVICE_KEPT)).await, Ok(0));
        assert_eq!(world.store.sweep(at(60 + DEVICE_KEPT)).await, Ok(3));
        let grants = world.pool.grants_of(user).await.unwrap();
        assert_eq!(grants.iter().map(|grant| grant.id).collect::<Vec<_>>(), [collected]);
    })
    .await;
}

#[tokio::test]
async fn a_device_goes_with_its_user() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let (session, _) = session_in(&world.pool, user).await;
        let grant = grant_in(&world.pool, user, session.id).await.id;
        let (own, other) = (waiting(&world).await, waiting(&world).await);
        assert!(allow(&world, &own, grant, 1).await);
        assert!(world.pool.write(move |tx| async move { tx.delete_user(user).await }).await.unwrap());
        assert_eq!(state_of(&world, &own).await, None);
        assert_eq!(state_of(&world, &other).await, Some(DeviceState::Waiting));
    })
    .await;
}
