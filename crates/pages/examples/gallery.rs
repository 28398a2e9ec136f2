//! Writes every sample of every page, and its style sheet, as plain files to look at:
//! `cargo run -p vestibule-pages --example gallery -- DIRECTORY [LANGUAGE [experimental]]`.

use std::error::Error;
use std::fs;
use std::path::Path;

use vestibule_pages::{
    AnswerPage, AppsPage, Chrome, ChromeUser, ConfirmPage, ConsentPage, DevicePage, DonePage,
    EnrolChoicePage, EnrolPage, ErrorPage, HomePage, Locale, LoginPage, LogoutPage, Mail, MailFrame,
    MailSentPage, Nav, Page, Pages, PasswordPage, ProfilePage, RegisterCompletePage, RegisterPage,
    ResetFormPage, ResetRequestPage, RevealPage, SecondFactorPage, SecurityPage, SessionsPage, SettingsPage,
    SignedOutPage, asset, asset_url,
};

const ASSETS: [&str; 4] = ["app.css", "app.js", "favicon.svg", "webauthn.js"];

struct Gallery<'a> {
    pages: Pages,
    locale: Locale,
    directory: &'a Path,
    experimental: bool,
}

impl Gallery<'_> {
    fn show<P: Page>(&self, nav: Option<Nav>) -> Result<(), Box<dyn Error>> {
        let stem = P::TEMPLATE.trim_start_matches("pages/").trim_end_matches(".html");
        for (number, page) in P::samples().iter().enumerate() {
            let chrome = Chrome {
                pool_name: "Fjord Library".into(),
                support_email: Some("help@fjord.example".into()),
                locale: self.locale,
                csrf: "c5rf".into(),
                request_id: "01JDA7Y3M4".into(),
                user: nav.map(|_| ChromeUser { display_name: "Ada Lovelace".into(), username: "ada".into() }),
                active_nav: nav,
                admin: true,
                experimental: self.experimental,
                ..Chrome::default()
            };
            let mut html = self.pages.render(&chrome, page)?;
            for name in ASSETS {
                html = html.replace(asset_url(name).unwrap_or_default(), name);
            }
            fs::write(self.directory.join(format!("{stem}-{number}.html")), html)?;
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().ok_or("a directory is needed")?;
    let directory = Path::new(&directory);
    let locale = arguments.next().as_deref().and_then(Locale::parse).unwrap_or_default();
    let experimental = arguments.next().as_deref() == Some("experimental");
    fs::create_dir_all(directory)?;
    for name in ASSETS {
        let found = asset_url(name).and_then(asset).ok_or("an asset is missing")?;
        fs::write(directory.join(name), found.body)?;
    }
    let gallery = Gallery { pages: Pages::new()?, locale, directory, experimental };
    gallery.show::<LoginPage>(None)?;
    gallery.show::<ConsentPage>(None)?;
    gallery.show::<DevicePage>(None)?;
    gallery.show::<SecondFactorPage>(None)?;
    gallery.show::<EnrolPage>(None)?;
    gallery.show::<EnrolChoicePage>(None)?;
    gallery.show::<RevealPage>(None)?;
    gallery.show::<ErrorPage>(None)?;
    gallery.show::<LogoutPage>(None)?;
    gallery.show::<AnswerPage>(None)?;
    gallery.show::<SignedOutPage>(None)?;
    gallery.show::<RegisterPage>(None)?;
    gallery.show::<MailSentPage>(None)?;
    gallery.show::<RegisterCompletePage>(None)?;
    gallery.show::<ResetRequestPage>(None)?;
    gallery.show::<ResetFormPage>(None)?;
    gallery.show::<DonePage>(None)?;
    gallery.show::<HomePage>(Some(Nav::Home))?;
    gallery.show::<ConfirmPage>(Some(Nav::Security))?;
    gallery.show::<SettingsPage>(Some(Nav::Settings))?;
    gallery.show::<ProfilePage>(Some(Nav::Profile))?;
    gallery.show::<PasswordPage>(Some(Nav::Password))?;
    gallery.show::<SecurityPage>(Some(Nav::Security))?;
    gallery.show::<SessionsPage>(Some(Nav::Sessions))?;
    gallery.show::<AppsPage>(Some(Nav::Apps))?;
    let frame = MailFrame {
        locale,
        pool_name: "Fjord Library".into(),
        account: "ada".into(),
        at: 1_795_000_000,
        ..MailFrame::default()
    };
    for (number, mail) in Mail::samples().iter().enumerate() {
        let rendered = gallery.pages.render_mail(&frame, mail)?;
        fs::write(directory.join(format!("mail-{number}.html")), rendered.html)?;
        fs::write(directory.join(format!("mail-{number}.txt")), rendered.text)?;
    }
    Ok(())
}
