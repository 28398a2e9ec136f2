//! Operations that do in one trip what others do in several: they say the same as those, and cost less.

use crate::{
    bed::{on_each, race},
    rows::*,
};
use vestibule_domain::{Credential, FactorKind, UserStatus};
use vestibule_store::{CodeRow, GrantWithUser, PoolStore, RefreshRow, SessionWithUser, Spend, StoreError};

type Redeemed<T> = Spend<(T, Option<GrantWithUser>)>;

async fn redeem(pool: &PoolStore, row: &CodeRow, now: i64) -> Redeemed<CodeRow> {
    let hash = row.hash;
    pool.write(move |tx| async move { tx.redeem_code(&hash, at(now)).await }).await.unwrap()
}

async fn rotate(pool: &PoolStore, row: &RefreshRow, now: i64) -> Redeemed<RefreshRow> {
    let hash = row.hash;
    pool.write(move |tx| async move { tx.redeem_refresh(&hash, at(now)).await }).await.unwrap()
}

#[tokio::test]
async fn what_is_redeemed_comes_with_its_grant_as_long_as_that_lives() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await;
        let session = session_in(&world.pool, user.id).await.0.id;
        let grant = grant_in(&world.pool, user.id, session).await;
        let (codes, tokens) =
            ([a_code(grant.id), a_code(grant.id)], [a_refresh(grant.id), a_refresh(grant.id)]);
        let copies = (codes.clone(), tokens.clone());
        let stored = world.pool.write(move |tx| async move {
            for (code, token) in copies.0.iter().zip(&copies.1) {
                tx.insert_code(code).await?;
                tx.insert_refresh(token).await?;
            }
            Ok(())
        });
        stored.await.unwrap();
        let ([first, last], [young, old]) = (codes, tokens);
        let living = Some(GrantWithUser { grant: grant.clone(), user: user.clone() });
        assert_eq!(redeem(&world.other, &first, 1).await, Spend::Unknown, "another pool's");
        assert_eq!(redeem(&world.pool, &first, 60).await, Spend::Unknown, "too late");
        assert_eq!(redeem(&world.pool, &first, 1).await, Spend::Won((first.clone(), living.clone())));
        assert_eq!(redeem(&world.pool, &first, 1).await, Spend::Replayed((first, None)));
        assert_eq!(rotate(&world.pool, &young, 1000).await, Spend::Unknown, "too late");
        assert_eq!(rotate(&world.pool, &young, 1).await, Spend::Won((young.clone(), living)));
        assert_eq!(rotate(&world.pool, &young, 1).await, Spend::Replayed((young, None)));
        world
            .pool
            .write(move |tx| async move { tx.revoke_session(user.id, session, at(2)).await })
            .await
            .unwrap();
        assert_eq!(redeem(&world.pool, &last, 3).await, Spend::Won((last, None)));
        assert_eq!(rotate(&world.pool, &old, 3).await, Spend::Won((old, None)));
    })
    .await;
}

#[tokio::test]
async fn every_end_of_a_grant_counts_when_it_is_redeemed() {
    on_each(|world| async move {
        for end in ["expired", "revoked", "signed out", "signed out, offline", "disabled", "gone", "none"] {
            let user = user_in(&world.pool, &format!("user-{}", end.replace([' ', ','], "-"))).await.id;
            let session = session_in(&world.pool, user).await.0.id;
            let mut grant = a_grant(user, session);
            grant.offline = end.ends_with("offline");
            let (code, now) = (a_code(grant.id), at(1));
            let (copy, stored, id) = (grant.clone(), code.clone(), grant.id);
            let written = world.pool.write(move |tx| async move {
                let mut copy = copy;
                if end == "expired" {
                    copy.expires_at = now;
                }
                if end != "gone" {
                    tx.insert_grant(&copy).await?;
                }
                tx.insert_code(&stored).await?;
                match end {
                    "revoked" => tx.revoke_grant(id, now).await.map(|_| ()),
                    "disabled" => tx.set_user_status(user, UserStatus::Disabled, now).await.map(|_| ()),
                    "signed out" | "signed out, offline" => {
                        tx.end_session(user, session, now).await.map(|_| ())
                    }
                    _ => Ok(()),
                }
            });
            written.await.unwrap();
            let apart = world.pool.live_grant(id, now).await.unwrap();
            assert_eq!(apart.is_some(), matches!(end, "none" | "signed out, offline"), "{end}");
            assert_eq!(redeem(&world.pool, &code, 1).await, Spend::Won((code, apart)), "{end}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_redeems_and_a_refused_one_is_not_spent() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let grant = grant_in(&world.pool, user, a_session(user).id).await.id;
        let token = a_refresh(grant);
        let copy = token.clone();
        world.pool.write(move |tx| async move { tx.insert_refresh(&copy).await }).await.unwrap();
        let hash = token.hash;
        let undone: Result<Result<(), ()>, StoreError> = world
            .pool
            .write_or_undo(move |tx| async move {
                assert!(matches!(tx.redeem_refresh(&hash, at(1)).await?, Spend::Won(_)));
                Ok(Err(()))
            })
            .await;
        assert_eq!(undone, Ok(Err(())));
        let results = race(24, |_| {
            let (pool, token) = (world.pool.clone(), token.clone());
            async move { rotate(&pool, &token, 1).await }
        })
        .await;
        let won = results.iter().filter(|one| matches!(one, Spend::Won(_))).count();
        let replayed = results.iter().filter(|one| matches!(one, Spend::Replayed(_))).count();
        assert_eq!((won, replayed), (1, 23));
    })
    .await;
}

#[tokio::test]
async fn a_rotation_is_one_commit_and_few_trips() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let grant = grant_in(&world.pool, user, a_session(user).id).await.id;
        let (old, new) = (a_refresh(grant), a_refresh(grant));
        let hash = old.hash;
        world.pool.write(move |tx| async move { tx.insert_refresh(&old).await }).await.unwrap();
        let before = world.store.counters();
        let done = world.pool.write(move |tx| async move {
            assert!(matches!(tx.redeem_refresh(&hash, at(1)).await?, Spend::Won((_, Some(_)))));
            tx.insert_refresh(&new).await
        });
        done.await.unwrap();
        let after = world.store.counters();
        let cost = (after.statements - before.statements, after.commits - before.commits);
        assert_eq!(cost, (2, 1));
        // SQLite: spending with BEGIN, adding with COMMIT. PostgreSQL: each by itself.
        let most = if world.bed.is_sqlite() { 2 } else { 4 };
        assert_eq!(after.trips - before.trips, most);
    })
    .await;
}

#[tokio::test]
async fn changes_without_an_answer_are_one_trip() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let session = session_in(&world.pool, user).await.0.id;
        let grant = a_grant(user, session);
        let code = a_code(grant.id);
        let (id, before) = (grant.id, world.store.counters());
        let done = world.pool.write(move |tx| async move {
            tx.forget_attempts(user.as_uuid(), &TOTP).await?;
            tx.insert_grant(&grant).await?;
            tx.insert_code(&code).await?;
            tx.insert_audit(&an_audit_line("one", 1)).await?;
            tx.insert_audit(&an_audit_line("two", 1)).await
        });
        done.await.unwrap();
        let after = world.store.counters();
        assert_eq!((after.trips - before.trips, after.commits - before.commits), (1, 1));
        assert!(world.pool.live_grant(id, at(1)).await.unwrap().is_some());
        assert_eq!(world.pool.audit(9, None).await.unwrap().len(), 2);
    })
    .await;
}

/// A change that waits must fail as loudly as one that does not, and undo everything with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_put_off_change_that_fails_undoes_its_job_and_no_other() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let taken = grant_in(&world.pool, user, a_session(user).id).await;
        let results = race(40, |n| {
            let (pool, taken) = (world.pool.clone(), taken.clone());
            async move {
                pool.write(move |tx| async move {
                    tx.insert_audit(&an_audit_line(&format!("job{n}"), 1)).await?;
                    if n % 4 == 1 {
                        // Read in between, so that the line before is on its way already.
                        tx.user(user).await?;
                    }
                    if n % 2 == 1 {
                        tx.insert_grant(&taken).await?;
                    }
                    if n % 8 == 3 {
                        tx.user(user).await?;
                    }
                    Ok(())
                })
                .await
            }
        })
        .await;
        for (n, result) in results.iter().enumerate() {
            match n % 2 {
                0 => assert_eq!(*result, Ok(())),
                _ => assert!(matches!(result, Err(StoreError::Conflict(_))), "{n}: {result:?}"),
            }
        }
        let lines = world.pool.audit(100, None).await.unwrap();
        assert_eq!(lines.len(), 20);
        assert!(lines.iter().all(|line| line.action[3..].parse::<usize>().unwrap() % 2 == 0));
    })
    .await;
}

#[tokio::test]
async fn put_off_changes_are_seen_by_what_follows_and_counted_rightly() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let outcome = world.pool.write(move |tx| async move {
            let (session, flow) = (a_session(user).id, a_flow(user));
            for _ in 0..3 {
                tx.insert_grant(&a_grant(user, session)).await?;
            }
            let seen = tx.grants_of(user).await?.len();
            tx.insert_grant(&a_grant(user, session)).await?;
            // How many it affected, whatever was sent with it.
            let revoked = tx.revoke_grants(user, None, at(1)).await?;
            tx.insert_flow(&flow).await?;
            let none = tx.delete_flow(flow.id(), 7).await?;
            tx.insert_audit(&an_audit_line("x", 1)).await?;
            Ok((seen, revoked, none, tx.delete_flow(flow.id(), 0).await?))
        });
        assert_eq!(outcome.await, Ok((3, 4, false, true)));
        assert_eq!(world.pool.audit(9, None).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn factors_are_the_credentials_and_the_attempts() {
    on_each(|world| async move {
        let (user, other) = (user_in(&world.pool, "alice").await.id, user_in(&world.pool, "bob").await.id);
        let nothing = world.pool.factors(user).await.unwrap();
        assert!(nothing.credentials.is_empty() && nothing.attempts.is_empty());
        let spent = credential_in(&world.pool, user, RECOVERY).await.id;
        for kind in [RECOVERY, TOTP] {
            credential_in(&world.pool, user, kind.clone()).await;
            credential_in(&world.pool, other, kind).await;
        }
        let written = world.pool.write(move |tx| async move {
            assert!(tx.spend_credential(spent, user, at(1)).await?);
            for kind in [TOTP, FactorKind::PASSWORD] {
                tx.admit_attempt(user.as_uuid(), &kind, at(1)).await?;
                tx.admit_attempt(other.as_uuid(), &kind, at(1)).await?;
            }
            tx.admit_attempt(user.as_uuid(), &TOTP, at(2)).await
        });
        written.await.unwrap();
        let found = world.pool.factors(user).await.unwrap();
        let apart = world.pool.credentials(user).await.unwrap();
        let content = |all: &[Credential]| -> Vec<_> {
            let one = |one: &Credential| {
                let secret = one.secret.as_ref().map(|secret| secret.as_bytes().to_vec());
                (
                    one.id,
                    one.user,
                    one.kind.clone(),
                    one.label.clone(),
                    one.public.0.clone(),
                    secret,
                    one.counter,
                )
            };
            all.iter().map(one).collect()
        };
        assert_eq!((content(&found.credentials), found.credentials.len()), (content(&apart), 2));
        assert_eq!(found.attempts, world.pool.attempts(user.as_uuid()).await.unwrap());
        assert_eq!(found.attempts.iter().map(|(_, one)| one.failures).collect::<Vec<_>>(), [1, 2]);
        assert!(world.other.factors(user).await.unwrap().credentials.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_flow_is_seen_with_its_user_and_its_challenges() {
    on_each(|world| async move {
        let (user, other) = (user_in(&world.pool, "alice").await, user_in(&world.pool, "bob").await.id);
        let (flow, bound) = (a_flow(user.id), a_hash());
        let (id, stored) = (flow.id(), flow.clone());
        let mut ceremonies = Vec::new();
        for (owner, purpose, bound_to) in [
            (user.id, "verify", bound),
            (user.id, "enrol", bound),
            (user.id, "verify", a_hash()),
            (other, "verify", bound),
        ] {
            ceremonies.push(vestibule_store::CeremonyRow {
                purpose: purpose.to_owned(),
                bound_to,
                ..a_ceremony(owner)
            });
        }
        let mine = [ceremonies[1].clone(), ceremonies[0].clone()];
        let written = world.pool.write(move |tx| async move {
            tx.insert_flow(&stored).await?;
            for one in &ceremonies {
                tx.insert_ceremony(one).await?;
            }
            Ok(())
        });
        written.await.unwrap();
        let sight = world.pool.flow_sight(id, &bound, at(1)).await.unwrap().unwrap();
        assert_eq!(Some(&sight.flow), world.pool.flow(id, at(1)).await.unwrap().as_ref());
        assert_eq!(sight.user, user);
        assert!(sight.ceremonies == mine, "the user's own, newest first");
        let bare = world.pool.flow_sight(id, &a_hash(), at(1)).await.unwrap().unwrap();
        assert!(bare.ceremonies.is_empty());
        let later = world.pool.flow_sight(id, &bound, at(300)).await.unwrap().unwrap();
        assert!(later.ceremonies.is_empty(), "they have expired, the flow has not");
        assert!(world.pool.flow_sight(id, &bound, at(600)).await.unwrap().is_none());
        assert!(world.other.flow_sight(id, &bound, at(1)).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_session_comes_with_the_consent_to_one_application() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await;
        let (session, token) = session_in(&world.pool, user.id).await;
        let id = user.id;
        let scopes = vec!["openid".to_owned()];
        world
            .pool
            .write(move |tx| async move { tx.upsert_consent(id, "app", &scopes, at(1)).await })
            .await
            .unwrap();
        let whose = SessionWithUser { session, user };
        let consent = world.pool.consent(id, "app").await.unwrap();
        assert!(consent.is_some());
        let found = world.pool.session_and_consent(&token, "app").await.unwrap();
        assert_eq!(found, Some((whose.clone(), consent)));
        let found = world.pool.session_and_consent(&token, "other").await.unwrap();
        assert_eq!(found, Some((whose.clone(), None)));
        assert_eq!(world.other.session_and_consent(&token, "app").await.unwrap(), None);
        let session = whose.session.id;
        world.pool.write(move |tx| async move { tx.end_session(id, session, at(2)).await }).await.unwrap();
        assert_eq!(world.pool.session_and_consent(&token, "app").await.unwrap(), None);
    })
    .await;
}
