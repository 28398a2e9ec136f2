//! Users, sessions, attempts, credentials, flows: what comes back is what was written, and conditions hold.

use crate::{
    bed::{on_each, unique},
    rows::*,
};
use vestibule_domain::{
    AttributeValue, AuthEvent, Credential, CredentialId, FactorKind, SessionId, TextField, User, UserProfile,
    UserStatus,
    attempts::{Admission, Attempts, DISABLE_AT},
    credential::Public,
    ids::UserId,
};
use vestibule_seal::Sealed;
use vestibule_store::{
    CredentialTotal, CredentialUpdate, FlowRow, Insertion, PoolTx, StoreError, UserFilter,
};

#[tokio::test]
async fn a_user_reads_back_and_names_are_unique_without_regard_to_case() {
    on_each(|world| async move {
        let alice = user_in(&world.pool, "Alice").await;
        assert_eq!(world.pool.user(alice.id).await.unwrap(), Some(alice.clone()));
        for typed in ["alice", "alice@example.test"] {
            let found = world.pool.user_by_identifier(typed).await.unwrap().unwrap();
            assert_eq!((found.user, found.password_hash.as_deref()), (alice.clone(), Some("$argon2id$old")));
        }
        for typed in ["Alice", "bob", "", "' OR 1=1 --", "alice@other.test"] {
            assert!(world.pool.user_by_identifier(typed).await.unwrap().is_none(), "{typed}");
        }
        let mut same_name = a_user("ALICE");
        same_name.email = None;
        let mut same_look = a_user("\u{430}lice");
        same_look.email = None;
        let mut same_email = a_user("bob");
        same_email.email = Some("ALICE@example.TEST".to_owned());
        let mut no_email = a_user("carol");
        no_email.email = None;
        let mut no_email_either = a_user("dave");
        no_email_either.email = None;
        for (user, expected) in [
            (same_name, Insertion::UsernameTaken),
            (same_look, Insertion::UsernameTaken),
            (same_email, Insertion::EmailTaken),
            (no_email, Insertion::Inserted),
            (no_email_either, Insertion::Inserted),
        ] {
            let outcome = world.pool.write(move |tx| async move { tx.insert_user(&user, None).await }).await;
            assert_eq!(outcome, Ok(expected));
        }
        let twin = alice.clone();
        let outcome = world.pool.write(move |tx| async move {
            let mut twin = twin;
            twin.username = "erin".to_owned();
            twin.email = None;
            tx.insert_user(&twin, None).await
        });
        assert!(matches!(outcome.await, Err(StoreError::Conflict(_))));
    })
    .await;
}

#[tokio::test]
async fn a_user_changes() {
    on_each(|world| async move {
        let alice = user_in(&world.pool, "alice").await;
        let id = alice.id;
        let changed = world.pool.write(move |tx| async move {
            Ok([
                tx.update_profile(
                    &User { name: None, locale: Some("de".to_owned()), ..alice.clone() },
                    at(5),
                )
                .await?,
                tx.set_groups(id, &["one".to_owned()], at(6)).await?,
                tx.set_email_verified(id, "ALICE@example.test", at(7)).await?,
                tx.set_email_verified(id, "old@example.test", at(8)).await?,
                tx.replace_password_hash(id, "$other", "$never").await?,
                tx.replace_password_hash(id, "$argon2id$old", "$argon2id$better").await?,
                tx.set_user_status(UserId::from_uuid(unique()), UserStatus::Disabled, at(9)).await?,
            ])
        });
        assert_eq!(changed.await.unwrap(), [true, true, true, false, false, true, false]);
        let user = world.pool.user(id).await.unwrap().unwrap();
        assert_eq!(
            (user.name, user.locale.as_deref(), user.groups.as_slice()),
            (None, Some("de"), &["one".to_owned()][..])
        );
        assert_eq!((user.email_verified, user.updated_at), (true, at(7)));
        assert_eq!(world.pool.password_hash(id).await.unwrap().as_deref(), Some("$argon2id$better"));
        world.pool.write(move |tx| async move { tx.set_password(id, "$new", at(10)).await }).await.unwrap();
        assert_eq!(world.pool.password_hash(id).await.unwrap().as_deref(), Some("$new"));
        assert_eq!(world.pool.password_hash(UserId::from_uuid(unique())).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_enrolment_is_put_off_as_often_as_it_may() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await;
        let (id, other) = (user.id, user_in(&world.pool, "bob").await.id);
        assert_eq!(user.mfa_skips, 2);
        let outcome = world.pool.write(move |tx| async move {
            Ok([
                tx.skip_enrolment(id, Some(2)).await?,
                tx.skip_enrolment(id, Some(4)).await?,
                tx.skip_enrolment(id, Some(4)).await?,
                tx.skip_enrolment(id, Some(4)).await?,
                tx.skip_enrolment(id, Some(0)).await?,
                tx.skip_enrolment(id, None).await?,
                tx.skip_enrolment(UserId::from_uuid(unique()), None).await?,
            ])
        });
        assert_eq!(outcome.await.unwrap(), [false, true, true, false, false, true, false]);
        let now = world.pool.user(id).await.unwrap().unwrap();
        assert_eq!((now.mfa_skips, now.updated_at), (5, user.updated_at), "and no claim has changed");
        assert_eq!(world.pool.user(other).await.unwrap().unwrap().mfa_skips, 2);
    })
    .await;
}

#[tokio::test]
async fn users_are_listed_in_pages_without_gap_or_repetition() {
    on_each(|world| async move {
        let mut made = Vec::new();
        for n in 0..7 {
            made.push(user_in(&world.pool, &format!("user{n}")).await.id);
        }
        let (gone, id) = (made[3], world.pool.id());
        let disable =
            move |tx: PoolTx| async move { tx.set_user_status(gone, UserStatus::Disabled, at(1)).await };
        assert_eq!(world.store.pool(id).write(disable).await, Ok(true));
        let active: Vec<UserId> = made.iter().copied().filter(|id| *id != gone).collect();
        for (status, limit, expected) in [
            (None, 3, &made[..]),
            (None, 7, &made[..]),
            (Some(UserStatus::Active), 3, &active[..]),
            (Some(UserStatus::Active), 4, &active[..]),
            (Some(UserStatus::Disabled), 3, &made[3..4]),
        ] {
            let filter = UserFilter { status, ..UserFilter::default() };
            let (mut listed, mut after, mut pages) = (Vec::new(), None, 0);
            loop {
                let page = world.pool.users(&filter, after, limit).await.unwrap();
                assert!(page.items.len() as u64 <= limit);
                listed.extend(page.items.iter().map(|user| user.id));
                pages += 1;
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!((&listed[..], pages), (expected, (expected.len() as u64).div_ceil(limit)));
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_is_found_by_its_token_alone() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await;
        let (session, token) = session_in(&world.pool, user.id).await;
        let found = world.pool.session_by_token(&token).await.unwrap().unwrap();
        assert_eq!((&found.session, &found.user), (&session, &user));
        assert_eq!(world.pool.session_by_token(&a_hash()).await.unwrap(), None);
        let id = session.id;
        let touched = world.pool.write(move |tx| async move {
            Ok([
                tx.touch_session(id, at(60), None, Some("Browser")).await?,
                tx.touch_session(id, at(30), Some("198.51.100.9"), None).await?,
                tx.touch_session(SessionId::from_uuid(unique()), at(90), None, None).await?,
            ])
        });
        assert_eq!(touched.await.unwrap(), [true, false, false]);
        let now = world.pool.sessions_of(user.id).await.unwrap().remove(0);
        assert_eq!(
            (now.last_seen_at, now.ip, now.user_agent.as_deref()),
            (at(60), session.ip, Some("Browser"))
        );
        let orphan = a_session(UserId::from_uuid(unique()));
        let refused =
            world.pool.write(move |tx| async move { tx.insert_session(&orphan, &a_hash()).await }).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))));
    })
    .await;
}

#[tokio::test]
async fn raising_a_session_keeps_the_newest_proofs_and_kills_the_old_token() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let mallory = user_in(&world.pool, "mallory").await.id;
        let (session, old) = session_in(&world.pool, user).await;
        let (id, new) = (session.id, a_hash());
        let raise = |who, now| {
            let events: Vec<AuthEvent> = vec![an_event(TOTP, 50), an_event(FactorKind::PASSWORD, 40)];
            world.pool.write(move |tx| async move { tx.raise_session(id, who, &events, &new, now).await })
        };
        assert_eq!(raise(mallory, at(60)).await, Ok(false));
        assert_eq!(raise(user, at(20_000)).await, Ok(false), "expired");
        assert_eq!(raise(user, at(60)).await, Ok(true));
        assert_eq!(world.pool.session_by_token(&old).await.unwrap(), None);
        let raised = world.pool.session_by_token(&new).await.unwrap().unwrap().session;
        assert_eq!(raised.events, [an_event(FactorKind::PASSWORD, 40), an_event(TOTP, 50)]);
        assert_eq!((raised.id, raised.created_at, raised.last_seen_at), (id, session.created_at, at(60)));
        world.pool.write(move |tx| async move { tx.revoke_session(user, id, at(61)).await }).await.unwrap();
        assert_eq!(raise(user, at(62)).await, Ok(false), "revoked");
    })
    .await;
}

#[tokio::test]
async fn revoking_sessions_takes_their_grants_along() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let mallory = user_in(&world.pool, "mallory").await.id;
        let mut sessions = Vec::new();
        for _ in 0..3 {
            let (session, token) = session_in(&world.pool, user).await;
            let grant = grant_in(&world.pool, user, session.id).await;
            sessions.push((session.id, token, grant.id));
        }
        let (bystander, bystander_token) = session_in(&world.pool, mallory).await;
        let bystander_grant = grant_in(&world.pool, mallory, bystander.id).await.id;
        let first = sessions[0].0;
        let outcome = world.pool.write(move |tx| async move {
            Ok([
                tx.revoke_session(mallory, first, at(1)).await?,
                tx.revoke_session(user, first, at(1)).await?,
                tx.revoke_session(user, first, at(2)).await?,
            ])
        });
        assert_eq!(outcome.await.unwrap(), [false, true, false]);
        let alive = |index: usize| {
            let (pool, (_, token, grant)) = (world.pool.clone(), sessions[index]);
            async move {
                let session = pool.session_by_token(&token).await.unwrap().is_some();
                (session, pool.live_grant(grant, at(3)).await.unwrap().is_some())
            }
        };
        assert_eq!(alive(0).await, (false, false));
        assert_eq!(alive(1).await, (true, true));
        let kept = sessions[2].0;
        let ended = world
            .pool
            .write(move |tx| async move { tx.revoke_sessions(user, Some(kept), None, at(3)).await })
            .await;
        assert_eq!(ended, Ok(1));
        assert_eq!((alive(1).await, alive(2).await), ((false, false), (true, true)));
        let ended = world
            .pool
            .write(move |tx| async move { tx.revoke_sessions(user, None, None, at(4)).await })
            .await;
        assert_eq!((ended, alive(2).await), (Ok(1), (false, false)));
        assert!(world.pool.session_by_token(&bystander_token).await.unwrap().is_some());
        assert!(world.pool.live_grant(bystander_grant, at(4)).await.unwrap().is_some());
        assert_eq!(world.pool.sessions_of(user).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn disabling_a_user_ends_everything_for_good() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let (session, token) = session_in(&world.pool, user).await;
        let grant = grant_in(&world.pool, user, session.id).await.id;
        for status in [UserStatus::Disabled, UserStatus::Active] {
            world
                .pool
                .write(move |tx| async move { tx.set_user_status(user, status, at(1)).await })
                .await
                .unwrap();
            assert_eq!(world.pool.user(user).await.unwrap().unwrap().status, status);
            assert_eq!(world.pool.session_by_token(&token).await.unwrap(), None);
            assert_eq!(world.pool.live_grant(grant, at(2)).await.unwrap(), None);
        }
    })
    .await;
}

#[tokio::test]
async fn attempts_are_counted_until_they_are_cleared() {
    on_each(|world| async move {
        let subject = unique();
        let admit = |kind: FactorKind, now| {
            world.pool.write(move |tx| async move { tx.admit_attempt(subject, &kind, now).await })
        };
        for failures in 1..=5 {
            let expected = if failures == 5 { at(30) } else { at(0) };
            let admitted = Attempts { failures, blocked_until: expected };
            assert_eq!(admit(TOTP, at(0)).await, Ok(Admission::Admitted(admitted)));
        }
        assert_eq!(admit(TOTP, at(29)).await, Ok(Admission::Throttled { until: at(30) }));
        assert!(matches!(admit(FactorKind::PASSWORD, at(29)).await, Ok(Admission::Admitted(_))));
        let counted = world.pool.attempts(subject).await.unwrap();
        let failures: Vec<_> = counted.iter().map(|(kind, state)| (kind.as_str(), state.failures)).collect();
        assert_eq!(failures, [("password", 1), ("totp", 5)]);
        assert_eq!(world.pool.attempts(unique()).await.unwrap(), []);
        let cleared = world.pool.write(move |tx| async move {
            tx.forget_attempts(subject, &TOTP).await?;
            tx.forget_attempts(subject, &TOTP).await?;
            tx.attempts(subject).await
        });
        assert_eq!(cleared.await.unwrap().len(), 1, "the password's are left");
        assert!(matches!(admit(TOTP, at(1)).await, Ok(Admission::Admitted(Attempts { failures: 1, .. }))));
        let all = world.pool.write(move |tx| async move { tx.clear_all_attempts(subject).await }).await;
        assert_eq!((all, world.pool.attempts(subject).await.unwrap()), (Ok(2), vec![]));
    })
    .await;
}

#[tokio::test]
async fn after_a_hundred_failures_the_factor_is_disabled() {
    on_each(|world| async move {
        let subject = unique();
        let last = world.pool.write(move |tx| async move {
            let mut now = at(0);
            for _ in 0..DISABLE_AT {
                let Admission::Admitted(state) = tx.admit_attempt(subject, &TOTP, now).await? else {
                    panic!("admitted")
                };
                now = now.max(state.blocked_until);
            }
            tx.admit_attempt(subject, &TOTP, now + 1_000_000).await
        });
        assert_eq!(last.await, Ok(Admission::Disabled));
    })
    .await;
}

#[tokio::test]
async fn credentials_live_and_are_spent() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let mallory = user_in(&world.pool, "mallory").await.id;
        let phone = credential_in(&world.pool, user, TOTP).await;
        let mut codes = Vec::new();
        for _ in 0..3 {
            codes.push(credential_in(&world.pool, user, RECOVERY).await.id);
        }
        let (id, code) = (phone.id, codes[0]);
        let outcome = world.pool.write(move |tx| async move {
            Ok([
                tx.raise_counter(id, mallory, 11, at(1)).await?,
                tx.raise_counter(id, user, 10, at(1)).await?,
                tx.raise_counter(id, user, 11, at(1)).await?,
                tx.raise_counter(id, user, 11, at(2)).await?,
                tx.spend_credential(code, mallory, at(3)).await?,
                tx.spend_credential(code, user, at(3)).await?,
                tx.spend_credential(code, user, at(4)).await?,
                tx.rename_credential(id, mallory, "Mine").await?,
                tx.rename_credential(id, user, "Old phone").await?,
                tx.raise_counter(code, user, 99, at(5)).await?,
                tx.replace_credential(&an_update(code, user), at(5)).await?,
            ])
        });
        let expected = [false, false, true, false, false, true, false, false, true, false, false];
        assert_eq!(outcome.await.unwrap(), expected);
        let own = world.pool.credentials(user).await.unwrap();
        let ids: Vec<CredentialId> = own.iter().map(|one| one.id).collect();
        assert_eq!(ids, [id, codes[1], codes[2]]);
        let now = &own[0];
        assert_eq!((now.counter, now.last_used_at, now.label.as_str()), (11, Some(at(1)), "Old phone"));
        assert_eq!(
            (&now.kind, &now.public, &now.secret, now.created_at),
            (&TOTP, &phone.public, &phone.secret, at(0))
        );
        assert!(now.chosen);
        let totals = world.pool.credential_totals(user).await.unwrap();
        let recovery = CredentialTotal { kind: RECOVERY, left: 2, total: 3 };
        assert_eq!(totals, [recovery, CredentialTotal { kind: TOTP, left: 1, total: 1 }]);
        let outcome = world.pool.write(move |tx| async move {
            let public = Public("{\"b\":2}".to_owned());
            let secret = Sealed::from_bytes([1]);
            let was = tx.credentials(user).await?.remove(0).public;
            let stale = Public("{\"other\":1}".to_owned());
            let update = CredentialUpdate { id, user, was: &was, public: &public, secret: Some(&secret) };
            let late = CredentialUpdate { was: &stale, ..update };
            assert!(!tx.replace_credential(&late, at(6)).await?, "not as it was read");
            let replaced = tx.replace_credential(&update, at(6)).await?;
            let seen = tx.credentials(user).await?.remove(0);
            assert_eq!((seen.public, seen.secret), (public, Some(Sealed::from_bytes([1]))));
            let foreign = tx.delete_credential(id, mallory).await?;
            let deleted = tx.delete_credential(id, user).await?;
            Ok((replaced, foreign, deleted, tx.delete_credentials_of_kind(user, &RECOVERY).await?))
        });
        assert_eq!(outcome.await.unwrap(), (true, false, true, 3));
        assert_eq!(world.pool.credential_totals(user).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn credentials_that_a_rule_had_forced_are_chosen_by_their_owner_alone() {
    on_each(|world| async move {
        let (user, other) = (user_in(&world.pool, "alice").await.id, user_in(&world.pool, "bob").await.id);
        let forced =
            [user, user, other].map(|owner| Credential { chosen: false, ..a_credential(owner, TOTP) });
        let chosen = world.pool.write(move |tx| async move {
            for credential in &forced {
                tx.insert_credential(credential).await?;
            }
            tx.choose_credentials(user).await
        });
        assert_eq!(chosen.await, Ok(2));
        for (owner, expected) in [(user, [true, true].as_slice()), (other, &[false])] {
            let own = world.pool.credentials(owner).await.unwrap();
            assert_eq!(own.iter().map(|one| one.chosen).collect::<Vec<_>>(), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn a_flow_moves_from_version_to_version() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let flow = a_flow(user);
        let (id, copy) = (flow.id(), flow.clone());
        world.pool.write(move |tx| async move { tx.insert_flow(&copy).await }).await.unwrap();
        assert_eq!(
            world.pool.flow(id, at(599)).await.unwrap(),
            Some(FlowRow { flow: flow.clone(), version: 0 })
        );
        assert_eq!(world.pool.flow(id, at(600)).await.unwrap(), None);
        let next = flow.choose(&RECOVERY).unwrap();
        let copy = next.clone();
        let moved = world.pool.write(move |tx| async move {
            Ok([
                tx.update_flow(&copy, 0).await?,
                tx.update_flow(&copy, 0).await?,
                tx.delete_flow(id, 0).await?,
            ])
        });
        assert_eq!(moved.await.unwrap(), [true, false, false]);
        assert_eq!(world.pool.flow(id, at(1)).await.unwrap(), Some(FlowRow { flow: next, version: 1 }));
        assert_eq!(world.pool.write(move |tx| async move { tx.delete_flow(id, 1).await }).await, Ok(true));
        assert_eq!(world.pool.flow(id, at(1)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_profile_is_one_column_that_is_absent_where_there_is_nothing() {
    on_each(|world| async move {
        let alice = user_in(&world.pool, "alice").await;
        let stored = || async { world.bed.lines("SELECT COALESCE(profile, 'none') FROM users").await };
        assert_eq!(
            (alice.profile.clone(), stored().await),
            (UserProfile::default(), vec!["none".to_owned()])
        );
        let mut profile = UserProfile { phone_number_verified: true, ..UserProfile::default() };
        for field in TextField::ALL {
            let text = match field {
                TextField::Birthdate => "0000-12-31",
                TextField::PhoneNumber => "+493012345678",
                TextField::Zoneinfo => "Europe/Berlin",
                TextField::Picture | TextField::Profile | TextField::Website => "https://jo.example/a",
                _ => "Zo\u{eb} \"quoted\" \u{1f600}",
            };
            profile.set(*field, Some(text)).unwrap();
        }
        profile.phone_number_verified = true;
        profile.roles = ["reader".to_owned()].into();
        let own = [
            ("a", AttributeValue::Boolean(false)),
            ("b", AttributeValue::Integer(-7)),
            ("c", AttributeValue::Text("x".to_owned())),
            ("d", AttributeValue::Texts(vec!["x".to_owned(), "y".to_owned()])),
        ];
        profile.attributes = own.map(|(name, value)| (name.to_owned(), value)).into();
        let (full, empty) = (User { profile, ..alice.clone() }, alice.clone());
        let copy = full.clone();
        assert!(
            world.pool.write(move |tx| async move { tx.update_profile(&copy, at(5)).await }).await.unwrap()
        );
        let read = world.pool.user(alice.id).await.unwrap().unwrap();
        assert_eq!((&read.profile, read.updated_at), (&full.profile, at(5)));
        let id = alice.id;
        let held = world.pool.write(move |tx| async move { tx.locked_user(id, 1).await }).await.unwrap();
        assert_eq!(held.unwrap().0.profile, full.profile, "in a join");
        // Nothing else that is written of a user touches it.
        let written = world.pool.write(move |tx| async move {
            tx.set_locale(id, Some("de"), at(6)).await?;
            tx.set_groups(id, &[], at(6)).await?;
            tx.set_password(id, "$new", at(6)).await
        });
        assert!(written.await.unwrap());
        assert_eq!(world.pool.user(id).await.unwrap().unwrap().profile, full.profile);
        assert!(
            world.pool.write(move |tx| async move { tx.update_profile(&empty, at(7)).await }).await.unwrap()
        );
        assert_eq!(stored().await, ["none"]);
        world.bed.raw("UPDATE users SET profile = '{\"given_name\": 7}'").await.unwrap();
        assert!(world.pool.user(id).await.is_err(), "a damaged row is an error, not an empty profile");
    })
    .await;
}
