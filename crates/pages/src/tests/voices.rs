//! A tenant's own words, and what factors from elsewhere bring.

use super::*;

fn own(locale: &str, key: &str, text: &str) -> Arc<TextOverrides> {
    let texts = BTreeMap::from([(key.to_owned(), text.to_owned())]);
    Arc::new(BTreeMap::from([(locale.to_owned(), texts)]))
}

fn render<P: Page>(pages: &Pages, locale: &str, texts: &Arc<TextOverrides>, page: &P) -> String {
    let locale = Locale::parse(locale).unwrap();
    let chrome = Chrome { texts: Arc::clone(texts), ..chrome(locale, Some(Nav::Home), "Fjord Library") };
    pages.render(&chrome, page).unwrap()
}

#[test]
fn a_pool_speaks_in_its_own_words_in_that_language_only() {
    let pages = Pages::new().unwrap();
    let page = HomePage::samples().remove(0);
    // Said by a macro, which does not see the page's variables.
    let texts = own("en", "mfa-enable", "Enroll New Code");
    assert!(render(&pages, "en", &texts, &page).contains(">Enroll New Code<"));
    assert!(!render(&pages, "de", &texts, &page).contains("Enroll New Code"));
    assert!(!render(&pages, "en", &Arc::default(), &page).contains("Enroll New Code"));
    // The title of the document, and a text with an argument.
    let html = render(&pages, "de", &own("de", "home-title", "Mein Konto"), &page);
    assert!(html.contains("<title>Mein Konto · Fjord Library</title>"));
    let html = render(&pages, "en", &own("en", "home-greeting", "Hi { $name }, { $nobody }"), &page);
    assert!(html.contains("<h1>Hi Ada Lovelace, { $nobody }</h1>"));
}

#[test]
fn a_device_is_proposed_a_free_name_in_the_readers_words() {
    let pages = Pages::new().unwrap();
    let named = |locale: &str, texts: &Arc<TextOverrides>, taken: &[&str], typed: Option<&str>| {
        let mut page = EnrolPage::samples().remove(0);
        page.view.data["taken_labels"] = serde_json::json!(taken);
        if let Some(typed) = typed {
            page.view.data["label_typed"] = serde_json::json!(typed);
        }
        let html = render(&pages, locale, texts, &page);
        let field = html.split("id=\"factor-label\"").nth(1).unwrap().to_owned();
        field.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let usual = Arc::default();
    assert_eq!(named("de", &usual, &[], None), "Authenticator-App");
    assert_eq!(named("de", &usual, &["Authenticator-App", "Phone"], None), "Authenticator-App 2");
    let two = ["Authenticator-App 2", "Authenticator-App"];
    assert_eq!(named("de", &usual, &two, None), "Authenticator-App 3");
    assert_eq!(named("fr", &own("fr", "factor-totp", "Jeton"), &["Jeton"], None), "Jeton 2");
    assert_eq!(named("de", &usual, &two, Some("Mine")), "Mine", "what was typed stays");
}

#[test]
fn own_words_are_plain_text() {
    let pages = Pages::new().unwrap();
    let page = HomePage { name: HOSTILE.to_owned(), ..HomePage::samples().remove(0) };
    for key in ["home-title", "home-greeting", "mfa-enable", "nav-home", "ui-skip", "ui-demo-label"] {
        let html = render(&pages, "en", &own("en", key, &format!("{HOSTILE}{{ $name }}")), &page);
        assert!(!html.contains("<img") && !html.contains("<script>"), "{key}");
        assert!(html.contains("{{7*7}}"), "{key}");
    }
}

#[test]
fn mails_speak_in_the_pools_words() {
    let pages = Pages::new().unwrap();
    let texts = own("en", "mail-password-changed-lead", "<b>{ $account }</b> has a new one.");
    let frame = MailFrame { texts, ..frame(Locale::english(), "Fjord Library") };
    let mail = pages.render_mail(&frame, &Mail::PasswordChanged).unwrap();
    assert!(mail.text.contains("<b>Fjord Library</b> has a new one."));
    assert!(mail.html.contains("&lt;b&gt;Fjord Library&lt;"));
    let texts = own("en", "mail-when", "At:");
    let mail = pages.render_mail(&MailFrame { texts, ..frame }, &Mail::PasswordChanged).unwrap();
    assert!(mail.text.contains("At: 2026-11-18"), "words of the layout as well");
}

fn dice() -> Extension {
    let verify = "{% import \"components/ui.html\" as ui %}<p>{{ t(\"factor-dice-prompt\", sides=data.sides) }}</p>\
                  {{ ui.field(\"dice\", \"dice\", t(\"factor-dice\")) }}";
    Extension {
        templates: vec![("factors/dice/verify.html".into(), verify.into())],
        locales: vec![
            (
                "en".into(),
                "factor-dice = Dice\nfactor-dice-description = Roll\nfactor-dice-enrol-title = Take them\n\
                 factor-dice-wrong = No luck\nfactor-dice-prompt = Roll { $sides } sides\n"
                    .into(),
            ),
            ("de".into(), "factor-dice = Würfel\n".into()),
        ],
    }
}

#[test]
fn a_factor_from_elsewhere_brings_its_own_page() {
    let pages = Pages::with_extensions(&[dice()]).unwrap();
    let page = SecondFactorPage {
        kind: "dice".into(),
        view: FactorView {
            template: "factors/dice/verify.html".into(),
            data: serde_json::json!({ "ceremony": "cy", "sides": 6 }),
        },
        others: vec![FactorChoice::new("dice")],
        error: Some(Message::error("factor-dice-wrong")),
        ..SecondFactorPage::samples().remove(0)
    };
    let html = render(&pages, "en", &Arc::default(), &page);
    assert!(html.contains("Roll 6 sides") && html.contains("No luck"));
    check("an extension", &html);
    let html = render(&pages, "de", &Arc::default(), &page);
    assert!(html.contains("Würfel") && html.contains("Roll 6 sides"), "English helps out");
    assert!(Pages::new().unwrap().text(Locale::english(), "factor-dice").is_err());
    let html = render(&pages, "en", &own("en", "factor-dice-prompt", "{ $sides }!"), &page);
    assert!(html.contains("6!"), "a pool's own words for it");
}

#[test]
fn an_extension_stays_in_its_corner() {
    let with = |change: &dyn Fn(&mut Extension)| {
        let mut extension = dice();
        change(&mut extension);
        extension
    };
    let put = |name: &str, source: &str| {
        let (name, source) = (name.to_owned(), source.to_owned());
        with(&|extension: &mut Extension| extension.templates.push((name.clone(), source.clone())))
    };
    let say = |tag: &str, line: &str| {
        let (tag, line) = (tag.to_owned(), line.to_owned());
        with(&|extension: &mut Extension| extension.locales.push((tag.clone(), format!("{line}\n"))))
    };
    let refused = [
        ("another page", put("pages/login.html", "")),
        ("a component", put("components/ui.html", "")),
        ("a way out", put("factors/../pages/login.html", "")),
        ("a deeper folder", put("factors/dice/more/verify.html", "")),
        ("no kind", put("factors/verify.html", "")),
        ("upper case", put("factors/Dice/verify.html", "")),
        ("a factor of the product", put("factors/totp/other.html", "")),
        ("twice", put("factors/dice/verify.html", "")),
        ("a broken template", put("factors/dice/enrol.html", "{% if %}")),
        ("a text of the product", say("en", "login-title = Mine")),
        ("a text of another factor", say("en", "factor-totp-wrong = Mine")),
        ("a look-alike", say("en", "factor-dicey = Mine")),
        ("a text that is there", say("en", "factor-dice = Mine")),
        ("a broken text", say("en", "factor-dice-more = { $x")),
        ("a term", say("en", "-factor-dice = x")),
        ("an unknown language", say("tlh", "factor-dice-more = x")),
        ("no English", say("de", "factor-dice-more = x")),
        ("nothing said in English", with(&|extension| extension.locales.clear())),
    ];
    for (what, extension) in refused {
        assert!(Pages::with_extensions(&[extension]).is_err(), "{what}");
    }
    assert!(Pages::with_extensions(&[dice(), dice()]).is_err(), "two of a kind");
    assert!(Pages::with_extensions(&[say("en", "factor-dice-more = x")]).is_ok());
}
