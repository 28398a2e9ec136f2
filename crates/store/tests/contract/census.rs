//! Counting users by what decides whether they can get in.

use crate::{bed::on_each, rows::*};
use vestibule_domain::{FactorKind, User, UserStatus, attempts::DISABLE_AT};
use vestibule_store::{CensusKind, CensusLine, PoolStore, StoreError};

const PASSKEY: FactorKind = FactorKind::new("passkey");

async fn add(pool: &PoolStore, name: &str, password: bool, shape: impl Fn(&mut User)) -> User {
    let mut user = a_user(name);
    user.groups = Vec::new();
    user.mfa_skips = 0;
    shape(&mut user);
    let copy = user.clone();
    let hash = password.then_some("$argon2id$");
    pool.write(move |tx| async move { tx.insert_user(&copy, hash).await }).await.unwrap();
    user
}

async fn give(
    pool: &PoolStore,
    user: &User,
    kind: FactorKind,
    chosen: bool,
) -> vestibule_domain::CredentialId {
    let mut credential = a_credential(user.id, kind);
    credential.chosen = chosen;
    let id = credential.id;
    pool.write(move |tx| async move { tx.insert_credential(&credential).await }).await.unwrap();
    id
}

async fn disable(pool: &PoolStore, user: &User, kind: FactorKind, failures: u32) {
    let subject = user.id.as_uuid();
    let write = pool.write(move |tx| async move {
        for n in 0..failures {
            tx.admit_attempt(subject, &kind, at(i64::from(n) * 10_000)).await?;
        }
        Ok::<_, StoreError>(())
    });
    write.await.unwrap();
}

fn kind(kind: FactorKind, disabled: bool, chosen: bool) -> CensusKind {
    CensusKind { kind, disabled, chosen }
}

#[tokio::test]
async fn users_who_are_alike_are_one_line() {
    on_each(|world| async move {
        let pool = &world.pool;
        assert_eq!(pool.census().await.unwrap(), []);
        for n in 0..5 {
            add(pool, &format!("plain{n}"), true, |_| ()).await;
        }
        let groups = [&["b", "a"][..], &["a", "b"], &["a b", "a"]];
        for (n, names) in groups.into_iter().enumerate() {
            let names: Vec<String> = names.iter().map(|one| (*one).to_owned()).collect();
            add(pool, &format!("grouped{n}"), true, |user| user.groups.clone_from(&names)).await;
        }
        add(pool, "verified", true, |user| user.email_verified = true).await;
        add(pool, "skipping", true, |user| user.mfa_skips = 2).await;
        add(pool, "without", false, |_| ()).await;
        add(pool, "gone", true, |user| user.status = UserStatus::Disabled).await;
        add(&world.other, "foreign", true, |_| ()).await;
        let lines = pool.census().await.unwrap();
        let plain = |users, sample: &[&str]| CensusLine {
            groups: vec![],
            kinds: vec![],
            has_password: true,
            email_verified: false,
            skips: 0,
            users,
            sample: sample.iter().map(|one| (*one).to_owned()).collect(),
        };
        let line = |holds: &dyn Fn(&CensusLine) -> bool| {
            let found: Vec<CensusLine> = lines.iter().filter(|line| holds(line)).cloned().collect();
            assert_eq!(found.len(), 1, "{found:?}");
            found[0].clone()
        };
        let five = line(&|line| line.users == 5);
        assert!(five.sample.len() == 3 && five.sample.iter().all(|name| name.starts_with("plain")));
        assert_eq!(CensusLine { sample: vec![], ..five }, plain(5, &[]));
        let mut two = line(&|line| line.groups == ["a", "b"]);
        two.sample.sort();
        assert_eq!(
            (two.users, two.sample.as_slice()),
            (2, &["grouped0".to_owned(), "grouped1".to_owned()][..])
        );
        assert_eq!(line(&|line| line.groups == ["a", "a b"]).sample, ["grouped2"]);
        assert_eq!(
            line(&|line| line.email_verified),
            CensusLine { email_verified: true, ..plain(1, &["verified"]) }
        );
        assert_eq!(line(&|line| line.skips == 2), CensusLine { skips: 2, ..plain(1, &["skipping"]) });
        assert_eq!(
            line(&|line| !line.has_password),
            CensusLine { has_password: false, ..plain(1, &["without"]) }
        );
        assert_eq!(lines.iter().map(|line| line.users).sum::<u64>(), 11);
        assert_eq!(lines.len(), 6);
    })
    .await;
}

#[tokio::test]
async fn kinds_are_those_that_are_left_and_say_what_became_of_them() {
    on_each(|world| async move {
        let pool = &world.pool;
        let mut users = Vec::new();
        for name in ["both", "codes", "spent", "locked", "nearly", "forced", "none"] {
            users.push(add(pool, name, true, |_| ()).await);
        }
        let [both, codes, spent, locked, nearly, forced, _none] = users.try_into().unwrap();
        give(pool, &both, TOTP, false).await;
        give(pool, &both, PASSKEY, true).await;
        for _ in 0..3 {
            give(pool, &codes, RECOVERY, true).await;
        }
        let code = give(pool, &spent, RECOVERY, true).await;
        let owner = spent.id;
        pool.write(move |tx| async move { tx.spend_credential(code, owner, at(1)).await }).await.unwrap();
        for user in [&locked, &nearly] {
            give(pool, user, TOTP, true).await;
        }
        disable(pool, &locked, TOTP, DISABLE_AT).await;
        disable(pool, &nearly, TOTP, DISABLE_AT - 1).await;
        disable(pool, &codes, TOTP, DISABLE_AT).await;
        give(pool, &forced, TOTP, false).await;
        give(pool, &forced, TOTP, true).await;
        let lines = pool.census().await.unwrap();
        let of = |name: &str| {
            let mut found = lines.iter().filter(|line| line.sample.contains(&name.to_owned()));
            let line = found.next().unwrap();
            assert!(found.next().is_none());
            (line.users, line.kinds.clone())
        };
        assert_eq!(of("both"), (1, vec![kind(PASSKEY, false, true), kind(TOTP, false, false)]));
        assert_eq!(of("codes"), (1, vec![kind(RECOVERY, false, true)]));
        assert_eq!(of("locked"), (1, vec![kind(TOTP, true, true)]));
        assert_eq!(of("nearly"), (2, vec![kind(TOTP, false, true)]));
        assert_eq!(of("forced"), of("nearly"), "one of the two was chosen");
        assert_eq!((of("spent"), of("none")), ((2, vec![]), (2, vec![])));
        let without =
            |backup: Vec<FactorKind>| async move { pool.users_without_factor(&backup).await.unwrap() };
        assert_eq!(without(vec![]).await, 2);
        assert_eq!(without(vec![RECOVERY]).await, 3);
        assert_eq!(without(vec![RECOVERY, TOTP]).await, 6);
        assert_eq!(without(vec![RECOVERY, TOTP, PASSKEY]).await, 7);
        let gone = both.id;
        pool.write(move |tx| async move { tx.set_user_status(gone, UserStatus::Disabled, at(2)).await })
            .await
            .unwrap();
        assert_eq!(without(vec![RECOVERY, TOTP, PASSKEY]).await, 6, "who cannot sign in enrols nothing");
    })
    .await;
}
