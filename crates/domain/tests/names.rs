//! Names, addresses and passwords of every script.

use proptest::prelude::*;
use vestibule_domain::{
    Email, Username,
    precis::opaque_string,
    user::{fold, shown_address, skeleton},
};

#[test]
fn fault_u9_names_of_every_script_are_names() {
    let names = [
        "हिन्दी",
        "தமிழ்",
        "العربية",
        "עברית",
        "דני1",
        "محمد-علي",
        "می‌خواهم",
        "日本語",
        "カタカナ",
        "한국어",
        "ไทย",
        "বাংলা",
        "Ελληνικά",
        "Кириллица",
        "ქართული",
        "አማርኛ",
        "Zoë",
        "l·l",
        "ଓଡ଼ିଆ",
        "ខ្មែរ",
        "བོད",
        "𞤀𞤁",
        "user_name-1.x",
    ];
    for name in names {
        let read = Username::parse(name);
        assert!(read.is_ok(), "{name}");
        assert!(Username::check(name).is_ok(), "{name}");
    }
    for bad in [
        "",
        " ",
        "a b",
        "a@b",
        "a\u{202e}b",
        "<b>",
        "a\u{200b}b",
        "a\u{200d}b",
        "²",
        "Ⅷ",
        "ﬁ",
        "a\u{feff}",
        "\u{301}\u{0}",
        "abcדני",
        "1דני",
        "דניabc",
        "٣۴",
        "x·y",
        "☃",
        "ᄀ",
        "a\u{e0001}",
    ] {
        assert!(Username::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn fault_u9_one_name_has_one_form() {
    for (one, other) in [
        ("Zoe\u{308}", "ZOË"),
        ("ＡＬＩＣＥ", "alice"),
        ("ｶﾞ", "ガ"),
        ("\u{212b}sa", "åsa"),
        ("किताब", "किताब"),
    ] {
        assert_eq!(
            Username::parse(one).map(|name| name.key()),
            Username::parse(other).map(|name| name.key())
        );
        assert_eq!(fold(one), fold(other), "{one} {other}");
    }
    // Shown as it was written, in composed characters.
    assert_eq!(Username::parse("Zoe\u{308}").map(|name| name.as_str().to_owned()), Ok("Zoë".to_owned()));
}

#[test]
fn fault_u9_a_domain_of_any_script_is_a_domain() {
    let read = |text: &str| Email::parse(text).map(|email| email.as_str().to_owned());
    assert_eq!(read("user@bücher.example"), Ok("user@xn--bcher-kva.example".to_owned()));
    assert_eq!(read("User@BÜCHER.example"), Ok("User@xn--bcher-kva.example".to_owned()));
    assert_eq!(read("a@例え。テスト"), Ok("a@xn--r8jz45g.xn--zckzah".to_owned()));
    assert_eq!(read("a＠example．com"), Ok("a@example.com".to_owned()));
    assert_eq!(fold("User@Bu\u{308}cher.Example"), fold("user@XN--BCHER-KVA.example"));
    assert_eq!(shown_address("user@xn--bcher-kva.example"), "user@bücher.example");
    for same in ["user@example.com", "a@xn--\u{0}.example", "nobody"] {
        assert_eq!(shown_address(same), same);
    }
    for bad in [
        "ü@bücher.example",
        "a@bü cher.example",
        "a@\u{202e}b.example",
        "a@-ü.example",
        "a@ü",
        "a@ü..example",
    ] {
        assert!(Email::parse(bad).is_err(), "{bad:?}");
    }
    assert!(Email::check("user@bücher.example").is_ok());
}

#[test]
fn fault_s13_names_that_look_alike_have_one_skeleton() {
    for (one, other) in
        [("admin", "аdmin"), ("admin", "аԁmіn"), ("root", "rооt"), ("paypal", "раураl"), ("rn", "m")]
    {
        assert_ne!(fold(one), fold(other));
        assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
    }
    assert_ne!(skeleton("alice"), skeleton("alicia"));
}

#[test]
fn fault_u9_a_password_is_the_same_whichever_keyboard_made_it() {
    assert_eq!(*opaque_string("pa\u{a0}ss\u{3000}wo\u{308}rd"), "pa ss wörd");
    // Case, width and what cannot be seen stay: they are part of the secret.
    for same in ["Ｐａｓｓ", "correct horse", "👩\u{200d}👩\u{200d}👧", "tab\there"] {
        assert_eq!(*opaque_string(same), same);
    }
}

proptest! {
    #[test]
    fn fault_u9_a_normal_form_is_its_own_normal_form(text in "\\PC{0,40}") {
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
        let opaque = opaque_string(&text);
        prop_assert_eq!(&*opaque_string(&opaque), &*opaque);
        if let Ok(name) = Username::parse(&text) {
            let again = Username::parse(name.as_str());
            prop_assert_eq!(again.as_ref(), Ok(&name));
            prop_assert_eq!(Username::parse(&name.key()).map(|key| key.key()), Ok(name.key()));
            prop_assert_eq!(fold(&text), name.key());
            prop_assert_eq!(skeleton(&text), skeleton(&name.key()));
        }
        if let Ok(email) = Email::parse(&text) {
            prop_assert!(email.as_str().is_ascii());
            prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
            prop_assert_eq!(Email::parse(&shown_address(email.as_str())).map(|shown| shown.key()), Ok(email.key()));
        }
    }

    #[test]
    fn fault_u9_names_differ_where_people_see_a_difference(one in "[a-z0-9._-]{1,20}", other in "[a-z0-9._-]{1,20}") {
        prop_assert_eq!(fold(&one) == fold(&other), one == other);
        prop_assert_eq!(fold(&one.to_uppercase()), one);
    }

    #[test]
    fn fault_u9_addresses_have_one_form(name in "[a-z]{1,8}", host in "[a-zäöüßéñ]{1,10}", end in "[a-z]{2,3}") {
        let typed = format!("{name}@{host}.{end}");
        let email = Email::parse(&typed);
        prop_assume!(email.is_ok());
        let shouted = format!("{}@{}.{}", name.to_uppercase(), host.to_uppercase(), end.to_uppercase());
        prop_assert_eq!(fold(&typed), fold(&email.map(|email| email.as_str().to_owned()).unwrap_or_default()));
        if !host.contains('ß') {
            prop_assert_eq!(fold(&typed), fold(&shouted));
        }
    }
}
