//! What is kept, and for how long.

use crate::support::{JSON, Server, Setup, Way, allowing, answer, json, patient, serve, setup};
use std::sync::Arc;
use tokio::sync::Semaphore;
use vestibule_outbound::{Cached, OutboundError, OutboundRules};

struct Kept {
    cached: Arc<Cached>,
    setup: Setup,
}

fn kept(capacity: usize) -> Kept {
    let setup = setup(patient());
    Kept { cached: Arc::new(Cached::new(setup.outbound.clone(), capacity)), setup }
}

impl Kept {
    async fn get(&self, url: &str) -> Result<String, OutboundError> {
        let given = self.cached.get(&self.setup.rules, url, JSON).await?;
        Ok(String::from_utf8(given.body.to_vec()).unwrap())
    }

    async fn refresh(&self, server: &Server) -> Result<(), OutboundError> {
        self.cached.refresh(&self.setup.rules, &server.url(), JSON).await.map(drop)
    }
}

#[tokio::test]
async fn a_document_is_fetched_again_when_it_is_no_longer_fresh() {
    for (header, seconds) in [
        ("cache-control: max-age=300\r\n", 300),
        ("cache-control: no-store\r\n", 60),
        ("cache-control: max-age=0\r\n", 60),
        ("cache-control: max-age=9999999\r\n", 24 * 60 * 60),
        ("expires: Sun, 06 Nov 1994 09:49:37 GMT\r\n", 3600),
    ] {
        let (server, kept) = (serve(Way::Says(json(header, "{}"))).await, kept(10));
        kept.get(&server.url()).await.unwrap();
        kept.setup.clock.turn(seconds - 1);
        kept.get(&server.url()).await.unwrap();
        assert_eq!(server.count(), 1, "{header}");
        kept.setup.clock.turn(1);
        kept.get(&server.url()).await.unwrap();
        assert_eq!(server.count(), 2, "{header}");
    }
}

#[tokio::test]
async fn one_request_serves_all_who_ask_meanwhile() {
    let permits = Arc::new(Semaphore::new(0));
    let (server, kept) = (serve(Way::Waits(Arc::clone(&permits), json("", "{}"))).await, kept(10));
    let ask = || {
        let (cached, rules, url) = (Arc::clone(&kept.cached), kept.setup.rules.clone(), server.url());
        tokio::spawn(async move { cached.get(&rules, &url, JSON).await })
    };
    let first = ask();
    server.hears(1).await;
    let others: Vec<_> = (0..20).map(|_| ask()).collect();
    // The one who asks for all goes away: the next one does.
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    permits.add_permits(2);
    for other in others {
        assert_eq!(other.await.unwrap().unwrap().body, "{}");
    }
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_failure_holds_for_all_for_some_seconds() {
    let (server, kept) = (serve(Way::Says(answer("404 X", "", ""))).await, kept(10));
    for _ in 0..20 {
        assert_eq!(kept.get(&server.url()).await.unwrap_err().code(), "status");
        assert!(kept.refresh(&server).await.is_err());
    }
    assert_eq!(server.count(), 1);
    kept.setup.clock.turn(10);
    assert!(kept.get(&server.url()).await.is_err());
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_refresh_asks_at_most_once_a_minute() {
    let (server, kept) = (serve(Way::Says(json("cache-control: max-age=3000\r\n", "{}"))).await, kept(10));
    kept.get(&server.url()).await.unwrap();
    for _ in 0..20 {
        kept.refresh(&server).await.unwrap();
    }
    assert_eq!(server.count(), 1, "it was fetched a moment ago");
    kept.setup.clock.turn(60);
    for _ in 0..20 {
        kept.refresh(&server).await.unwrap();
    }
    assert_eq!(server.count(), 2);
    kept.get(&server.url()).await.unwrap();
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_refresh_that_fails_leaves_the_kept_document_while_it_is_fresh() {
    let permits = Arc::new(Semaphore::new(1));
    let good = json("cache-control: max-age=100\r\n", "{}");
    let (server, kept) = (serve(Way::Waits(Arc::clone(&permits), good)).await, kept(10));
    kept.get(&server.url()).await.unwrap();
    permits.close(); // From now on it hangs up.
    kept.setup.clock.turn(60);
    kept.refresh(&server).await.unwrap();
    assert_eq!(server.count(), 2);
    kept.refresh(&server).await.unwrap();
    assert_eq!(server.count(), 2, "a failed refresh counts");
    kept.setup.clock.turn(40);
    assert_eq!(kept.get(&server.url()).await.unwrap_err().code(), "broken", "what is stale is not used");
}

#[tokio::test]
async fn there_are_so_many_documents_and_the_least_used_goes() {
    let (server, kept) = (serve(Way::Says(json("", "{}"))).await, kept(2));
    let url = |name: &str| format!("{}/{name}", server.url());
    let asked = async |name: &str| {
        let before = server.count();
        kept.get(&url(name)).await.unwrap();
        server.count() - before
    };
    assert_eq!((asked("a").await, asked("b").await, asked("a").await), (1, 1, 0));
    assert_eq!(asked("c").await, 1, "b makes room");
    assert_eq!((asked("a").await, asked("c").await, asked("b").await), (0, 0, 1));
}

#[tokio::test]
async fn what_one_pool_may_read_is_not_shown_to_another() {
    let (server, kept) = (serve(Way::Says(json("", "{}"))).await, kept(10));
    kept.get(&server.url()).await.unwrap();
    let refused = Err(OutboundError::NotPublic { host: "rp.example".into() });
    let other = OutboundRules::public("other");
    assert_eq!(kept.cached.get(&other, &server.url(), JSON).await, refused);
    // The same pool, whose rule was taken back.
    let strict = OutboundRules::public("pool");
    assert_eq!(kept.cached.get(&strict, &server.url(), JSON).await, refused);
    // The same document for somebody who expects another type.
    let rules = allowing("127.0.0.0/8");
    let given = kept.cached.get(&rules, &server.url(), &["application/jwt"]).await.unwrap_err();
    assert_eq!(given.code(), "content_type");
}

#[tokio::test]
async fn an_address_that_is_none_takes_no_room() {
    let (server, kept) = (serve(Way::Says(json("", "{}"))).await, kept(1));
    kept.get(&server.url()).await.unwrap();
    for n in 0..10 {
        assert_eq!(kept.get(&format!("ftp://{n}.example/")).await.unwrap_err().code(), "address");
    }
    kept.get(&server.url()).await.unwrap();
    assert_eq!(server.count(), 1);
}
