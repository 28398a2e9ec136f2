//! Pictures of a preset's pages, as its users come by them.

use crate::{keep, palette::paletted};
use vestibule_browser_tests::{Preset, Tab};
use vestibule_flows::PoolSpec;
use vestibule_tests::PASSWORD;

/// A window as on a desk, and the highest page that is shown as a whole, in CSS pixels.
const WIDTH: i64 = 1000;
const MOST: i64 = 2000;
/// Pixels of the picture for one of these: pictures are 800 pixels wide.
const SCALE: f64 = 0.8;

/// A preset whose people all speak one language, and which pictures of it are kept.
pub(crate) struct Album {
    pub(crate) preset: Preset,
    name: &'static str,
    language: &'static str,
    suffix: &'static str,
    only: &'static [&'static str],
}

impl Album {
    /// Starts the preset. The pictures are `presets/NAME-PAGE`.
    pub(crate) async fn open(name: &'static str, language: &'static str) -> Self {
        let speak = |pool: &mut PoolSpec| {
            for user in &mut pool.users {
                user.locale = Some(language.to_owned());
            }
        };
        let preset = Preset::with(name, speak).await.unwrap();
        Self { preset, name, language, suffix: "", only: &[] }
    }

    /// Keeps these pages and no other, under names with this end.
    pub(crate) fn only(self, suffix: &'static str, only: &'static [&'static str]) -> Self {
        Self { suffix, only, ..self }
    }

    /// Ends the browser.
    pub(crate) async fn close(self) {
        let tab = self.visitor().await;
        self.preset.end(&tab).await;
    }

    /// A new visitor, whose browser asks for the language.
    pub(crate) async fn visitor(&self) -> Tab {
        let tab = self.preset.visitor().await;
        tab.speaks(self.language).await;
        tab
    }

    /// A new visitor who has typed the name and the right password at the user center. Wherever that leads.
    pub(crate) async fn enter(&self, username: &str) -> Tab {
        let tab = self.visitor().await;
        self.preset.enter(&tab, username, None).await;
        tab
    }

    /// The same of a visitor who comes from the application.
    pub(crate) async fn at_application(&self, username: &str) -> Tab {
        let tab = self.visitor().await;
        tab.open(&self.preset.url).await;
        tab.follow("#sign-in").await;
        tab.log_in(username, PASSWORD).await;
        tab
    }

    /// Opens a page of the provider.
    pub(crate) async fn visit(&self, tab: &Tab, path: &str) {
        tab.open(&self.preset.provider(path)).await;
    }

    /// A picture of the page as a whole.
    pub(crate) async fn page(&self, tab: &Tab, page: &str) {
        if !self.only.is_empty() && !self.only.contains(&page) {
            return;
        }
        // Some distances grow with the window, so the page is measured until it fits.
        let mut height = 500;
        loop {
            tab.scaled(WIDTH, height, SCALE).await;
            tab.eval("scrollTo(0, 0)").await;
            tab.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))").await;
            let whole = tab.eval("document.documentElement.scrollHeight").await.as_i64().unwrap().min(MOST);
            if whole <= height {
                break;
            }
            height = whole;
        }
        let picture = paletted(&tab.picture().await);
        keep(&format!("presets/{}-{page}{}", self.name, self.suffix), &picture);
        tab.size(crate::DESK.0, crate::DESK.1).await;
    }
}

/// Types into the field of a page and sends its form.
pub(crate) async fn submit(tab: &Tab, field: &str, text: &str, button: &str) {
    tab.fill(field, text).await;
    tab.follow(button).await;
}
