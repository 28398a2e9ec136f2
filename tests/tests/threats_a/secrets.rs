//! What is shown once is shown once, and what is stored is not what was shown.

use crate::support::{
    SESSION, add_device, credential, enrolled, forgive, is_inside, recover, regenerate, remove,
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use vestibule_domain::MfaMode;
use vestibule_tests::{
    Authenticator, Browser, Page, Server, Setup, concrete, on_every_engine, recovery_codes,
};
use vestibule_web::ROUTES;

/// RFC 4648 §6, by hand, so that the test does not read with the eyes of the product.
fn base32(text: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bits, mut have, mut bytes) = (0_u32, 0, Vec::new());
    for c in text.chars() {
        bits = bits << 5 | u32::try_from(alphabet.find(c).unwrap()).unwrap();
        have += 5;
        if have >= 8 {
            have -= 8;
            bytes.push(u8::try_from(bits >> have & 255).unwrap());
        }
    }
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every shape in which a secret could be lying around.
fn needles(phone: &Authenticator) -> Vec<Vec<u8>> {
    let raw = base32(&phone.secret);
    assert_eq!(raw.len(), 20);
    let mut texts = vec![
        phone.secret.clone(),
        hex(&raw),
        hex(phone.secret.as_bytes()),
        STANDARD.encode(&raw),
        STANDARD_NO_PAD.encode(&raw),
        URL_SAFE_NO_PAD.encode(&raw),
        URL_SAFE_NO_PAD.encode(&phone.secret),
    ];
    for code in &phone.codes {
        let bare = code.replace('-', "");
        texts.extend([hex(bare.as_bytes()), hex(code.as_bytes()), URL_SAFE_NO_PAD.encode(&bare)]);
        texts.extend([code.clone(), bare]);
    }
    let texts = texts.into_iter().map(|text| text.to_lowercase().into_bytes());
    texts.chain([raw.to_ascii_lowercase()]).collect()
}

fn assert_absent(needles: &[Vec<u8>], haystack: &[u8], place: &str) {
    let haystack = haystack.to_ascii_lowercase();
    for needle in needles {
        let found = haystack.windows(needle.len()).any(|window| window == needle.as_slice());
        assert!(!found, "{} is in {place}", String::from_utf8_lossy(needle));
    }
}

/// The text of a page without tags and gaps, where groups of four stand together again.
fn squeezed(body: &str) -> String {
    let mut inside = false;
    let kept = body.chars().filter(|c| {
        let tag = inside || *c == '<';
        inside = tag && *c != '>';
        !tag && !c.is_whitespace()
    });
    kept.collect()
}

fn assert_page_is_clean(needles: &[Vec<u8>], page: &Page) {
    assert_absent(needles, page.body.as_bytes(), &page.url);
    assert_absent(needles, squeezed(&page.body).as_bytes(), &page.url);
    assert_absent(needles, format!("{:?}", page.headers).as_bytes(), &page.url);
}

/// Everything in the database, in the clear.
async fn dump(server: &Server) -> Vec<u8> {
    if let Some(path) = server.database.strip_prefix("sqlite://") {
        let mut all = std::fs::read(path).unwrap();
        all.extend(std::fs::read(format!("{path}-wal")).unwrap_or_default());
        assert!(all.len() > 4096);
        return all;
    }
    let pool = sqlx::PgPool::connect(&server.database).await.unwrap();
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert!(tables.len() > 10);
    let mut all = String::new();
    for table in tables {
        let sql = format!("SELECT COALESCE(string_agg(t::text, ' '), '') FROM \"{table}\" t");
        let text: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&pool).await.unwrap();
        all.push_str(&text);
    }
    pool.close().await;
    all.into_bytes()
}

/// All pages that can be read, with whatever the browser has.
async fn read_everything(browser: &mut Browser, needles: &[Vec<u8>], flow: &str) {
    for route in ROUTES.iter().filter(|route| route.methods.contains(&"get")) {
        let path = concrete(route.path);
        let page = browser.get(&format!("{path}?flow={flow}")).await;
        assert_page_is_clean(needles, &page);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a39_after_activation_no_secret_is_to_be_found_anywhere() {
    on_every_engine(|engine| async move {
        let (server, mut owner, phone) = enrolled(Setup::on(engine)).await;
        let needles = needles(&phone);
        assert_eq!(phone.codes.len(), 10);
        read_everything(&mut owner, &needles, "").await;
        // The enrolment page that is shown next has another secret, and the answers of the forms tell none.
        let page = owner.get("/u/security/enrol/totp").await;
        assert!(page.has_id("totp-secret"));
        let page = owner.submit(page.form_of("#enrol-submit").with("code", "000000")).await;
        assert_page_is_clean(&needles, &page);
        let (_, page) = crate::support::sign_in_with(&server, &phone.wrong_code(&server.clock)).await;
        assert_page_is_clean(&needles, &page);
        let (_, page) = recover(&server, phone.codes.first().unwrap()).await;
        assert_page_is_clean(&needles, &page);

        for mail in server.mails().await {
            let text = format!("{} {} {} {}", mail.to, mail.subject, mail.text, mail.html);
            assert_absent(&needles, text.as_bytes(), &mail.subject);
            assert_absent(&needles, squeezed(&mail.html).as_bytes(), &mail.subject);
        }
        let audit = server.rows().audit(10_000, None).await.unwrap();
        assert!(audit.iter().any(|row| row.action == "factor-enrolled"));
        assert_absent(&needles, format!("{audit:?}").as_bytes(), "the audit trail");
        let all = dump(&server).await;
        assert_absent(&needles, &all, "the database");
        // The search would have found something: a name is there in the clear.
        let name = b"Authenticator app".to_ascii_lowercase();
        assert!(all.to_ascii_lowercase().windows(name.len()).any(|window| window == name));
        // What a thief of the database could use at once is not there either.
        let session = owner.cookies.get(SESSION).unwrap().to_lowercase().into_bytes();
        let password = vestibule_tests::PASSWORD.as_bytes().to_vec();
        assert_absent(&[session, password], &all, "the database");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a39_an_enrolment_on_the_way_in_is_as_silent() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).mfa(MfaMode::Required).start().await;
        let mut owner = server.browser();
        let page = owner.sign_in("alice").await;
        let page = owner.to_totp(&page).await;
        let flow = page.form_of("#enrol-submit").value("flow").unwrap().to_owned();
        // While it is pending the same secret is shown again, and it is sealed already.
        let secret = |page: &Page| page.text("#totp-secret").split_whitespace().collect::<String>();
        let again = owner.get(&format!("/login/enrol?flow={flow}")).await;
        assert_eq!(secret(&again), secret(&page));
        let pending = Authenticator { secret: secret(&page), codes: Vec::new() };
        assert_absent(&needles(&pending), &dump(&server).await, "the database");
        let (phone, page) = owner.finish_enrolment(&page, &server.clock).await;
        let phone = Authenticator { codes: recovery_codes(&page), ..phone };
        assert_eq!(phone.codes.len(), 10);
        let needles = needles(&phone);
        // Until they are saved, a reload shows them, in this browser alone; and neither the secret nor the database does.
        let stranger = &mut server.browser();
        for path in ["codes", "enrol", "factor"] {
            let reloaded = owner.get(&format!("/login/{path}?flow={flow}")).await;
            assert_eq!(recovery_codes(&reloaded), phone.codes, "{path}");
            let secret = Authenticator { codes: Vec::new(), ..phone.clone() };
            assert_page_is_clean(&self::needles(&secret), &reloaded);
            assert_page_is_clean(&needles, &stranger.get(&format!("/login/{path}?flow={flow}")).await);
        }
        assert_absent(&needles, &dump(&server).await, "the database");
        let page = owner.submit(page.form_of("#codes-next")).await;
        assert!(is_inside(&page), "{}", page.body);
        // After that nobody is shown them: by reloading, going back, sending the form again.
        for path in ["codes", "enrol", "factor"] {
            assert_page_is_clean(&needles, &owner.get(&format!("/login/{path}?flow={flow}")).await);
        }
        read_everything(&mut owner, &needles, &flow).await;
        assert_absent(&needles, &dump(&server).await, "the database");
    })
    .await;
}

/// Subjects of the mails to alice since the last look.
async fn news(server: &Server, seen: &mut usize) -> Vec<(String, String)> {
    let mails = server.mails().await;
    let new = mails.iter().skip(*seen).map(|mail| {
        assert_eq!(mail.to, "alice@example.test");
        (mail.subject.clone(), mail.text.clone())
    });
    let new = new.collect();
    *seen = mails.len();
    new
}

fn only<'a>(news: &'a [(String, String)], about: &str) -> &'a str {
    assert_eq!(news.len(), 1, "{news:?}");
    let (subject, text) = news.first().unwrap();
    assert!(subject.contains(about), "{subject}");
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_is_told_by_mail_of_every_change_of_factors() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (mut seen, mut owner) = (0, server.browser());
        owner.sign_in("alice").await;
        assert_eq!(news(&server, &mut seen).await, []);
        let phone = server.enrol(&mut owner).await;
        let added = news(&server, &mut seen).await;
        assert!(only(&added, "second step was added").contains("Authenticator app"), "{added:?}");
        add_device(&server, &mut owner, "Work tablet").await;
        let added = news(&server, &mut seen).await;
        assert!(only(&added, "second step was added").contains("Work tablet"), "{added:?}");
        let page = owner.get("/u/security").await;
        let id = credential(&server, "Work tablet").await;
        remove(&mut owner, &page, &id).await;
        let removed = news(&server, &mut seen).await;
        assert!(only(&removed, "second step was removed").contains("Work tablet"), "{removed:?}");

        for (index, code) in phone.codes.iter().enumerate() {
            let left = 9 - index;
            forgive(&server).await;
            let (_, page) = recover(&server, code).await;
            assert!(page.has_id("done-next"), "{}", page.body);
            let told = news(&server, &mut seen).await;
            let used = told.iter().filter(|(subject, _)| subject.contains("recovery code was used")).count();
            let low = told.iter().filter(|(subject, _)| subject.contains("Few recovery codes")).count();
            // Each time it is another browser.
            let new = told.iter().filter(|(subject, _)| subject.contains("New sign-in")).count();
            assert_eq!((used, low, new), (1, usize::from(left <= 2), 1), "{left} {told:?}");
            assert_eq!(told.len(), used + low + new);
        }
        // A wrong or used code is no news.
        forgive(&server).await;
        let (mut browser, page) = crate::support::pending(&server).await;
        assert!(!page.has_id("choose-recovery"), "{}", page.body);
        browser.answer(&page, &phone.wrong_code(&server.clock)).await;
        assert_eq!(news(&server, &mut seen).await, []);
        let page = owner.get("/u/security").await;
        regenerate(&mut owner, &page, "recovery").await;
        only(&news(&server, &mut seen).await, "New recovery codes");
    })
    .await;
}
