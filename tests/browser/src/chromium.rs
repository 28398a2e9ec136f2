//! The browser as a process.

use crate::Tab;
use chromiumoxide::{
    Browser, BrowserConfig,
    cdp::browser_protocol::target::{CreateBrowserContextParams, CreateTargetParams},
};
use futures_util::StreamExt as _;
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tokio::task::JoinHandle;

/// What is switched off: everything that would call somebody.
const QUIET: &[&str] =
    &["disable-component-update", "disable-domain-reliability", "no-pings", "no-proxy-server"];

/// A headless Chromium with a profile of its own.
pub struct Chromium {
    browser: Browser,
    pump: JoinHandle<()>,
    profile: PathBuf,
}

impl Chromium {
    /// Starts it.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(program: &Path) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let profile =
            std::env::temp_dir().join(format!("vestibule-chromium-{}-{number}", std::process::id()));
        let config = BrowserConfig::builder()
            .chrome_executable(program)
            .user_data_dir(&profile)
            // Continuous integration often runs as root in a container, where the sandbox cannot start.
            .no_sandbox()
            .new_headless_mode()
            .disable_https_first()
            .viewport(None)
            .launch_timeout(Duration::from_secs(60))
            .args(QUIET.iter().copied())
            .build()
            .unwrap();
        let (browser, mut handler) = Browser::launch(config).await.unwrap();
        let pump = tokio::spawn(async move { while handler.next().await.is_some() {} });
        Self { browser, pump, profile }
    }

    /// A new visitor: a tab with cookies of its own.
    pub async fn visitor(&self) -> Tab {
        let context =
            self.browser.create_browser_context(CreateBrowserContextParams::default()).await.unwrap();
        let target =
            CreateTargetParams::builder().url("about:blank").browser_context_id(context.clone()).build();
        let page = self.browser.new_page(target.unwrap()).await.unwrap();
        Tab::new(page, &self.browser, context, self.profile.join("downloads")).await
    }

    /// Another tab of the same visitor.
    ///
    /// # Panics
    /// For a window that was opened by a page.
    pub async fn beside(&self, tab: &Tab) -> Tab {
        let context = tab.context().unwrap().clone();
        let target =
            CreateTargetParams::builder().url("about:blank").browser_context_id(context.clone()).build();
        let page = self.browser.new_page(target.unwrap()).await.unwrap();
        Tab::new(page, &self.browser, context, self.profile.join("downloads")).await
    }

    /// The window that a tab has opened.
    ///
    /// # Panics
    /// When there is none for half a minute.
    pub async fn window_of(&self, opener: &Tab) -> Tab {
        let wanted = Some(opener.page().target_id().clone());
        for _ in 0..600 {
            let pages = self.browser.pages().await.unwrap();
            if let Some(page) = pages.into_iter().find(|page| *page.opener_id() == wanted) {
                return Tab::watching(page, opener.downloads.clone()).await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no window was opened by {}", opener.url().await);
    }

    /// Ends it.
    pub async fn end(mut self) {
        let _ = self.browser.close().await;
        let _ = self.browser.wait().await;
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.pump.abort();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}
