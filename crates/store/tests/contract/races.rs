//! Everything that is spent once, by 32 tasks at once: exactly one wins.

use crate::{
    bed::{World, on_each, race, unique},
    rows::*,
};
use std::sync::{Arc, Mutex};
use vestibule_domain::attempts::{Admission, Attempts};
use vestibule_store::{CeremonyKey, GrantWithUser, Known, MAX_REMEMBERED_BROWSERS, Spend, StoreError};

const TASKS: usize = 32;

/// How many of the results are wins, when none may be an error.
fn wins<T>(results: Vec<Result<T, StoreError>>, won: impl Fn(&T) -> bool) -> usize {
    results.into_iter().filter(|one| won(one.as_ref().unwrap())).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_code_has_one_winner_and_every_other_sees_a_replay() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let grant = grant_in(&world.pool, user, a_session(user).id).await;
        let code = a_code(grant.id);
        let (hash, copy) = (code.hash, code.clone());
        world.pool.write(move |tx| async move { tx.insert_code(&copy).await }).await.unwrap();
        let results = race(TASKS, |_| {
            let pool = world.pool.clone();
            async move { pool.write(move |tx| async move { tx.redeem_code(&hash, at(1)).await }).await }
        })
        .await;
        let replays = results.iter().filter(|one| **one == Ok(Spend::Replayed((code.clone(), None)))).count();
        let living = |one: &Option<GrantWithUser>| one.as_ref().is_some_and(|one| one.grant == grant);
        let won = results
            .iter()
            .filter(|one| matches!(one, Ok(Spend::Won((row, with))) if *row == code && living(with)))
            .count();
        assert_eq!((won, replays), (1, TASKS - 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refresh_token_has_one_successor() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let grant = grant_in(&world.pool, user, a_session(user).id).await.id;
        let token = a_refresh(grant);
        let hash = token.hash;
        world.pool.write(move |tx| async move { tx.insert_refresh(&token).await }).await.unwrap();
        let results = race(TASKS, |_| {
            let pool = world.pool.clone();
            async move {
                let next = a_refresh(grant);
                pool.write(move |tx| async move {
                    let spent = tx.redeem_refresh(&hash, at(1)).await?;
                    if let Spend::Won((_, living)) = &spent {
                        assert!(living.is_some(), "the grant stands");
                        tx.insert_refresh(&next).await?;
                    }
                    Ok(spent)
                })
                .await
            }
        })
        .await;
        assert_eq!(wins(results, |spent| matches!(spent, Spend::Won(_))), 1);
        assert_eq!(world.bed.dump("refresh_tokens").await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_step_of_a_counter_is_accepted_once() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let id = credential_in(&world.pool, user, TOTP).await.id;
        let results =
            race(TASKS, |_| {
                let pool = world.pool.clone();
                async move {
                    pool.write(move |tx| async move { tx.raise_counter(id, user, 11, at(1)).await }).await
                }
            })
            .await;
        assert_eq!(wins(results, |won| *won), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_recovery_code_is_accepted_once() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let id = credential_in(&world.pool, user, RECOVERY).await.id;
        let results =
            race(TASKS, |_| {
                let pool = world.pool.clone();
                async move {
                    pool.write(move |tx| async move { tx.spend_credential(id, user, at(1)).await }).await
                }
            })
            .await;
        assert_eq!(wins(results, |won| *won), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_ceremony_is_taken_once_and_only_with_its_whole_key() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let row = a_ceremony(user);
        let copy = row.clone();
        world.pool.write(move |tx| async move { tx.insert_ceremony(&copy).await }).await.unwrap();
        let key = CeremonyKey { id: row.id, user, kind: &TOTP, purpose: "verify", bound_to: &row.bound_to };
        let other = a_hash();
        let wrong = [
            CeremonyKey { id: a_ceremony(user).id, ..key },
            CeremonyKey { user: a_user("x").id, ..key },
            CeremonyKey { kind: &RECOVERY, ..key },
            CeremonyKey { purpose: "enrol", ..key },
            CeremonyKey { bound_to: &other, ..key },
        ];
        for key in wrong {
            let (id, user, kind, purpose, bound) =
                (key.id, key.user, key.kind.clone(), key.purpose.to_owned(), *key.bound_to);
            let taken = world.pool.write(move |tx| async move {
                let key = CeremonyKey { id, user, kind: &kind, purpose: &purpose, bound_to: &bound };
                tx.take_ceremony(&key, at(1)).await
            });
            assert!(taken.await.unwrap().is_none());
        }
        let take = |now| {
            let (pool, row) = (world.pool.clone(), row.clone());
            async move {
                pool.write(move |tx| async move {
                    let key = CeremonyKey {
                        id: row.id,
                        user,
                        kind: &TOTP,
                        purpose: "verify",
                        bound_to: &row.bound_to,
                    };
                    Ok(tx.take_ceremony(&key, now).await?.filter(|taken| *taken == row))
                })
                .await
            }
        };
        assert!(take(at(300)).await.unwrap().is_none(), "expired");
        let results = race(TASKS, |_| take(at(1))).await;
        assert_eq!(wins(results, |taken| taken.is_some()), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sealed_challenge_is_spent_once() {
    on_each(|world| async move {
        let hash = a_hash();
        let results = race(TASKS, |_| {
            let pool = world.pool.clone();
            async move { pool.write(move |tx| async move { tx.spend_challenge(&hash, at(300)).await }).await }
        })
        .await;
        assert_eq!(wins(results, |won| *won), 1);
        let another =
            world.pool.write(|tx| async move { tx.spend_challenge(&a_hash(), at(300)).await }).await;
        assert_eq!(another, Ok(true));
        assert_eq!(world.pool.is_spent(&hash).await, Ok(true));
        assert_eq!(world.pool.is_spent(&a_hash()).await, Ok(false));
        assert_eq!(world.other.is_spent(&hash).await, Ok(false), "another pool");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_enrolment_is_put_off_no_more_often_than_it_may() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await;
        let (id, most) = (user.id, user.mfa_skips + 3);
        let results = race(TASKS, |_| {
            let pool = world.pool.clone();
            async move { pool.write(move |tx| async move { tx.skip_enrolment(id, Some(most)).await }).await }
        })
        .await;
        assert_eq!(wins(results, |won| *won), 3);
        assert_eq!(world.pool.user(id).await.unwrap().unwrap().mfa_skips, most);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_more_browsers_are_remembered_than_may_be() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let results =
            race(TASKS, |_| {
                let (pool, remembered, hash) = (world.pool.clone(), a_remembered_browser(user), a_hash());
                async move {
                    pool.write(move |tx| async move { tx.remember_browser(&remembered, &hash).await }).await
                }
            })
            .await;
        assert_eq!(wins(results, |()| true), TASKS);
        let left = world.pool.remembered_browsers(user, at(1)).await.unwrap().len();
        assert_eq!(left, MAX_REMEMBERED_BROWSERS as usize);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_first_browsers_at_once_one_is_the_first() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let browsers = [a_hash(), a_hash(), a_hash(), a_hash()];
        let results =
            race(TASKS, |task| {
                let (pool, browser) = (world.pool.clone(), browsers[task % browsers.len()]);
                async move {
                    pool.write(move |tx| async move { tx.know_browser(user, &browser, at(0)).await }).await
                }
            })
            .await;
        let counted = |known| results.iter().filter(|one| **one == Ok(known)).count();
        assert_eq!((counted(Known::First), counted(Known::New)), (1, browsers.len() - 1));
        assert_eq!(counted(Known::Seen), TASKS - browsers.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_mailed_link_works_once() {
    on_each(|world| async move {
        let row = a_mail_token(None);
        let hash = row.hash;
        world.pool.write(move |tx| async move { tx.insert_mail_token(&row).await }).await.unwrap();
        let results = race(TASKS, |_| {
            let pool = world.pool.clone();
            async move {
                pool.write(move |tx| async move { tx.spend_mail_token(&hash, "reset", at(1)).await }).await
            }
        })
        .await;
        assert_eq!(wins(results, Option::is_some), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_version_of_a_flow_has_one_successor() {
    on_each(|world| async move {
        let flow = a_flow(user_in(&world.pool, "alice").await.id);
        let (id, copy) = (flow.id(), flow.clone());
        world.pool.write(move |tx| async move { tx.insert_flow(&copy).await }).await.unwrap();
        let results = race(TASKS, |task| {
            let (pool, flow) = (world.pool.clone(), flow.clone());
            async move {
                pool.write(move |tx| async move {
                    if task % 2 == 0 { tx.update_flow(&flow, 0).await } else { tx.delete_flow(id, 0).await }
                })
                .await
            }
        })
        .await;
        assert_eq!(wins(results, |won| *won), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_of_fifty_attempts_at_once_are_admitted() {
    on_each(|world| async move {
        let subject = unique();
        let results =
            race(50, |_| {
                let pool = world.pool.clone();
                async move {
                    pool.write(move |tx| async move { tx.admit_attempt(subject, &TOTP, at(0)).await }).await
                }
            })
            .await;
        let mut counts: Vec<u32> = results
            .into_iter()
            .filter_map(|one| match one.unwrap() {
                Admission::Admitted(Attempts { failures, .. }) => Some(failures),
                _ => None,
            })
            .collect();
        counts.sort_unstable();
        assert_eq!(counts, [1, 2, 3, 4, 5]);
        assert_eq!(
            world.pool.attempts(subject).await.unwrap()[0].1,
            Attempts { failures: 5, blocked_until: at(30) }
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn raising_a_session_from_many_tabs_loses_no_proof() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let id = session_in(&world.pool, user).await.0.id;
        let results = race(16, |task| {
            let pool = world.pool.clone();
            async move {
                let kind = vestibule_domain::FactorKind::from_text(format!("factor{task}"));
                let (events, token) = ([an_event(kind, 5)], a_hash());
                pool.write(move |tx| async move { tx.raise_session(id, user, &events, &token, at(6)).await })
                    .await
            }
        })
        .await;
        assert_eq!(wins(results, |raised| *raised), 16);
        assert_eq!(world.pool.sessions_of(user).await.unwrap()[0].events.len(), 17);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_name_is_given_to_one_user() {
    on_each(|world| async move {
        let results =
            race(TASKS, |_| {
                let pool = world.pool.clone();
                async move {
                    pool.write(move |tx| async move { tx.insert_user(&a_user("alice"), None).await }).await
                }
            })
            .await;
        assert_eq!(wins(results, |one| *one == vestibule_store::Insertion::Inserted), 1);
        assert_eq!(users_of(&world.pool, 10).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_mail_is_claimed_by_one_node() {
    on_each(|world: Arc<World>| async move {
        for _ in 0..40 {
            world.pool.write(|tx| async move { tx.queue_mail(&a_mail()).await }).await.unwrap();
        }
        let claimed = Arc::new(Mutex::new(Vec::new()));
        race(TASKS, |_| {
            let (platform, claimed) = (world.store.platform(), Arc::clone(&claimed));
            async move {
                let got = platform.claim_mail(at(1), &vestibule_store::Claim::any(100)).await.unwrap();
                claimed.lock().unwrap().extend(got.into_iter().map(|(_, mail)| mail.id));
            }
        })
        .await;
        let mut claimed = claimed.lock().unwrap().clone();
        claimed.sort_unstable();
        let count = claimed.len();
        claimed.dedup();
        assert_eq!(claimed.len(), count, "none twice");
        assert_eq!(count, 40);
    })
    .await;
}
