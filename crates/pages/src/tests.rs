//! Every page, sample and language, rendered strictly and looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minijinja::value::{Serde, Value};
use serde_json::Value as Json;
use vestibule_mfa::Registry;

use crate::*;

mod texts;
mod voices;

const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{% x %}${7*7}";

fn chrome(locale: Locale, nav: Option<Nav>, text: &str) -> Chrome {
    Chrome {
        pool_name: text.to_owned(),
        support_email: Some(text.to_owned()),
        accent_css: Some("/assets/pool.css".into()),
        locale,
        locales: LocaleOption::all(),
        here: format!("/login?request={text}"),
        csrf: "the-csrf-value".into(),
        request_id: "01JDA7Y3M4".into(),
        user: nav.map(|_| ChromeUser { display_name: text.to_owned(), username: text.to_owned() }),
        active_nav: nav,
        demo: true,
        texts: Arc::default(),
        experimental: true,
        admin: true,
    }
}

/// What is checked of each page. Add a page here.
fn for_every_page(mut visit: impl FnMut(Sample)) {
    fn all<P: Page>(nav: Option<Nav>, visit: &mut impl FnMut(Sample)) {
        these(P::samples(), nav, visit);
    }
    fn these<P: Page>(samples: Vec<P>, nav: Option<Nav>, visit: &mut impl FnMut(Sample)) {
        assert!(!samples.is_empty(), "{} has no samples", P::TEMPLATE);
        for page in samples {
            visit(Sample {
                template: P::TEMPLATE,
                title: page.title_key().to_owned(),
                json: serde_json::to_value(&page).unwrap(),
                nav,
            });
        }
    }
    let v = &mut visit;
    let FactorPages { sign_in, asked, enrolled, revealed } = factor_pages();
    these(sign_in, None, v);
    these(asked, None, v);
    these(enrolled, None, v);
    these(revealed, None, v);
    all::<LoginPage>(None, v);
    all::<ConsentPage>(None, v);
    all::<DevicePage>(None, v);
    all::<SecondFactorPage>(None, v);
    all::<EnrolPage>(None, v);
    all::<EnrolChoicePage>(None, v);
    all::<RevealPage>(None, v);
    all::<ErrorPage>(None, v);
    all::<LogoutPage>(None, v);
    all::<AnswerPage>(None, v);
    all::<SignedOutPage>(None, v);
    all::<RegisterPage>(None, v);
    all::<MailSentPage>(None, v);
    all::<RegisterCompletePage>(None, v);
    all::<ResetRequestPage>(None, v);
    all::<ResetFormPage>(None, v);
    all::<AddressUndoPage>(None, v);
    all::<DonePage>(None, v);
    all::<HomePage>(Some(Nav::Home), v);
    all::<ConfirmPage>(Some(Nav::Security), v);
    all::<SettingsPage>(Some(Nav::Settings), v);
    all::<ProfilePage>(Some(Nav::Profile), v);
    all::<AddressPage>(Some(Nav::Profile), v);
    all::<PasswordPage>(Some(Nav::Password), v);
    all::<SecurityPage>(Some(Nav::Security), v);
    all::<SessionsPage>(Some(Nav::Sessions), v);
    all::<AppsPage>(Some(Nav::Apps), v);
    all::<ActivityPage>(Some(Nav::Activity), v);
    all::<DataPage>(Some(Nav::Data), v);
    all::<DeletePage>(Some(Nav::Data), v);
}

/// What each factor shows, on the page that shows it.
#[derive(Default)]
struct FactorPages {
    sign_in: Vec<LoginPage>,
    asked: Vec<SecondFactorPage>,
    enrolled: Vec<EnrolPage>,
    revealed: Vec<RevealPage>,
}

fn factor_pages() -> FactorPages {
    let mut pages = FactorPages::default();
    for factor in Registry::builtin().iter() {
        for view in factor.sample_views() {
            let kind = factor.kind().to_string();
            let mut view = FactorView { template: view.template, data: view.data };
            view.data["ceremony"] = "cy_9".into();
            if view.template.ends_with("/sign_in.html") {
                let way = PasswordlessSignIn { kind, view, ceremony: "cy_9".into() };
                pages.sign_in.push(LoginPage { passwordless: vec![way], ..LoginPage::samples().remove(0) });
            } else if view.template.ends_with("/verify.html") {
                pages.asked.push(SecondFactorPage { kind, view, ..SecondFactorPage::samples().remove(0) });
            } else if view.template.ends_with("/enrol.html") {
                pages.enrolled.push(EnrolPage { kind, view, ..EnrolPage::samples().remove(0) });
            } else {
                pages.revealed.push(RevealPage { kind, view, ..RevealPage::samples().remove(0) });
            }
        }
    }
    pages
}

struct Sample {
    template: &'static str,
    title: String,
    json: Json,
    nav: Option<Nav>,
}

impl Sample {
    fn render(&self, pages: &Pages, chrome: &Chrome) -> String {
        pages.render_value(self.template, &self.title, chrome, Value::from(Serde(&self.json))).unwrap_or_else(
            |error| panic!("{} in {}: {:.1500}", self.template, chrome.locale, format!("{error:?}")),
        )
    }
}

/// Every tag of a page: its name and its attributes with their raw values.
fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let name: String = rest.chars().take_while(|c| !c.is_whitespace() && *c != '>').collect();
        rest = &rest[name.len()..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if rest.starts_with('>') {
                break;
            }
            let key: String = rest.chars().take_while(|c| !" \n\t=>".contains(*c)).collect();
            assert!(!key.is_empty(), "broken tag near {:.80}", rest);
            rest = &rest[key.len()..];
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix("=\"") {
                let end = after.find('"').unwrap();
                value = after[..end].to_owned();
                rest = &after[end + 1..];
            }
            attributes.push((key, value));
        }
        found.push((name, attributes));
    }
    found
}

fn get<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The page after a sign-out loads pages of applications, which have no leave to lead it elsewhere, nor to show anything.
fn is_frame_of_an_application(tag: &str, attributes: &[(String, String)]) -> bool {
    tag == "iframe"
        && get(attributes, "sandbox") == Some("allow-scripts allow-same-origin")
        && get(attributes, "hidden").is_some()
        && get(attributes, "src").is_some_and(|src| src.starts_with("https://"))
}

/// What holds for the structure of every page, whatever it shows.
fn check(what: &str, html: &str) {
    let tags = tags(html);
    let mut ids = BTreeSet::new();
    let (mut labelled, mut headings) = (BTreeSet::new(), 0);
    let mut post: Option<bool> = None;
    let mut outside = false;
    for (name, attributes) in &tags {
        for (key, _) in attributes {
            assert!(!key.starts_with("on"), "{what}: event handler {key}");
            assert_ne!(key, "style", "{what}: inline style");
        }
        let own = get(attributes, "src").is_none_or(|src| src.starts_with("/assets/"));
        assert!(own || is_frame_of_an_application(name, attributes), "{what}: foreign src");
        for link in ["href", "action"].iter().filter_map(|key| get(attributes, key)) {
            assert!(!link.contains("data:") && !link.contains("javascript:"), "{what}: {link}");
        }
        if let Some(id) = get(attributes, "id") {
            assert!(ids.insert(id.to_owned()), "{what}: id {id} is there twice");
        }
        match name.as_str() {
            "script" => assert!(get(attributes, "src").is_some(), "{what}: inline script"),
            "style" => panic!("{what}: inline style sheet"),
            "h1" => headings += 1,
            "label" => {
                labelled.insert(get(attributes, "for").unwrap().to_owned());
            }
            "form" => {
                // What only looks something up needs no proof that the form is ours.
                let questions = ["/u/settings/explain", "/u/settings/mfa", "/u/settings/reset-factors"];
                let looks = get(attributes, "method") == Some("get")
                    && get(attributes, "action").is_some_and(|action| questions.contains(&action));
                let method = if looks { "get" } else { "post" };
                assert_eq!(get(attributes, "method"), Some(method), "{what}: a form that does not {method}");
                // What goes to another site must not know what guards our own forms.
                let leaves = get(attributes, "action").is_some_and(|action| action.starts_with("http"));
                post = Some(looks || leaves);
                outside = leaves;
            }
            "input" if get(attributes, "name") == Some("csrf") => {
                assert_eq!(get(attributes, "value"), Some("the-csrf-value"));
                assert!(!outside, "{what}: a form to another site with csrf");
                post = Some(true);
            }
            "/form" => assert_eq!(post.take(), Some(true), "{what}: a form without csrf"),
            _ => {}
        }
    }
    assert_eq!(headings, 1, "{what}: one first heading");
    assert!(ids.contains("main"));
    for (name, attributes) in &tags {
        let hidden = get(attributes, "type") == Some("hidden") || get(attributes, "aria-hidden").is_some();
        if matches!(name.as_str(), "input" | "select") && !hidden {
            let id = get(attributes, "id").unwrap_or_else(|| panic!("{what}: a field without id"));
            assert!(labelled.contains(id), "{what}: no label for {id}");
            assert!(
                name == "select"
                    || get(attributes, "type") == Some("checkbox")
                    || get(attributes, "autocomplete").is_some(),
                "{what}: {id} autocomplete"
            );
        }
        for reference in ["aria-describedby", "aria-labelledby"].iter().filter_map(|key| get(attributes, key))
        {
            for id in reference.split(' ') {
                assert!(ids.contains(id), "{what}: {reference} points nowhere");
            }
        }
    }
    let focused = tags.iter().filter(|(_, attributes)| get(attributes, "autofocus").is_some()).count();
    assert!(focused <= 1, "{what}: {focused} fields want the focus");
    assert!(!html.contains("none</"), "{what}: an empty value was written");
}

#[test]
fn one_instance_serves_every_thread() {
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    shared(&Pages::new().unwrap());
}

#[test]
fn every_page_renders_in_every_language() {
    let pages = Pages::new().unwrap();
    let mut seen = BTreeSet::new();
    for_every_page(|sample| {
        seen.insert(sample.template.to_owned());
        for view in ["/view/template", "/passwordless/0/view/template"]
            .iter()
            .filter_map(|at| sample.json.pointer(at))
        {
            seen.insert(view.as_str().unwrap().to_owned());
        }
        for locale in Locale::all() {
            let html = sample.render(&pages, &chrome(locale, sample.nav, "Fjord Library"));
            let what = format!("{} in {locale}", sample.template);
            let dir = if locale.tag() == "ar" { "rtl" } else { "ltr" };
            assert!(html.contains(&format!("<html lang=\"{locale}\" dir=\"{dir}\">")), "{what}");
            check(&what, &html);
            if sample.json.get("error").is_some_and(|error| !error.is_null()) {
                assert!(html.contains("role=\"alert\""), "{what}: the error is not announced");
            }
        }
    });
    for (name, _) in generated::TEMPLATES {
        let page = name.starts_with("pages/") || name.starts_with("factors/");
        assert!(!page || seen.contains(*name), "{name} is rendered by no sample");
    }
}

/// Fields that the program fills with names of its own; everything else may come from outside.
fn ours(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap();
    matches!(
        last,
        "template"
            | "key"
            | "tone"
            | "kind"
            | "purpose"
            | "mfa_policy"
            | "qr_svg"
            | "action"
            | "state"
            | "mode"
            | "factors"
    ) || last.ends_with("_key")
}

fn poison(path: &str, json: &mut Json, poisoned: &mut usize) {
    match json {
        Json::String(text) if !ours(path) => {
            *text = HOSTILE.to_owned();
            *poisoned += 1;
        }
        Json::Array(items) => items.iter_mut().for_each(|item| poison(path, item, poisoned)),
        Json::Object(fields) => {
            fields.iter_mut().for_each(|(key, value)| poison(&format!("{path}/{key}"), value, poisoned));
        }
        _ => {}
    }
}

#[test]
fn markup_in_any_field_stays_text() {
    let pages = Pages::new().unwrap();
    let mut poisoned = 0;
    for_every_page(|mut sample| {
        poison("", &mut sample.json, &mut poisoned);
        let html = sample.render(&pages, &chrome(Locale::english(), sample.nav, HOSTILE));
        let what = sample.template;
        assert!(!html.contains("<img") && !html.contains("<script>"), "{what}: markup got through");
        assert!(!html.contains(">49") && !html.contains("$49"), "{what}: an expression was evaluated");
        assert!(html.contains("{{7*7}}"), "{what}: the marker is nowhere to be seen");
        for (name, attributes) in tags(&html) {
            assert_ne!(name, "img", "{what}");
            assert!(name != "script" || get(&attributes, "src").is_some(), "{what}");
            for (key, value) in &attributes {
                assert!(!key.starts_with("on") && !value.contains('<'), "{what}: {key}={value}");
            }
            for link in ["href", "src"].iter().filter_map(|key| get(&attributes, key)) {
                let calm = ["/", "#", "https://", "mailto:"].iter().any(|start| link.starts_with(start));
                assert!(calm, "{what}: {link}");
            }
        }
    });
    assert!(poisoned > 200, "only {poisoned} fields were tried");
}

#[test]
fn a_factor_cannot_smuggle_markup_in_its_drawing() {
    let pages = Pages::new().unwrap();
    let mut page = EnrolPage::samples().remove(0);
    page.view.data["qr_svg"] = "<svg onload=\"alert(1)\"></svg>".into();
    assert!(pages.render(&chrome(Locale::english(), None, "x"), &page).is_err());
}

#[test]
fn a_key_without_text_is_an_error() {
    let pages = Pages::new().unwrap();
    let page = LoginPage { error: Some(Message::error("no_such_key")), ..LoginPage::default() };
    assert!(matches!(
        pages.render(&chrome(Locale::english(), None, "x"), &page),
        Err(PagesError::Template(_))
    ));
    let page = LoginPage { error: Some(Message::error(keys::THROTTLED)), ..LoginPage::default() };
    assert!(pages.render(&chrome(Locale::english(), None, "x"), &page).is_err(), "a missing argument");
}

fn frame(locale: Locale, text: &str) -> MailFrame {
    MailFrame {
        locale,
        pool_name: text.to_owned(),
        support_email: Some("help@fjord.example".into()),
        account: text.to_owned(),
        at: 1_795_000_000,
        account_url: Some("https://login.example/u/security".into()),
        texts: Arc::default(),
    }
}

#[test]
fn every_mail_renders_in_every_language() {
    let pages = Pages::new().unwrap();
    for locale in Locale::all() {
        for mail in Mail::samples() {
            let rendered = pages.render_mail(&frame(locale, "Fjord Library"), &mail).unwrap();
            assert!(rendered.subject.contains("Fjord Library"));
            let links = serde_json::to_value(&mail).unwrap();
            for link in ["link", "login_link", "reset_link"].iter().filter_map(|key| links[key].as_str()) {
                assert!(rendered.text.contains(link), "the text has no link");
                assert!(rendered.html.contains(&format!("href=\"{}\"", link.replace('&', "&amp;"))));
            }
            let change = rendered.text.contains("2026-11-18 11:06 UTC");
            assert_eq!(change, mail.outline().change);
            let action = links.get("minutes").is_some() || links.get("login_link").is_some();
            assert!(!(change && action), "something to do, or something that was done");
            assert_eq!(change, rendered.text.contains("https://login.example/u/security"));
            assert!(!rendered.html.contains("<script") && !rendered.html.contains("<img"));
        }
    }
}

#[test]
fn markup_in_a_mail_stays_text() {
    let pages = Pages::new().unwrap();
    let hostile = format!("{HOSTILE}\r\nBcc: everybody@example.org");
    let mail = Mail::FactorAdded { title_key: keys::FACTOR_TOTP.into(), label: hostile.clone() };
    let rendered = pages.render_mail(&frame(Locale::english(), &hostile), &mail).unwrap();
    assert!(!rendered.subject.contains(['\r', '\n']));
    assert!(!rendered.html.contains("<script>") && !rendered.html.contains("<img"));
    assert!(rendered.html.contains("{{7*7}}"));
    assert!(rendered.text.contains("<script>"), "plain text is not escaped");
}

#[test]
fn mails_survive_an_outbox() {
    for mail in Mail::samples() {
        let stored = serde_json::to_string(&mail).unwrap();
        assert!(serde_json::from_str::<Mail>(&stored).unwrap() == mail);
    }
}

#[test]
fn numbers_choose_the_plural() {
    let pages = Pages::new().unwrap();
    let text = |locale, minutes: u32| {
        pages.message_text(locale, &Message::error(keys::THROTTLED).arg("minutes", minutes)).unwrap()
    };
    assert!(text(Locale::english(), 1).contains("one minute."));
    assert!(text(Locale::english(), 5).contains("5 minutes."));
    assert!(text(Locale::parse("de").unwrap(), 5).contains("5 Minuten"));
}
