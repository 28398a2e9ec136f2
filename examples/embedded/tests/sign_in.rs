//! Somebody signs in at the Vestibule inside the application, over the application's own listener.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use embedded::Shop;
use std::{collections::BTreeMap, net::SocketAddr};
use tokio::net::TcpListener;
use vestibule::{Registry, Settings, SystemEntropy};
use vestibule_domain::Origin;
use vestibule_tests::{Browser, PASSWORD};

/// Settings for a database of this test's own, and cheap hashes.
fn settings(directory: &std::path::Path) -> Settings {
    let text = format!(
        "[database]\nurl = \"sqlite://{}\"\n[mail]\ntransport = \"off\"\n\
         [password_hashing]\nmemory_kib = 19456\niterations = 2\nparallelism = 1\n",
        directory.join("vestibule.sqlite").display()
    );
    let key = vestibule_seal::KeyRing::generate_text(&SystemEntropy);
    let environment = BTreeMap::from([("VESTIBULE_KEY_RING".to_owned(), key.to_string())]);
    Settings::parse(None, &text, &environment).unwrap()
}

/// The example's pool at this port, with a user.
fn pools(port: u16) -> String {
    let pools = include_str!("../pools.toml").replace(":8100", &format!(":{port}"));
    format!(
        "{pools}\n[[pool.user]]\nusername = \"alice\"\nemail = \"alice@example.test\"\nemail_verified = true\n\
         password = \"{PASSWORD}\"\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_signs_in_beside_the_routes_of_another_application() {
    let directory = std::env::temp_dir().join(format!("vestibule-embedded-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shop = Shop::open(settings(&directory), &pools(address.port())).await.unwrap();
    assert_eq!(shop.vestibule().app().registry().iter().count(), Registry::builtin().iter().count());
    let router = shop.router().into_make_service_with_connect_info::<SocketAddr>();
    let served = tokio::spawn(async move { axum::serve(listener, router).await });

    let at = |host: &str| Origin::parse(&format!("http://{host}.localhost:{}", address.port())).unwrap();
    let home = Browser::new(at("shop"), address).get("/").await;
    assert!(home.body.contains("The Shop"), "{}", home.body);

    let mut browser = Browser::new(at("login"), address);
    let page = browser.get("/u").await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(browser.get("/u/profile").await.body.contains("alice@example.test"));
    let sessions = browser.get("/u/sessions").await;
    assert!(sessions.body.contains("127.0.0.1"), "the application says who its peers are: {}", sessions.body);

    served.abort();
    shop.close().await;
    std::fs::remove_dir_all(&directory).unwrap();
}
