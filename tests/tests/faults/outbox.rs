//! The outbox: whoever reads the database reads no mail.

use vestibule_store::records::MailBody;
use vestibule_tests::{Setup, on_every_engine};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s7_a_waiting_mail_is_sealed() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut browser = server.browser();
        let page = browser.get("/login/reset").await;
        browser.post(&page.form_of("#reset-submit").with("identifier", "alice")).await;
        let waiting = server.app().store().platform().sealed_mail().await.unwrap();
        let [(_, mail)] = waiting.as_slice() else { panic!("{} mails", waiting.len()) };
        let MailBody::Sealed(sealed) = mail.body.clone() else { panic!("a mail in plain text") };
        let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
        let token = link.split_once("token=").unwrap().1;
        for secret in [token, "alice", "http"] {
            let found = sealed.as_bytes().windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{secret}");
        }
        assert_eq!(browser.get(&link[server.pool().origin.as_str().len()..]).await.status, 200);
    })
    .await;
}
