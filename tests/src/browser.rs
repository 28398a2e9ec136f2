//! A browser without scripts: cookies, redirects, and the forms as they are on the page.

use reqwest::{Client, StatusCode, header::HeaderMap, redirect::Policy};
use scraper::{ElementRef, Html, Selector};
use std::{collections::BTreeMap, net::SocketAddr};
use vestibule_domain::Origin;

/// A visitor of one pool.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    origin: Origin,
    /// What it remembers; a test may steal or plant cookies. The names are those of a pool at its scheme's own port: the
    /// port that ends the product's names on the way is added and taken away there, as a test does not choose it.
    pub cookies: BTreeMap<String, String>,
    /// Sent with every request; a test may lie.
    pub headers: Vec<(String, String)>,
}

/// What an answer looks like.
#[derive(Clone, Debug)]
pub struct Page {
    /// Status.
    pub status: StatusCode,
    /// Where it came from, or where a redirect to somebody else leads.
    pub url: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: String,
    /// Whether this is a redirect away from the pool that was not followed.
    pub left: bool,
}

/// A form as it is on a page.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it is sent, a path.
    pub action: String,
    /// Its method, upper case.
    pub method: String,
    /// Its fields with the values they have.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// Fills in a field.
    ///
    /// # Panics
    /// When the form has no such field: a person could not fill it in either.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|(known, _)| known == name);
        field.unwrap_or_else(|| panic!("no field {name} in the form of {}", self.action)).1 =
            value.to_owned();
        self
    }

    /// The same fields for another path: an attacker, or a script.
    #[must_use]
    pub fn to(mut self, action: &str) -> Self {
        action.clone_into(&mut self.action);
        self
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The sign-in under way that the form belongs to, without what it is for.
    ///
    /// # Panics
    /// When the form belongs to none.
    pub fn flow_id(&self) -> &str {
        self.value("flow").and_then(|handle| handle.split('.').next()).unwrap()
    }

    /// Adds a field whether the form has it or not: an attacker, or the button that was pressed.
    #[must_use]
    pub fn forged(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl Page {
    fn document(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// Whether an element is there.
    pub fn has(&self, selector: &str) -> bool {
        self.document().select(&Selector::parse(selector).unwrap()).next().is_some()
    }

    /// Whether an element is there, by id.
    pub fn has_id(&self, id: &str) -> bool {
        self.has(&format!("[id=\"{id}\"]"))
    }

    /// Whether the page enrols a factor, or asks which one to enrol.
    pub fn enrols(&self) -> bool {
        !self.left && (self.has_id("enrol-submit") || self.has("form[action='/login/enrol/choose']"))
    }

    /// The text of the first element that matches.
    pub fn text(&self, selector: &str) -> String {
        let document = self.document();
        let found = document.select(&Selector::parse(selector).unwrap()).next();
        let text = found.map(|element| element.text().collect::<Vec<_>>().join(" "));
        text.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default()
    }

    /// All texts of the elements that match.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let document = self.document();
        let selector = Selector::parse(selector).unwrap();
        let found = document.select(&selector).map(|element| element.text().collect());
        found.map(|text: String| text.trim().to_owned()).collect()
    }

    /// An attribute of the first element that matches.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let document = self.document();
        let element = document.select(&Selector::parse(selector).unwrap()).next()?;
        element.value().attr(name).map(str::to_owned)
    }

    /// The form with this action.
    ///
    /// # Panics
    /// When there is none.
    pub fn form(&self, action: &str) -> Form {
        let found = self.find_form(|form, _| form.value().attr("action") == Some(action));
        found.unwrap_or_else(|| panic!("no form to {action} on {} {}:\n{}", self.status, self.url, self.body))
    }

    /// The form that holds the element, with the element's own name and value if it is a button.
    ///
    /// # Panics
    /// When there is none.
    pub fn form_of(&self, selector: &str) -> Form {
        let button = Selector::parse(selector).unwrap();
        let found = self.find_form(|form, _| form.select(&button).next().is_some());
        let mut form =
            found.unwrap_or_else(|| panic!("no form with {selector} on {}:\n{}", self.url, self.body));
        let document = self.document();
        let element = document.select(&button).next().unwrap().value();
        if element.name() == "button"
            && let (Some(name), Some(value)) = (element.attr("name"), element.attr("value"))
        {
            form = form.forged(name, value);
        }
        form
    }

    fn find_form(&self, matches: impl Fn(ElementRef<'_>, &Html) -> bool) -> Option<Form> {
        let document = self.document();
        let forms = Selector::parse("form").unwrap();
        let form = document.select(&forms).find(|form| matches(*form, &document))?;
        // A box that is not ticked is not sent (HTML, constructing the entry list); a test ticks it with `forged`.
        let controls =
            "input[name]:not([type=checkbox]), input[type=checkbox][checked], select[name], textarea[name]";
        let controls = Selector::parse(controls).unwrap();
        let chosen = Selector::parse("option[selected]").unwrap();
        let fields = form.select(&controls).map(|control| {
            let value = match control.value().name() {
                "select" => {
                    let option = control.select(&chosen).next();
                    option.and_then(|option| option.value().attr("value")).map(str::to_owned)
                }
                "textarea" => Some(control.text().collect()),
                _ => control.value().attr("value").map(str::to_owned),
            };
            (control.value().attr("name").unwrap_or_default().to_owned(), value.unwrap_or_default())
        });
        Some(Form {
            action: form.value().attr("action").unwrap_or_default().to_owned(),
            method: form.value().attr("method").unwrap_or("get").to_uppercase(),
            fields: fields.collect(),
        })
    }

    /// The parameters of the query of a redirect away.
    pub fn query(&self) -> BTreeMap<String, String> {
        let url = url::Url::parse(&self.url).unwrap();
        url.query_pairs().into_owned().collect()
    }
}

impl Browser {
    /// A new browser for the pool at `origin`, served at `address`.
    pub fn new(origin: Origin, address: SocketAddr) -> Self {
        // The client wants one in place even where it never speaks TLS; a second installation is refused, harmlessly.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = Client::builder().redirect(Policy::none()).no_proxy().tls_certs_only([]);
        let client = client.resolve(origin.host(), address).build().unwrap();
        // Several nodes share an origin; the test decides which one a browser reaches.
        let (cookies, headers) = (BTreeMap::new(), Vec::new());
        let mut browser = Self { client, origin, cookies, headers };
        if !browser.origin.as_str().ends_with(&format!(":{}", address.port())) {
            browser.headers.push(("x-test-node".to_owned(), address.port().to_string()));
        }
        browser
    }

    /// The same visitor's cookies in another browser: a thief.
    #[must_use]
    pub fn thief(&self) -> Self {
        self.clone()
    }

    fn absolute(&self, path: &str) -> String {
        if path.starts_with('/') { self.origin.url(path) } else { path.to_owned() }
    }

    fn wire(&self, url: &str) -> String {
        let node = self.headers.iter().find(|(name, _)| name == "x-test-node");
        match node {
            Some((_, port)) => {
                let mut url = url::Url::parse(url).unwrap();
                url.set_port(port.parse().ok()).unwrap();
                url.to_string()
            }
            None => url.to_owned(),
        }
    }

    /// A program's request with JSON, and with a token where there is one. No cookies travel.
    pub async fn json(&self, method: &str, path: &str, token: Option<&str>, body: &str) -> Page {
        let url = self.absolute(path);
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request =
            self.client.request(method, self.wire(&url)).header("host", self.origin.authority());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        for (name, value) in self.headers.iter().filter(|(name, _)| name != "x-test-node") {
            request = request.header(name, value);
        }
        let request = request.header("content-type", "application/json").body(body.to_owned());
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Page { status, url, headers, body: response.text().await.unwrap(), left: false }
    }

    /// One request, no redirects followed. Cookies are kept.
    pub async fn send(&mut self, method: &str, path: &str, form: Option<&[(String, String)]>) -> Page {
        let url = self.absolute(path);
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.client.request(method, self.wire(&url));
        request = request.header("host", self.origin.authority());
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{}={value}", self.on_wire(name))).collect();
            request = request.header("cookie", pairs.join("; "));
        }
        for (name, value) in self.headers.iter().filter(|(name, _)| name != "x-test-node") {
            request = request.header(name, value);
        }
        if let Some(fields) = form {
            request = request.form(fields);
            if !self.headers.iter().any(|(name, _)| name == "origin") {
                request = request.header("origin", self.origin.as_str());
            }
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all("set-cookie") {
            self.remember(cookie.to_str().unwrap());
        }
        let body = response.text().await.unwrap();
        Page { status, url, headers, body, left: false }
    }

    /// The name of a cookie as it travels.
    pub fn on_wire(&self, name: &str) -> String {
        let ours = name.strip_prefix("__Host-").unwrap_or(name).starts_with("vestibule");
        let port = self.origin.port().filter(|_| ours);
        port.map_or_else(|| name.to_owned(), |port| format!("{name}-{port}"))
    }

    fn remember(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        let ending = self.origin.port().map(|port| format!("-{port}")).unwrap_or_default();
        let name = name.strip_suffix(&ending).unwrap_or(name);
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..12 {
            let Some(location) = page.headers.get("location").filter(|_| page.status.is_redirection()) else {
                return page;
            };
            let to = self.absolute(location.to_str().unwrap());
            if !to.starts_with(&format!("{}/", self.origin)) {
                return Page { url: to, left: true, ..page };
            }
            page = self.send("GET", &to, None).await;
        }
        panic!("too many redirects, last to {}", page.url);
    }

    /// Opens an address and follows redirects within the pool.
    pub async fn get(&mut self, path: &str) -> Page {
        let page = self.send("GET", path, None).await;
        self.follow(page).await
    }

    /// Submits a form and follows redirects within the pool.
    pub async fn submit(&mut self, form: Form) -> Page {
        if form.method == "GET" {
            let query =
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
            return self.get(&format!("{}?{query}", form.action)).await;
        }
        let page = self.post_only(&form).await;
        self.follow(page).await
    }

    /// Submits a form, and agrees where the next page asks whether it is meant.
    pub async fn confirm(&mut self, form: Form) -> Page {
        let page = self.submit(form).await;
        if !page.has_id("confirm-submit") {
            return page;
        }
        self.submit(page.form_of("#confirm-submit")).await
    }

    /// Submits a form. Of redirects only one is followed: that to the page which says what became of this form.
    pub async fn post(&mut self, form: &Form) -> Page {
        let page = self.post_only(form).await;
        let location = page.headers.get("location").map(|to| to.to_str().unwrap().to_owned());
        match location.filter(|to| Self::is_word(to)) {
            Some(to) => self.send("GET", &to, None).await,
            None => page,
        }
    }

    /// Whether an address is that of a page which says what became of a form.
    fn is_word(to: &str) -> bool {
        to.contains("said=") || to.starts_with("/login/codes?") || to.starts_with("/u/security/codes?")
    }

    /// Submits a form; no redirect is followed.
    pub async fn post_only(&mut self, form: &Form) -> Page {
        assert_eq!(form.method, "POST");
        self.send("POST", &form.action, Some(&form.fields)).await
    }

    /// Goes on from a redirect that was not followed.
    pub async fn go_on(&mut self, page: Page) -> Page {
        self.follow(page).await
    }
}
