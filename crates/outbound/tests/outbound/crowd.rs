//! Many requests at once, and hosts that were found dead.

use crate::support::{JSON, Setup, Way, allowing, hasty, json, patient, serve, setup};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Semaphore, task::JoinHandle};
use vestibule_outbound::{Fetched, Limits, OutboundError, OutboundRules};

type Running = JoinHandle<Result<Fetched, OutboundError>>;

fn start(setup: &Setup, rules: &OutboundRules, url: String) -> Running {
    let (outbound, rules) = (setup.outbound.clone(), rules.clone());
    tokio::spawn(async move { outbound.get(&rules, &url, JSON).await })
}

/// Time for what should not happen to happen.
async fn a_while() {
    tokio::time::sleep(Duration::from_millis(200)).await;
}

#[tokio::test]
async fn threat_e7_two_requests_to_one_host_run_and_the_others_wait() {
    let permits = Arc::new(Semaphore::new(0));
    let slow = serve(Way::Waits(Arc::clone(&permits), json("", "{}"))).await;
    let quick = serve(Way::Says(json("", "{}"))).await;
    let setup = setup(patient());
    let running: Vec<Running> = (0..5).map(|_| start(&setup, &setup.rules, slow.url())).collect();
    slow.hears(2).await;
    a_while().await;
    assert_eq!(slow.count(), 2, "the third waits");
    // A host that hangs slows nobody else.
    let other = format!("http://other.example:{}/", quick.address.port());
    setup.outbound.get(&setup.rules, &other, JSON).await.unwrap();
    permits.add_permits(5);
    for request in running {
        assert!(request.await.unwrap().is_ok());
    }
    assert_eq!(slow.count(), 5);
}

#[tokio::test]
async fn whoever_waits_too_long_for_a_place_is_told_so_and_no_host_is_blamed() {
    let permits = Arc::new(Semaphore::new(0));
    let slow = serve(Way::Waits(Arc::clone(&permits), json("", "{}"))).await;
    let setup = setup(Limits { wait: Duration::from_millis(200), ..patient() });
    let running: Vec<Running> = (0..2).map(|_| start(&setup, &setup.rules, slow.url())).collect();
    slow.hears(2).await;
    let given = setup.outbound.get(&setup.rules, &slow.url(), JSON).await;
    assert_eq!(given, Err(OutboundError::Busy { host: "rp.example".into() }));
    permits.add_permits(3);
    for request in running {
        assert!(request.await.unwrap().is_ok());
    }
    assert!(setup.outbound.get(&setup.rules, &slow.url(), JSON).await.is_ok());
}

#[tokio::test]
async fn threat_e7_one_pool_does_not_take_the_places_of_another() {
    let permits = Arc::new(Semaphore::new(0));
    let slow = serve(Way::Waits(Arc::clone(&permits), json("", "{}"))).await;
    let quick = serve(Way::Says(json("", "{}"))).await;
    let setup = setup(Limits { pool: 3, all: 4, ..patient() });
    let at = |host: usize| format!("http://{host}.example:{}/", slow.address.port());
    let running: Vec<Running> = (0..6).map(|host| start(&setup, &setup.rules, at(host))).collect();
    slow.hears(3).await;
    a_while().await;
    assert_eq!(slow.count(), 3, "so many for one pool");
    let other = OutboundRules { on_behalf_of: "other".into(), ..allowing("127.0.0.0/8") };
    setup.outbound.get(&other, &quick.url(), JSON).await.unwrap();
    permits.add_permits(6);
    for request in running {
        assert!(request.await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn threat_e7_names_that_are_slow_to_find_use_up_places_of_their_pool_alone() {
    let quick = serve(Way::Says(json("", "{}"))).await;
    let wait = Duration::from_millis(200);
    let setup = setup(Limits { pool: 1, connect: wait, wait, ..patient() });
    let slow = setup.outbound.get(&setup.rules, "https://slow.example/", JSON).await;
    assert_eq!(slow.unwrap_err().code(), "timeout");
    // Nobody waits for it any more, but it still runs.
    assert_eq!(setup.outbound.get(&setup.rules, &quick.url(), JSON).await.unwrap_err().code(), "busy");
    let other = OutboundRules { on_behalf_of: "other".into(), ..allowing("127.0.0.0/8") };
    setup.outbound.get(&other, &quick.url(), JSON).await.unwrap();
}

#[tokio::test]
async fn there_is_a_bound_for_all() {
    let permits = Arc::new(Semaphore::new(0));
    let slow = serve(Way::Waits(Arc::clone(&permits), json("", "{}"))).await;
    let setup = setup(Limits { all: 4, ..patient() });
    let of = |pool: usize| OutboundRules { on_behalf_of: pool.to_string(), ..allowing("127.0.0.0/8") };
    let at = |host: usize| format!("http://{host}.example:{}/", slow.address.port());
    let running: Vec<Running> = (0..7).map(|n| start(&setup, &of(n), at(n))).collect();
    slow.hears(4).await;
    a_while().await;
    assert_eq!(slow.count(), 4);
    permits.add_permits(7);
    for request in running {
        assert!(request.await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn a_caller_that_goes_away_gives_its_place_back() {
    let permits = Arc::new(Semaphore::new(0));
    let slow = serve(Way::Waits(Arc::clone(&permits), json("", "{}"))).await;
    let setup = setup(patient());
    let running: Vec<Running> = (0..2).map(|_| start(&setup, &setup.rules, slow.url())).collect();
    slow.hears(2).await;
    for request in running {
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
    }
    // Two for the connections that were given up, which may still ask for theirs.
    permits.add_permits(3);
    assert!(setup.outbound.get(&setup.rules, &slow.url(), JSON).await.is_ok());
}

#[tokio::test]
async fn a_dead_host_is_left_alone_for_some_seconds() {
    let dead = serve(Way::Hangs(Vec::new())).await;
    let setup = setup(hasty());
    let timeout = Err(OutboundError::Timeout { host: "rp.example".into() });
    assert_eq!(setup.outbound.get(&setup.rules, &dead.url(), JSON).await, timeout);
    for _ in 0..20 {
        assert_eq!(setup.outbound.get(&setup.rules, &dead.url(), JSON).await, timeout);
    }
    let posted = setup.outbound.post_form(&setup.rules, &format!("{}/other", dead.url()), &[]).await;
    assert_eq!(posted.unwrap_err().code(), "timeout", "the whole host is");
    assert_eq!(dead.count(), 1);
    // Another pool finds out for itself: what one tenant says of a host does not hold for another.
    let other = OutboundRules { on_behalf_of: "other".into(), ..allowing("127.0.0.0/8") };
    assert!(setup.outbound.get(&other, &dead.url(), JSON).await.is_err());
    assert_eq!(dead.count(), 2);
    setup.clock.turn(9);
    assert!(setup.outbound.get(&setup.rules, &dead.url(), JSON).await.is_err());
    assert_eq!(dead.count(), 2);
    setup.clock.turn(1);
    assert!(setup.outbound.get(&setup.rules, &dead.url(), JSON).await.is_err());
    assert_eq!(dead.count(), 3);
}

#[tokio::test]
async fn a_status_says_nothing_of_the_host_as_a_whole() {
    let server = serve(Way::Says(crate::support::answer("500 X", "", ""))).await;
    let setup = setup(patient());
    for asked in 1..4 {
        assert_eq!(setup.outbound.get(&setup.rules, &server.url(), JSON).await.unwrap_err().code(), "status");
        assert_eq!(server.count(), asked);
    }
}
