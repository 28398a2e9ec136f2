//! Where answers are sent.

use vestibule_domain::{ClientAuthMethod, ClientKind};
use vestibule_tests::Setup;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s16_only_a_native_application_chooses_its_port() {
    let server = Setup::default().start().await;
    let uri = "http://127.0.0.1:3000/callback";
    server.add_client("server", |client| client.redirect_uris = vec![uri.to_owned()]).await;
    server
        .add_client("native", |client| {
            client.redirect_uris = vec![uri.to_owned()];
            client.kind = ClientKind::Public;
            client.auth_method = Some(ClientAuthMethod::None);
        })
        .await;
    let mut alice = server.browser();
    alice.sign_in("alice").await;
    for (id, port, answered) in
        [("server", 3000, true), ("server", 3001, false), ("native", 3000, true), ("native", 3001, true)]
    {
        let mut rp = server.rp();
        rp.client_id = id.to_owned();
        let to = format!("http://127.0.0.1:{port}/callback");
        let page = rp.authorize(&mut alice, &[("redirect_uri", &to), ("prompt", "none")]).await;
        assert_eq!(page.left && page.url.starts_with(&to), answered, "{id} {port}: {}", page.url);
        assert_eq!(page.status == 400, !answered, "{id} {port}");
    }
}
