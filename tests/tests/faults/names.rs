//! Names, addresses, codes and passwords of every script.

use crate::support::is_inside;
use vestibule_tests::{Browser, PASSWORD, Page, Server, Setup, on_every_engine};

/// The digits of a code in another script.
fn in_script(code: &str, zero: u32) -> String {
    let digit = |c: char| c.to_digit(10).map_or(c, |value| char::from_u32(zero + value).unwrap());
    code.chars().map(digit).collect()
}

/// Registers somebody as the pages let them.
async fn register(server: &Server, email: &str, username: &str, name: &str, password: &str) -> Page {
    let mut browser = server.browser();
    let page = browser.get("/login/register").await;
    let page = browser.submit(page.form_of("#register-submit").with("email", email)).await;
    assert!(page.has_id("mail-sent"), "{email}: {}", page.body);
    let mails = server.mails().await;
    let mut words = mails.iter().rev().flat_map(|mail| mail.text.split_whitespace());
    let link = words.find(|word| word.contains("/login/register/complete")).unwrap().to_owned();
    let page = browser.get(&link).await;
    let form = page.form_of("#register-complete-submit").with("username", username).with("name", name);
    let page = browser.submit(form.with("password", password)).await;
    server.clock.advance(1);
    page
}

async fn try_in(browser: &mut Browser, who: &str, password: &str) -> Page {
    let page = browser.get("/login").await;
    browser.log_in(&page, who, password).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u7_codes_are_understood_in_every_script_and_with_every_separator() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let phone = server.enrol(&mut owner).await;
        let ways: [(u32, &str); 6] = [
            (0x0660, ""),
            (0x06f0, "\u{a0}"),
            (0xff10, "\u{2013}"),
            (0x0966, "\u{200b} "),
            (0x30, "\u{202f}-"),
            (0x0be6, "\u{200e}\u{2212}\u{2066}"),
        ];
        for (zero, separator) in ways {
            let mut browser = server.browser();
            let page = browser.sign_in("alice").await;
            let input = page.attribute("#otp", "inputmode");
            assert_eq!((input.as_deref(), page.attribute("#otp", "pattern")), (Some("numeric"), None));
            assert_eq!(page.attribute("#otp", "maxlength"), None);
            let code = in_script(&phone.code(&server.clock), zero);
            let (head, tail): (String, String) =
                (code.chars().take(3).collect(), code.chars().skip(3).collect());
            let page = browser.answer(&page, &format!("{head}{separator}{tail}")).await;
            assert!(is_inside(&page), "{zero:x} {separator:?}: {}", page.body);
            server.clock.advance(30);
        }
        for (number, code) in phone.codes.iter().take(2).enumerate() {
            let mut browser = server.browser();
            let page = browser.sign_in("alice").await;
            let page = browser.submit(page.form_of("#choose-recovery")).await;
            let typed =
                if number == 0 { in_script(code, 0x0660) } else { code.replace('-', "\u{2011}\u{200f}") };
            let page = browser.answer(&page, &typed).await;
            assert!(!page.has_id("form-error"), "{typed}: {}", page.body);
            server.clock.advance(30);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u9_people_register_and_sign_in_with_names_of_their_own_script() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let people = [
            ("Zoe\u{308}", "zo\u{eb}", "zoe@b\u{fc}cher.example", "zoe@XN--BCHER-KVA.example"),
            ("हिन्दी", "हिन्दी", "hi@example.test", "HI@example.test"),
            ("தமிழ்", "தமிழ்", "ta@example.test", "ta@example.test"),
            ("العربية", "العربية", "ar@example.test", "ar@example.test"),
            ("עברית", "עברית", "he@example.test", "he@example.test"),
            ("ＴＡＲＯ", "taro", "taro@例え.example", "taro＠例え．example"),
        ];
        for (username, again, email, address) in people {
            let page = register(&server, email, username, "", PASSWORD).await;
            assert!(page.has_id("done-title"), "{username}: {}", page.body);
            for typed in [username, again, email, address] {
                let page = try_in(&mut server.browser(), typed, PASSWORD).await;
                assert!(is_inside(&page), "{typed}: {}", page.body);
            }
        }
        // One name in two compositions is one name.
        let page = register(&server, "other@example.test", "ZO\u{cb}", "", PASSWORD).await;
        assert!(page.has_id("form-error"), "{}", page.body);
        // Mail goes where mail servers find it, and people read what they wrote.
        let mails = server.mails().await;
        assert!(mails.iter().any(|mail| mail.to == "zoe@xn--bcher-kva.example"));
        let mut zoe = server.browser();
        try_in(&mut zoe, "zo\u{eb}", PASSWORD).await;
        let profile = zoe.get("/u/profile").await;
        assert!(profile.text("#profile-email").contains("zoe@b\u{fc}cher.example"), "{}", profile.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u9_a_password_is_the_same_on_every_keyboard() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let password = "e\u{301}t\u{e9} sous la pluie 9";
        let page = register(&server, "kim@example.test", "kim", "", password).await;
        assert!(page.has_id("done-title"), "{}", page.body);
        for typed in
            [password, "\u{e9}t\u{e9} sous la pluie 9", "\u{e9}te\u{301}\u{a0}sous\u{3000}la pluie 9"]
        {
            let page = try_in(&mut server.browser(), "kim", typed).await;
            assert!(is_inside(&page), "{typed:?}: {}", page.body);
        }
        let page = try_in(&mut server.browser(), "kim", "\u{c9}t\u{e9} sous la pluie 9").await;
        assert!(page.has_id("form-error"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s13_nobody_takes_a_name_that_speaks_for_the_house_or_looks_like_another() {
    on_every_engine(|engine| async move {
        let mut setup = Setup::on(engine);
        setup.settings.reserved_usernames.push("hausmeister".to_owned());
        let server = setup.start().await;
        let refused = [
            "admin",
            "root",
            "Support",
            "\u{430}dmin",
            "r\u{43e}\u{43e}t",
            "\u{ff41}dmin",
            "adm\u{456}n",
            "hausmeister",
            "al\u{456}ce",
            "\u{430}lice",
        ];
        for (number, username) in refused.into_iter().enumerate() {
            let page = register(&server, &format!("who{number}@example.test"), username, "", PASSWORD).await;
            assert!(page.has_id("form-error"), "{username} was registered");
            assert!(page.text("#form-error").contains("not available"), "{}", page.text("#form-error"));
        }
        // Who is not mistaken for anybody gets in, and an administrator may give what is reserved.
        let page = register(&server, "fine@example.test", "admirer", "", PASSWORD).await;
        assert!(page.has_id("done-title"), "{}", page.body);
        server.add_user("admin").await;
        assert!(is_inside(&try_in(&mut server.browser(), "admin", PASSWORD).await));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u13_a_name_keeps_one_rule_wherever_it_comes_from() {
    let server = Setup::default().start().await;
    let mut alice = server.browser();
    alice.sign_in("alice").await;
    let long = "x".repeat(129);
    let bad = [
        "a\rb",
        "a\nb",
        "a\u{7}b",
        "a\u{202e}b",
        "a\u{2066}b",
        "a\u{2028}b",
        "a\u{85}b",
        "a\u{200f}b",
        "a\u{feff}b",
        long.as_str(),
    ];
    for (number, name) in bad.into_iter().enumerate() {
        let page =
            register(&server, &format!("r{number}@example.test"), &format!("r{number}"), name, PASSWORD)
                .await;
        assert!(page.has_id("form-error"), "{name:?} was registered");
        let page = alice.get("/u/profile").await;
        let page = alice.submit(page.form("/u/profile").with("name", name)).await;
        assert!(page.has_id("form-error"), "{name:?} was saved: {}", page.body);
        let page = alice.get("/u/security").await;
        let page = alice.submit(page.form_of("#add-totp")).await;
        let secret: String = page.text("#totp-secret").split_whitespace().collect();
        let phone = vestibule_tests::Authenticator { secret, codes: Vec::new() };
        let form = page.form_of("#enrol-submit").with("label", name);
        let page = alice.submit(form.with("code", &phone.code(&server.clock))).await;
        assert!(page.has_id("totp-secret"), "{name:?} is the name of a factor: {}", page.body);
        let spec = vestibule_flows::UserSpec {
            username: vestibule_domain::Username::parse("declared").unwrap(),
            email: None,
            email_verified: false,
            name: Some(name.to_owned()),
            locale: None,
            groups: Vec::new(),
            profile: vestibule_domain::UserProfile::default(),
            seen: vestibule_domain::UserProfile::default(),
            password: None,
            exact: false,
        };
        let refused = server.admin().create_user(&server.pool().slug, spec).await;
        assert!(refused.is_err(), "{name:?} was declared");
    }
    for good in ["می‌خواهم", "O'Neil-Łuk", "👩‍👩‍👧", "หนึ่ง สอง"] {
        let page = alice.get("/u/profile").await;
        let page = alice.submit(page.form("/u/profile").with("name", good)).await;
        assert!(!page.has_id("form-error"), "{good}: {}", page.body);
    }
}
