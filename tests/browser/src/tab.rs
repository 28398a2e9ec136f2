//! What a person does in a tab, and what the tab complains about meanwhile.

use chromiumoxide::{
    Browser, Page,
    cdp::{
        browser_protocol::{
            browser::{BrowserContextId, SetDownloadBehaviorBehavior, SetDownloadBehaviorParams},
            emulation::{MediaFeature, SetDeviceMetricsOverrideParams, SetScriptExecutionDisabledParams},
            input::{DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams},
            log::{EventEntryAdded, LogEntryLevel, LogEntrySource},
            network::{DeleteCookiesParams, Headers, SetExtraHttpHeadersParams},
            page::{
                CaptureScreenshotFormat, GetNavigationHistoryParams, NavigateParams,
                NavigateToHistoryEntryParams, ReloadParams,
            },
        },
        js_protocol::runtime::{EvaluateParams, EventConsoleApiCalled, EventExceptionThrown},
    },
    layout::Point,
    page::ScreenshotParams,
};
use futures_util::StreamExt as _;
use serde_json::Value;
use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;

/// The longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// A tab of one visitor.
pub struct Tab {
    page: Page,
    context: Option<BrowserContextId>,
    complaints: Arc<Mutex<Vec<String>>>,
    /// How often a page was left.
    left: AtomicU64,
    watchers: Vec<JoinHandle<()>>,
    /// Where downloads arrive.
    pub downloads: PathBuf,
}

impl Tab {
    pub(crate) async fn new(
        page: Page,
        browser: &Browser,
        context: BrowserContextId,
        downloads: PathBuf,
    ) -> Self {
        let mut allow = SetDownloadBehaviorParams::new(SetDownloadBehaviorBehavior::Allow);
        allow.browser_context_id = Some(context.clone());
        allow.download_path = Some(downloads.display().to_string());
        browser.execute(allow).await.unwrap();
        let mut tab = Self::watching(page, downloads).await;
        tab.context = Some(context);
        tab
    }

    pub(crate) const fn context(&self) -> Option<&BrowserContextId> {
        self.context.as_ref()
    }

    /// A tab that somebody else has opened.
    pub(crate) async fn watching(page: Page, downloads: PathBuf) -> Self {
        let mut tab = Self {
            page,
            context: None,
            complaints: Arc::default(),
            left: AtomicU64::new(0),
            watchers: Vec::new(),
            downloads,
        };
        tab.watch().await;
        tab.size(1280, 800).await;
        tab
    }

    pub(crate) const fn page(&self) -> &Page {
        &self.page
    }

    /// Collects console errors, uncaught exceptions and violations of the content security policy.
    async fn watch(&mut self) {
        self.page.enable_log().await.unwrap();
        let mut entries = self.page.event_listener::<EventEntryAdded>().await.unwrap();
        let complaints = Arc::clone(&self.complaints);
        self.watchers.push(tokio::spawn(async move {
            while let Some(event) = entries.next().await {
                let entry = &event.entry;
                // A page that is an error page by its status is reported as such; pages assert their own status.
                let own_status = entry.source == LogEntrySource::Network
                    && entry.text.starts_with("Failed to load resource")
                    && !entry.url.as_deref().unwrap_or_default().contains("/assets/");
                if matches!(entry.level, LogEntryLevel::Error | LogEntryLevel::Warning) && !own_status {
                    let (source, text) = (entry.source.as_ref(), &entry.text);
                    complaints.lock().unwrap().push(format!("{source}: {text} {:?}", entry.url));
                }
            }
        }));
        let mut thrown = self.page.event_listener::<EventExceptionThrown>().await.unwrap();
        let complaints = Arc::clone(&self.complaints);
        self.watchers.push(tokio::spawn(async move {
            while let Some(event) = thrown.next().await {
                let details = &event.exception_details;
                let what = details.exception.as_ref().and_then(|thrown| thrown.description.clone());
                complaints.lock().unwrap().push(format!("uncaught: {} {what:?}", details.text));
            }
        }));
        let mut console = self.page.event_listener::<EventConsoleApiCalled>().await.unwrap();
        let complaints = Arc::clone(&self.complaints);
        self.watchers.push(tokio::spawn(async move {
            while let Some(event) = console.next().await {
                complaints.lock().unwrap().push(format!("console.{}", event.r#type.as_ref()));
            }
        }));
    }

    /// What the console said since the last question.
    pub fn complaints(&self) -> Vec<String> {
        std::mem::take(&mut *self.complaints.lock().unwrap())
    }

    /// Sets the size of the window, in CSS pixels. Narrow ones are phones.
    pub async fn size(&self, width: i64, height: i64) {
        self.scaled(width, height, 1.0).await;
    }

    /// The same on a screen with this many pixels for a CSS pixel.
    pub async fn scaled(&self, width: i64, height: i64, scale: f64) {
        let metrics = SetDeviceMetricsOverrideParams::new(width, height, scale, width < 600);
        self.page.execute(metrics).await.unwrap();
    }

    /// Sets the language that the browser asks sites for.
    pub async fn speaks(&self, language: &str) {
        let headers = Headers::new(serde_json::json!({ "Accept-Language": language }));
        self.page.execute(SetExtraHttpHeadersParams::new(headers)).await.unwrap();
    }

    /// Sets the colour scheme that the person prefers.
    pub async fn dark(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let features = vec![
            MediaFeature::new("prefers-color-scheme", scheme),
            MediaFeature::new("prefers-reduced-motion", "reduce"),
        ];
        self.page.emulate_media_features(features).await.unwrap();
    }

    /// Switches the scripts of pages off or on.
    pub async fn scripts(&self, on: bool) {
        self.page.execute(SetScriptExecutionDisabledParams::new(!on)).await.unwrap();
    }

    async fn try_eval(&self, script: &str) -> Result<Value, String> {
        let params = EvaluateParams::builder().expression(script).await_promise(true).return_by_value(true);
        let answer = self.page.execute(params.build()?).await.map_err(|error| error.to_string())?;
        match &answer.result.exception_details {
            Some(details) => {
                let thrown = details.exception.as_ref().and_then(|thrown| thrown.description.clone());
                Err(format!("{} {thrown:?}", details.text))
            }
            None => Ok(answer.result.result.value.clone().unwrap_or_default()),
        }
    }

    /// The value of a JavaScript expression, which may be a promise. Runs whatever the page's policy says.
    ///
    /// # Panics
    /// When it throws.
    pub async fn eval(&self, script: &str) -> Value {
        match self.try_eval(script).await {
            Ok(value) => value,
            Err(error) => panic!("{error} in {script:.300}"),
        }
    }

    /// Waits until an expression is true; survives navigations.
    ///
    /// # Panics
    /// After half a minute, with what the page shows.
    pub async fn until(&self, what: &str, script: &str) {
        let started = Instant::now();
        while self.try_eval(script).await != Ok(Value::Bool(true)) {
            if started.elapsed() > PATIENCE {
                let (url, text) = (self.url().await, self.try_eval("document.body.innerText").await);
                panic!(
                    "waited in vain for {what} at {url}\n{}",
                    text.unwrap_or_default().as_str().unwrap_or("")
                );
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    async fn mark(&self) {
        let number = self.left.fetch_add(1, Ordering::Relaxed) + 1;
        self.eval(&format!("window.vestibuleLeft = {number}")).await;
    }

    async fn arrive(&self, why: &str) {
        // A page that the browser kept for Back carries the mark of an earlier time.
        let number = self.left.load(Ordering::Relaxed);
        let arrived = format!(
            "window.vestibuleLeft !== {number} && document.readyState === 'complete' && location.href !== 'about:blank'"
        );
        self.until(why, &arrived).await;
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) {
        self.mark().await;
        self.page.execute(NavigateParams::new(url)).await.unwrap();
        self.arrive(url).await;
    }

    /// Loads the page again, as F5 does. A form that led here is sent again if there was one: the browser asks nobody.
    pub async fn reload(&self) {
        self.mark().await;
        self.page.execute(ReloadParams::default()).await.unwrap();
        self.arrive("the same page").await;
    }

    /// Goes to the page before this one. At the first page of a tab nothing happens.
    pub async fn back(&self) {
        self.in_history(-1).await;
    }

    /// Goes to the page after this one, if there is one.
    pub async fn forward(&self) {
        self.in_history(1).await;
    }

    async fn in_history(&self, steps: i64) {
        let history = self.page.execute(GetNavigationHistoryParams::default()).await.unwrap();
        let wanted = usize::try_from(history.current_index + steps).ok();
        let entry = wanted.and_then(|index| history.entries.get(index));
        let Some(entry) = entry.filter(|entry| entry.url != "about:blank") else { return };
        self.mark().await;
        self.page.execute(NavigateToHistoryEntryParams::new(entry.id)).await.unwrap();
        self.arrive("a page of the history").await;
    }

    /// Sends the main form of the page as it stands, or loads the page again where there is none.
    pub async fn resend(&self) {
        let form = "document.querySelector('main form[method=post]')";
        if self.eval(&format!("!!{form}")).await == Value::Bool(true) {
            self.mark().await;
            // Without what scripts and required fields would say: an old browser, or a second press.
            self.eval(&format!("HTMLFormElement.prototype.submit.call({form})")).await;
            self.arrive("what the form leads to").await;
        } else {
            self.reload().await;
        }
    }

    /// Takes the visitor's cookies away.
    pub async fn lose_cookies(&self) {
        let all: Vec<_> = self.page.get_cookies().await.unwrap();
        for cookie in all {
            let mut gone = DeleteCookiesParams::new(cookie.name);
            gone.domain = Some(cookie.domain);
            self.page.execute(gone).await.unwrap();
        }
    }

    /// Closes it.
    pub async fn close(self) {
        let _ = self.page.clone().close().await;
    }

    /// Where the tab is.
    pub async fn url(&self) -> String {
        self.try_eval("location.href").await.unwrap_or_default().as_str().unwrap_or_default().to_owned()
    }

    /// Whether an element is there and can be seen.
    pub async fn sees(&self, selector: &str) -> bool {
        let script = format!("!!document.querySelector({selector:?})?.checkVisibility()");
        self.eval(&script).await == Value::Bool(true)
    }

    /// The text of an element, with single blanks.
    ///
    /// # Panics
    /// When it is not there.
    pub async fn text(&self, selector: &str) -> String {
        let script =
            format!("document.querySelector({selector:?})?.textContent.trim().replace(/\\s+/g, ' ')");
        let text = self.eval(&script).await;
        match text.as_str() {
            Some(text) => text.to_owned(),
            None => {
                let body = self.eval("document.body.innerText").await;
                panic!("no {selector} at {}\n{}", self.url().await, body.as_str().unwrap_or_default())
            }
        }
    }

    /// An attribute of an element; empty when it has none.
    pub async fn attribute(&self, selector: &str, name: &str) -> String {
        let script = format!("document.querySelector({selector:?}).getAttribute({name:?})");
        self.eval(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Presses the mouse on an element that is really on top there.
    ///
    /// # Panics
    /// When the element is not there, or covered.
    pub async fn press(&self, selector: &str) {
        let script = format!(
            "(() => {{ const e = document.querySelector({selector:?}); if (!e) return 'absent';
               e.scrollIntoView({{ block: 'center', behavior: 'instant' }});
               const b = e.getBoundingClientRect(), x = b.x + b.width / 2, y = b.y + b.height / 2;
               const top = document.elementFromPoint(x, y);
               return top && (e.contains(top) || top.contains(e)) ? [x, y] : 'covered by ' + top?.outerHTML; }})()"
        );
        let place = self.eval(&script).await;
        let (Some(x), Some(y)) = (place.get(0).and_then(Value::as_f64), place.get(1).and_then(Value::as_f64))
        else {
            let text = self.eval("document.body.innerText").await;
            panic!(
                "cannot press {selector} at {}: {place}\n{}",
                self.url().await,
                text.as_str().unwrap_or("")
            );
        };
        self.page.click(Point::new(x, y)).await.unwrap();
    }

    /// Presses something that leads to another page, and waits for that page.
    pub async fn follow(&self, selector: &str) {
        self.mark().await;
        self.press(selector).await;
        self.arrive(&format!("the page behind {selector}")).await;
    }

    /// Replaces what is in a field.
    pub async fn fill(&self, selector: &str, text: &str) {
        self.press(selector).await;
        self.eval(&format!("document.querySelector({selector:?}).select()")).await;
        self.type_in(text).await;
    }

    /// Types into the field that has the focus. A page that has just come gives it to one in its own time.
    ///
    /// # Panics
    /// When no field gets it.
    pub async fn type_in(&self, text: &str) {
        let focused = "document.activeElement?.matches('input, textarea') === true";
        self.until("a field with the focus", focused).await;
        self.page.execute(InsertTextParams::new(text)).await.unwrap();
    }

    /// Presses a key: `Tab`, `Enter` or `Space`.
    pub async fn key(&self, key: &str) {
        let (name, code, number, text) = match key {
            "Tab" => ("Tab", "Tab", 9, None),
            "Enter" => ("Enter", "Enter", 13, Some("\r")),
            "Space" => (" ", "Space", 32, Some(" ")),
            other => panic!("no key {other}"),
        };
        let down =
            if text.is_some() { DispatchKeyEventType::KeyDown } else { DispatchKeyEventType::RawKeyDown };
        for kind in [down, DispatchKeyEventType::KeyUp] {
            let mut event =
                DispatchKeyEventParams::builder().key(name).code(code).windows_virtual_key_code(number);
            if let Some(text) = text.filter(|_| kind == DispatchKeyEventType::KeyDown) {
                event = event.text(text);
            }
            self.page.execute(event.r#type(kind).build().unwrap()).await.unwrap();
        }
    }

    /// Presses a key that leads to another page, and waits for that page.
    pub async fn key_through(&self, key: &str) {
        self.mark().await;
        self.key(key).await;
        self.arrive(&format!("the page behind {key}")).await;
    }

    /// Goes on with the Tab key until the element has the focus.
    ///
    /// # Panics
    /// When it is never reached.
    pub async fn tab_to(&self, selector: &str) {
        for _ in 0..60 {
            let script = format!("document.activeElement === document.querySelector({selector:?})");
            if self.eval(&script).await == Value::Bool(true) {
                return;
            }
            self.key("Tab").await;
        }
        panic!("the Tab key never reaches {selector} at {}", self.url().await);
    }

    /// Fills in and sends the login form.
    pub async fn log_in(&self, username: &str, password: &str) {
        self.fill("#username", username).await;
        self.fill("#password", password).await;
        self.follow("#login-submit").await;
    }

    /// A picture of the window as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let params = ScreenshotParams::builder().format(CaptureScreenshotFormat::Png).build();
        self.page.screenshot(params).await.unwrap()
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        for watcher in &self.watchers {
            watcher.abort();
        }
    }
}
