//! Pools, applications, signing keys, and the version that tells nodes about changes.

use crate::{
    bed::{a_pool, on_each},
    rows::*,
};
use vestibule_domain::Origin;
use vestibule_seal::Sealed;
use vestibule_store::{KeyStatus, PoolWrite, Spend, StoreError};

#[tokio::test]
async fn pools_read_back_and_keep_names_and_origins_apart() {
    on_each(|world| async move {
        let platform = world.store.platform();
        let mut pool = a_pool("third");
        pool.settings.registration = true;
        pool.settings.accent = Some("#123456".to_owned());
        let write = |pool: &vestibule_domain::Pool| {
            let (platform, pool) = (world.store.platform(), pool.clone());
            async move { platform.write(move |tx| async move { tx.upsert_pool(&pool).await }).await }
        };
        assert_eq!(write(&pool).await, Ok(PoolWrite::Written));
        pool.name = "Renamed".to_owned();
        assert_eq!(write(&pool).await, Ok(PoolWrite::Written));
        pool.version = 2;
        assert_eq!(platform.pool_by_slug("third").await.unwrap(), Some(pool.clone()));
        let slugs: Vec<String> = platform.pools().await.unwrap().into_iter().map(|one| one.slug).collect();
        assert_eq!(slugs, ["first", "second", "third"]);
        let mut same_slug = a_pool("fourth");
        same_slug.slug = "third".to_owned();
        let mut same_origin = a_pool("fifth");
        same_origin.origin = Origin::parse("https://third.example").unwrap();
        assert_eq!(write(&same_slug).await, Ok(PoolWrite::SlugTaken));
        assert_eq!(write(&same_origin).await, Ok(PoolWrite::OriginTaken));
        pool.slug = "second".to_owned();
        assert_eq!(write(&pool).await, Ok(PoolWrite::SlugTaken));
        assert_eq!(platform.pool_by_slug("nobody").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn the_version_of_a_pool_counts_changes_and_nothing_else() {
    on_each(|world| async move {
        let platform = world.store.platform();
        let mut pool = a_pool("third");
        let written = |pool: &vestibule_domain::Pool| {
            let (platform, pool) = (platform.clone(), pool.clone());
            async move {
                let slug = pool.slug.clone();
                let write = platform.write(move |tx| async move { tx.upsert_pool(&pool).await });
                assert_eq!(write.await, Ok(PoolWrite::Written));
                platform.pool_by_slug(&slug).await.unwrap().unwrap().version
            }
        };
        // Whatever the caller believes.
        pool.version = 40;
        assert_eq!((written(&pool).await, written(&pool).await), (1, 1));
        pool.slug = "renamed".to_owned();
        assert_eq!(written(&pool).await, 1, "the short name decides nothing");
        pool.name = "Renamed".to_owned();
        assert_eq!((written(&pool).await, written(&pool).await), (2, 2));
        pool.origin = Origin::parse("https://elsewhere.example").unwrap();
        assert_eq!(written(&pool).await, 3);
        pool.settings.registration = !pool.settings.registration;
        assert_eq!(written(&pool).await, 4);
        pool.tenant = "another".to_owned();
        pool.name = "Both at once".to_owned();
        assert_eq!((written(&pool).await, written(&pool).await), (5, 5));
        assert_eq!(platform.pool_by_slug("first").await.unwrap().unwrap().version, 1);
    })
    .await;
}

#[tokio::test]
async fn the_first_secret_of_a_pool_counts_and_is_sealed_again() {
    on_each(|world| async move {
        let [first, second] = [[1], [2]].map(Sealed::from_bytes);
        assert!(world.pool.pool_secret("names").await.unwrap().is_none());
        let drawn = world.pool.write(move |tx| {
            let (first, second) = (first.clone(), second.clone());
            async move {
                Ok([
                    tx.insert_pool_secret("names", &first, at(0)).await?,
                    tx.insert_pool_secret("names", &second, at(1)).await?,
                    tx.insert_pool_secret("others", &second, at(1)).await?,
                    tx.reseal_pool_secret("names", &second, &first).await?,
                    tx.reseal_pool_secret("names", &first, &Sealed::from_bytes([3])).await?,
                ])
            }
        });
        assert_eq!(drawn.await, Ok([true, false, true, false, true]));
        let now = world.pool.pool_secret("names").await.unwrap().unwrap();
        assert_eq!(now.as_bytes(), [3]);
    })
    .await;
}

#[tokio::test]
async fn what_an_application_was_given_ends_and_others_keep_theirs() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let grant = grant_in(&world.pool, user, a_session(user).id).await;
        let (code, refresh, device) = (a_code(grant.id), a_refresh(grant.id), a_device());
        let (hash, token, waiting) = (code.hash, refresh.hash, device.hash);
        let ended = world.pool.write(move |tx| {
            let (code, refresh, device) = (code.clone(), refresh.clone(), device.clone());
            async move {
                tx.insert_code(&code).await?;
                tx.insert_refresh(&refresh).await?;
                tx.insert_device_request(&device).await?;
                tx.end_grants_of("another").await
            }
        });
        ended.await.unwrap();
        assert!(world.pool.live_grant(grant.id, at(0)).await.unwrap().is_some());
        assert!(world.pool.device_request(&waiting).await.unwrap().is_some());
        let client = grant.client_id.clone();
        let end = world.pool.write(move |tx| {
            let client = client.clone();
            async move { tx.end_grants_of(&client).await }
        });
        end.await.unwrap();
        assert!(world.pool.live_grant(grant.id, at(0)).await.unwrap().is_none());
        assert!(world.pool.device_request(&waiting).await.unwrap().is_none());
        let spent = world.pool.write(move |tx| async move {
            Ok((tx.redeem_code(&hash, at(0)).await?, tx.redeem_refresh(&token, at(0)).await?))
        });
        assert_eq!(spent.await.unwrap(), (Spend::Unknown, Spend::Unknown));
    })
    .await;
}

#[tokio::test]
async fn applications_and_keys_read_back() {
    on_each(|world| async move {
        let mut client = a_client("app");
        let (first, second) = (client.clone(), a_client("zebra"));
        world.pool.write(move |tx| async move { tx.upsert_client(&second).await }).await.unwrap();
        world.pool.write(move |tx| async move { tx.upsert_client(&first).await }).await.unwrap();
        client.enabled = false;
        let copy = client.clone();
        world.pool.write(move |tx| async move { tx.upsert_client(&copy).await }).await.unwrap();
        let all = world.pool.clients().await.unwrap();
        assert_eq!((all.len(), &all[0]), (2, &client));
        let outcome = world.pool.write(|tx| async move {
            tx.insert_signing_key(&a_key("one")).await?;
            Ok([
                tx.set_key_status("one", KeyStatus::Active).await?,
                tx.set_key_status("two", KeyStatus::Active).await?,
                tx.reseal_signing_key("one", &Sealed::from_bytes([1, 2, 3])).await?,
                tx.delete_client("app").await?,
                tx.delete_client("app").await?,
            ])
        });
        assert_eq!(outcome.await, Ok([true, false, true, true, false]));
        let key = world.pool.signing_keys().await.unwrap().remove(0);
        assert_eq!(
            (key.kid.as_str(), key.status, key.private.as_bytes()),
            ("one", KeyStatus::Active, &[1, 2, 3][..])
        );
        let twice = world.pool.write(|tx| async move { tx.insert_signing_key(&a_key("one")).await }).await;
        assert!(matches!(twice, Err(StoreError::Conflict(_))));
        let gone = world.pool.write(|tx| async move { tx.delete_signing_key("one").await }).await;
        assert_eq!((gone, world.pool.signing_keys().await.unwrap().len()), (Ok(true), 0));
    })
    .await;
}

#[tokio::test]
async fn deleting_an_application_kills_its_tokens() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let grant = grant_in(&world.pool, user, a_session(user).id).await.id;
        let outcome = world.pool.write(move |tx| async move {
            tx.upsert_client(&a_client("app")).await?;
            tx.upsert_consent(user, "app", &[], at(0)).await?;
            tx.delete_client("app").await
        });
        assert_eq!(outcome.await, Ok(true));
        assert_eq!(world.pool.live_grant(grant, at(1)).await.unwrap(), None);
        assert_eq!(world.pool.consents_of(user).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn every_change_of_the_configuration_raises_its_version_with_it() {
    on_each(|world| async move {
        let platform = world.store.platform();
        let mut seen = platform.config_version().await.unwrap();
        assert!(seen >= 3, "two pools were written");
        macro_rules! raises {
            ($write:expr) => {
                $write.await.unwrap();
                let now = platform.config_version().await.unwrap();
                assert!(now > seen, "{}", stringify!($write));
                seen = now;
            };
        }
        raises!(world.pool.write(|tx| async move { tx.upsert_client(&a_client("app")).await }));
        raises!(world.pool.write(|tx| async move { tx.insert_signing_key(&a_key("one")).await }));
        raises!(world.pool.write(|tx| async move { tx.set_key_status("one", KeyStatus::Retired).await }));
        raises!(
            world
                .pool
                .write(|tx| async move { tx.reseal_signing_key("one", &Sealed::from_bytes([1])).await })
        );
        raises!(world.pool.write(|tx| async move { tx.delete_signing_key("one").await }));
        raises!(world.pool.write(|tx| async move { tx.delete_client("app").await }));
        raises!(platform.write(|tx| async move { tx.upsert_pool(&a_pool("third")).await }));
        let undone = world.pool.write(|tx| async move {
            tx.upsert_client(&a_client("app")).await?;
            Err::<(), _>(StoreError::Conflict("no".to_owned()))
        });
        assert!(undone.await.is_err());
        assert_eq!(platform.config_version().await.unwrap(), seen);
        user_in(&world.pool, "alice").await;
        assert_eq!(platform.config_version().await.unwrap(), seen, "users are not configuration");
    })
    .await;
}

#[tokio::test]
async fn a_pool_with_its_keys_is_one_transaction() {
    on_each(|world| async move {
        let (pool, platform) = (a_pool("third"), world.store.platform());
        let id = pool.id;
        let outcome = platform.write(move |tx| async move {
            tx.upsert_pool(&pool).await?;
            tx.pool(id).upsert_client(&a_client("app")).await?;
            tx.pool(id).insert_signing_key(&a_key("one")).await?;
            tx.pool(id).insert_signing_key(&a_key("one")).await
        });
        assert!(matches!(outcome.await, Err(StoreError::Conflict(_))));
        assert_eq!(platform.pool_by_slug("third").await.unwrap(), None);
        assert_eq!(world.store.pool(id).clients().await.unwrap(), []);
        let homeless =
            world.store.pool(id).write(|tx| async move { tx.upsert_client(&a_client("app")).await }).await;
        assert!(matches!(homeless, Err(StoreError::Conflict(_))));
    })
    .await;
}
