//! Grants, codes, refresh tokens, consents.

use crate::{bed::on_each, rows::*};
use std::collections::BTreeSet;
use vestibule_domain::{Kept, LoginFlow, SessionId};
use vestibule_store::{ConsentRow, GrantWithUser, Spend, records::GrantRow};

#[tokio::test]
async fn a_grant_lives_until_it_expires_or_is_revoked() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await;
        let session = session_in(&world.pool, user.id).await.0.id;
        let grant = grant_in(&world.pool, user.id, session).await;
        let id = grant.id;
        let found = world.pool.live_grant(id, at(4999)).await.unwrap();
        assert_eq!(found, Some(GrantWithUser { grant: grant.clone(), user: user.clone() }));
        assert_eq!(world.pool.live_grant(id, at(5000)).await.unwrap(), None);
        assert_eq!(world.pool.grants_of(user.id).await.unwrap(), std::slice::from_ref(&grant));
        let mut later = a_grant(user.id, session);
        later.created_at = at(1);
        let elsewhere = grant_in(&world.pool, user.id, SessionId::from_uuid(crate::bed::unique())).await.id;
        let (copy, gone) = (later.clone(), later.id);
        world.pool.write(move |tx| async move { tx.insert_grant(&copy).await }).await.unwrap();
        assert_eq!(world.pool.grants_of_session(session).await.unwrap(), [later, grant.clone()]);
        let revoke = world.pool.write(move |tx| async move {
            Ok((tx.revoke_grant(gone, at(1)).await?, tx.revoke_grant(elsewhere, at(1)).await?))
        });
        assert_eq!(revoke.await, Ok((Some(user.id), Some(user.id))));
        assert_eq!(world.pool.grants_of_session(session).await.unwrap(), [grant]);
        let revoked = world.pool.write(move |tx| async move {
            Ok((tx.revoke_grant(id, at(1)).await?, tx.revoke_grant(id, at(2)).await?))
        });
        assert_eq!(revoked.await, Ok((Some(user.id), None)));
        assert_eq!(world.pool.live_grant(id, at(3)).await.unwrap(), None);
        assert_eq!(world.pool.grants_of(user.id).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_grant_of_a_session_that_is_gone_lives_on_and_of_a_revoked_one_does_not() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let orphan = grant_in(&world.pool, user, SessionId::from_uuid(crate::bed::unique())).await.id;
        assert!(world.pool.live_grant(orphan, at(1)).await.unwrap().is_some());
        let session = session_in(&world.pool, user).await.0.id;
        world
            .pool
            .write(move |tx| async move { tx.revoke_session(user, session, at(1)).await })
            .await
            .unwrap();
        // As by a request that had read the session just before.
        let late = grant_in(&world.pool, user, session).await.id;
        assert_eq!(world.pool.live_grant(late, at(2)).await.unwrap(), None);
        // Nor does it come to life when the session's row is swept; the sweep says so at the session's end.
        world.store.sweep(at(13_600)).await.unwrap();
        assert_eq!(world.pool.live_grant(late, at(2)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn grants_are_revoked_by_application_or_all() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let session = session_in(&world.pool, user).await.0.id;
        for client in ["app", "app", "other", "third"] {
            let mut grant = a_grant(user, session);
            grant.client_id = client.to_owned();
            world.pool.write(move |tx| async move { tx.insert_grant(&grant).await }).await.unwrap();
        }
        let revoked = world.pool.write(move |tx| async move {
            let some = tx.revoke_grants(user, Some("app"), at(1)).await?;
            Ok((some, tx.revoke_grants(user, None, at(2)).await?))
        });
        assert_eq!(revoked.await, Ok((2, 2)));
    })
    .await;
}

#[tokio::test]
async fn a_code_is_unknown_when_it_is_too_late_and_a_replay_when_it_was_spent() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let grant = grant_in(&world.pool, user, a_session(user).id).await.id;
        let (fresh, late) = (a_code(grant), a_code(grant));
        let outcome = world.pool.write(move |tx| async move {
            tx.insert_code(&fresh).await?;
            tx.insert_code(&late).await?;
            assert_eq!(tx.redeem_code(&late.hash, at(60)).await?, Spend::Unknown);
            assert_eq!(tx.redeem_code(&a_hash(), at(1)).await?, Spend::Unknown);
            let won = tx.redeem_code(&fresh.hash, at(59)).await?;
            assert!(matches!(won, Spend::Won((row, Some(_))) if row == fresh));
            // Also after its end, as long as it is remembered.
            assert_eq!(tx.redeem_code(&fresh.hash, at(61)).await?, Spend::Replayed((fresh, None)));
            Ok(())
        });
        assert_eq!(outcome.await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_ends_by_idling_and_with_its_chain() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let grant = grant_in(&world.pool, user, a_session(user).id).await.id;
        let first = a_refresh(grant);
        let mut last = a_refresh(grant);
        last.expires_at = at(9000);
        let outcome = world.pool.write(move |tx| async move {
            tx.insert_refresh(&first).await?;
            tx.insert_refresh(&last).await?;
            assert_eq!(tx.redeem_refresh(&first.hash, at(1000)).await?, Spend::Unknown);
            assert_eq!(tx.redeem_refresh(&last.hash, at(4000)).await?, Spend::Unknown);
            let won = tx.redeem_refresh(&first.hash, at(999)).await?;
            assert!(matches!(won, Spend::Won((row, Some(_))) if row == first));
            assert_eq!(tx.redeem_refresh(&first.hash, at(999)).await?, Spend::Replayed((first, None)));
            assert_eq!(tx.redeem_refresh(&a_hash(), at(1)).await?, Spend::Unknown);
            Ok(())
        });
        assert_eq!(outcome.await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn consent_is_remembered_replaced_and_taken_back() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let scopes = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        let (first, second) = (scopes("openid"), scopes("openid email"));
        let expected = second.clone();
        let outcome = world.pool.write(move |tx| async move {
            tx.upsert_consent(user, "app", &first, at(1)).await?;
            tx.upsert_consent(user, "app", &second, at(2)).await?;
            tx.upsert_consent(user, "other", &first, at(3)).await?;
            Ok([tx.touch_consent(user, "app", at(4)).await?, tx.touch_consent(user, "none", at(4)).await?])
        });
        assert_eq!(outcome.await, Ok([true, false]));
        let row = ConsentRow {
            client_id: "app".to_owned(),
            scopes: expected,
            granted_at: at(1),
            last_used_at: at(4),
        };
        assert_eq!(world.pool.consent(user, "app").await.unwrap(), Some(row.clone()));
        let all = world.pool.consents_of(user).await.unwrap();
        assert_eq!((all.len(), &all[0]), (2, &row));
        let gone = world.pool.write(move |tx| async move {
            Ok([tx.delete_consent(user, "app").await?, tx.delete_consent(user, "app").await?])
        });
        assert_eq!(gone.await, Ok([true, false]));
        assert_eq!(world.pool.consent(user, "app").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn what_anybody_agreed_to_is_known_and_forgotten_by_application() {
    on_each(|world| async move {
        let alice = user_in(&world.pool, "alice").await.id;
        let bob = user_in(&world.pool, "bob").await.id;
        let stranger = user_in(&world.other, "eve").await.id;
        let theirs = world
            .other
            .write(move |tx| async move { tx.upsert_consent(stranger, "third", &[], at(1)).await });
        theirs.await.unwrap();
        let agreed = world.pool.write(move |tx| async move {
            for (user, client) in [(alice, "app"), (bob, "app"), (bob, "other")] {
                tx.upsert_consent(user, client, &[], at(1)).await?;
            }
            tx.agreed_to(&["app", "third", "none"]).await
        });
        assert_eq!(agreed.await, Ok(BTreeSet::from(["app".to_owned()])));
        assert_eq!(world.pool.agreed_to(&[]).await, Ok(BTreeSet::new()));
        let forgotten = world.pool.write(move |tx| async move { tx.forget_consents_to("app").await });
        assert_eq!(forgotten.await, Ok(2));
        assert_eq!(world.pool.agreed_to(&["app", "other"]).await, Ok(BTreeSet::from(["other".to_owned()])));
    })
    .await;
}

#[tokio::test]
async fn fault_s9_only_the_newest_grants_are_kept() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let session = session_in(&world.pool, user).await.0.id;
        let elsewhere = grant_in(&world.pool, user, SessionId::from_uuid(crate::bed::unique())).await;
        let mut grants: Vec<GrantRow> = (0..8).map(|_| a_grant(user, session)).collect();
        grants.sort_by_key(|grant| grant.id);
        let mut other = grants[0].clone();
        (other.id, other.client_id) = (a_grant(user, session).id, "another".to_owned());
        let mut refreshed: Vec<GrantRow> = (0..5).map(|_| a_grant(user, session)).collect();
        refreshed.sort_by_key(|grant| grant.id);
        let tokens: Vec<_> = refreshed.iter().map(|grant| a_refresh(grant.id)).collect();
        let (rows, with_tokens) = (grants.clone(), refreshed.clone());
        let (other_row, own) = (other.clone(), grants[0].clone());
        let keep = world.pool.write(move |tx| async move {
            for row in rows.iter().chain(&with_tokens).chain([&other_row]) {
                tx.insert_grant(row).await?;
            }
            for token in &tokens {
                tx.insert_refresh(token).await?;
            }
            // The one that was added now stays, whatever its identifier.
            tx.keep_newest_grants(&own, 3).await?;
            let (oldest, newest) = (&tokens[0], &tokens[4]);
            Ok((tx.redeem_refresh(&oldest.hash, at(1)).await?, tx.redeem_refresh(&newest.hash, at(1)).await?))
        });
        let (oldest, newest) = keep.await.unwrap();
        assert_eq!(oldest, Spend::Unknown);
        assert!(matches!(newest, Spend::Won((_, Some(_)))), "codes that nobody redeems end no refresh");
        let mut kept: Vec<_> =
            world.pool.grants_of(user).await.unwrap().iter().map(|grant| grant.id).collect();
        kept.sort();
        let newest = refreshed[2..].iter().map(|grant| grant.id);
        assert!(newest.chain([grants[0].id, other.id, elsewhere.id]).all(|id| kept.contains(&id)));
        // The three newest of those without a token, and the one that was just added.
        assert_eq!(kept.len(), 3 + 4 + 2);
    })
    .await;
}

#[tokio::test]
async fn threat_a46_sign_ins_in_a_known_browser_outlive_those_of_strangers() {
    on_each(|world| async move {
        let (user, other) = (user_in(&world.pool, "alice").await.id, user_in(&world.pool, "bob").await.id);
        let most = usize::try_from(Kept::Flows.most()).unwrap();
        let mut flows: Vec<LoginFlow> = (0..most + 10).map(|_| a_flow(user)).collect();
        flows.sort_by_key(LoginFlow::id);
        let others = a_flow(other);
        let (all, bystander, known) = (flows.clone(), others.clone(), *flows[0].browser());
        let began = world.pool.write(move |tx| async move {
            tx.know_browser(user, &known, at(0)).await?;
            tx.insert_flow(&bystander).await?;
            for flow in &all {
                tx.insert_flow(flow).await?;
            }
            // The one that was added now stays, whatever its identifier.
            tx.end_surplus_flows(&all[1]).await
        });
        began.await.unwrap();
        assert!(world.pool.flow(others.id(), at(1)).await.unwrap().is_some());
        for (number, flow) in flows.iter().enumerate() {
            let is_kept = world.pool.flow(flow.id(), at(1)).await.unwrap().is_some();
            assert_eq!(is_kept, number <= 1 || number >= 12, "{number}");
        }
    })
    .await;
}
