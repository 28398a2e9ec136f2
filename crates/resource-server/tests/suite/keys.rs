//! How long the issuer's keys are believed, and when they are read again. Time is tokio's, which stands still and jumps
//! when everybody waits, and the API's own.

use std::time::Duration;

use serde_json::json;
use vestibule_resource_server::{BuildError, Nonces, ResourceServer};

use crate::api::{AUDIENCE, Answer, Api, ISSUER, Key, NOW, changed, claims, key_set, reason};

const FRESH: Option<Duration> = Some(Duration::from_secs(300));

fn long(key: &Key) -> String {
    key.token(&changed(claims(), json!({ "exp": NOW + 1_000_000 })))
}

/// Lets tasks that can go on go on.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn many_first_requests_are_one_fetch() {
    let api = Api::new();
    let token = long(&api.key);
    let (one, two, three) = tokio::join!(api.bearer(&token), api.bearer(&token), api.bearer(&token));
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(api.calls(), 1);
    api.pass(299);
    assert!(api.bearer(&token).await.is_ok());
    settle().await;
    assert_eq!(api.calls(), 1, "fresh");
}

#[tokio::test(start_paused = true)]
async fn stale_keys_are_read_again_behind_the_request() {
    let api = Api::new();
    let token = long(&api.key);
    api.bearer(&token).await.unwrap();
    api.answers(Answer::Hang);
    api.pass(301);
    let before = tokio::time::Instant::now();
    for _ in 0..3 {
        assert!(api.bearer(&token).await.is_ok());
        settle().await;
    }
    assert_eq!(tokio::time::Instant::now(), before, "nobody waited for an issuer that hangs");
    assert_eq!(api.calls(), 2, "and it was asked once");

    // It never answers: given up, and tried again when a minute has passed.
    tokio::time::sleep(Duration::from_secs(16)).await;
    api.pass(16);
    assert!(api.bearer(&token).await.is_ok());
    settle().await;
    assert_eq!(api.calls(), 2);
    let new = Key::new("k2");
    api.answers(Answer::Keys(key_set(&[&new]), FRESH));
    api.pass(45);
    assert!(api.bearer(&token).await.is_ok(), "the old keys, once more");
    settle().await;
    assert_eq!(api.calls(), 3);
    assert_eq!(api.why(&token).await, "Token(Jws(UnknownKey))", "the old key is withdrawn");
    assert!(api.bearer(&long(&new)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn an_unknown_key_is_asked_for_at_most_once_a_minute() {
    let api = Api::new();
    let (token, new) = (long(&api.key), Key::new("k2"));
    api.bearer(&token).await.unwrap();
    api.answers(Answer::Keys(key_set(&[&api.key, &new]), FRESH));
    for _ in 0..3 {
        assert_eq!(api.why(&long(&new)).await, "Token(Jws(UnknownKey))", "it was read just now");
    }
    assert_eq!(api.calls(), 1);
    api.pass(60);
    let (made_up, new_token) = (long(&Key::new("made-up")), long(&new));
    let (refused, accepted, known) =
        tokio::join!(api.bearer(&made_up), api.bearer(&new_token), api.bearer(&token));
    assert_eq!(reason(&refused.expect_err("made up")), "Token(Jws(UnknownKey))");
    assert!(accepted.is_ok() && known.is_ok());
    assert_eq!(api.calls(), 2, "one fetch for all of them");
    for _ in 0..3 {
        assert_eq!(api.why(&made_up).await, "Token(Jws(UnknownKey))");
    }
    assert_eq!(api.calls(), 2);
    // What is no access token at all is no reason to ask.
    api.pass(60);
    let other = Key::new("k3");
    api.why(&other.jws(&json!({ "typ": "JWT", "alg": "EdDSA", "kid": "k3" }), &claims())).await;
    api.why(&other.jws(&json!({ "typ": "at+jwt", "alg": "HS256", "kid": "k3" }), &claims())).await;
    assert_eq!(api.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn who_has_an_unknown_key_waits_for_a_hanging_issuer_alone() {
    let api = Api::new();
    let token = long(&api.key);
    api.bearer(&token).await.unwrap();
    api.answers(Answer::Hang);
    api.pass(60);
    let before = tokio::time::Instant::now();
    let made_up = long(&Key::new("made-up"));
    let known = async {
        settle().await;
        let known = api.bearer(&token).await;
        (known, tokio::time::Instant::now())
    };
    let (refused, (known, answered)) = tokio::join!(api.bearer(&made_up), known);
    assert_eq!(reason(&refused.expect_err("made up")), "Token(Jws(UnknownKey))");
    assert_eq!(before.elapsed(), Duration::from_secs(5), "it waits no longer");
    assert!(known.is_ok());
    assert_eq!(answered, before);
}

#[tokio::test(start_paused = true)]
async fn without_keys_nobody_is_let_in_until_the_issuer_is_there() {
    let api = Api::new();
    let token = long(&api.key);
    let good = Answer::Keys(key_set(&[&api.key]), FRESH);
    for (answer, expected) in [
        (Answer::Down, "Keys(Metadata(\"down\"))"),
        (Answer::Hang, "Keys(TimedOut)"),
        (Answer::Panic, "Keys("),
    ] {
        api.answers(answer);
        assert!(api.why(&token).await.starts_with(expected), "{expected}");
        assert!(api.why(&token).await.starts_with("Keys("), "it is not asked again at once");
        tokio::time::sleep(Duration::from_secs(20)).await;
        api.pass(5);
    }
    assert_eq!(api.calls(), 3);
    api.answers(good);
    assert!(api.bearer(&token).await.is_ok());
    assert_eq!(api.calls(), 4);
}

#[tokio::test(start_paused = true)]
async fn keys_that_cannot_be_renewed_are_good_for_another_hour() {
    let api = Api::new();
    let token = long(&api.key);
    api.bearer(&token).await.unwrap();
    api.answers(Answer::Down);
    api.pass(300 + 3599);
    assert!(api.bearer(&token).await.is_ok());
    settle().await;
    api.pass(1);
    assert!(api.why(&token).await.starts_with("Keys("));

    // A clock that was set back leads to a fetch, and to no endless trust.
    let api = Api::new();
    api.bearer(&token).await.expect_err("another issuer's key");
    api.pass(-100_000);
    let _refused = api.bearer(&token).await;
    settle().await;
    assert_eq!(api.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_the_source_says_of_freshness_has_bounds() {
    for (said, fresh) in [
        (Some(Duration::ZERO), 60),
        (Some(Duration::from_secs(90)), 90),
        (Some(Duration::MAX), 86_400),
        (None, 600),
    ] {
        let api = Api::new();
        let token = long(&api.key);
        api.answers(Answer::Keys(key_set(&[&api.key]), said));
        for (pass, calls) in [(0, 1), (fresh - 1, 1), (1, 2)] {
            api.pass(pass);
            assert!(api.bearer(&token).await.is_ok());
            settle().await;
            assert_eq!(api.calls(), calls, "{said:?} after {pass}");
        }
    }
}

#[test]
fn what_is_set_up_wrongly_is_told() {
    let api = || ResourceServer::builder(ISSUER, AUDIENCE);
    let source = Api::new().source;
    let with = |builder: vestibule_resource_server::Builder| builder.keys(source.clone()).build().err();
    assert!(matches!(with(ResourceServer::builder("", AUDIENCE)), Some(BuildError::Empty)));
    assert!(matches!(with(ResourceServer::builder(ISSUER, "")), Some(BuildError::Empty)));
    assert!(matches!(with(api().algorithms(&[])), Some(BuildError::NoAlgorithm)));
    assert!(matches!(with(api().leeway(Duration::from_secs(301))), Some(BuildError::Leeway)));
    for url in ["", "orders", "ftp://orders.example", "https://orders.example?x", "https://orders.example#x"]
    {
        assert!(matches!(with(api().public_url(url)), Some(BuildError::PublicUrl)), "{url}");
    }
    assert!(matches!(with(api().dpop_only()), Some(BuildError::NoPublicUrl)));
    assert!(matches!(with(api().dpop_nonces(Nonces::new(&[0; 32]))), Some(BuildError::NoPublicUrl)));
    assert!(with(api()).is_none());
    #[cfg(feature = "reqwest")]
    assert!(matches!(
        ResourceServer::builder("http://login.example.com", AUDIENCE).build().err(),
        Some(BuildError::Issuer(_))
    ));
    #[cfg(not(feature = "reqwest"))]
    assert!(matches!(api().build().err(), Some(BuildError::NoKeySource)));
}
