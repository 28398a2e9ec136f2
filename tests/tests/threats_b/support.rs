//! What the attacks have in common: a look at every row, requests byte by byte, and a victim worth attacking.

use std::{collections::BTreeMap, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use vestibule_tests::{Authenticator, BYSTANDER, Browser, Known, PASSWORD, Page, Server, Setup};

pub(crate) use vestibule_tests::at_once;

/// Name of the session cookie on plain HTTP.
pub(crate) const SESSION: &str = "vestibule";

/// Name of the browser's own cookie on plain HTTP.
pub(crate) const BROWSER: &str = "vestibule-browser";

/// Every row of every table.
pub(crate) type Rows = BTreeMap<String, Vec<String>>;

/// Reads every row of every table. SQLite only.
pub(crate) async fn rows(server: &Server) -> Rows {
    let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
    let pool = pool.connect(&server.database).await.unwrap();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let tables: Vec<(String,)> = sqlx::query_as(tables).fetch_all(&pool).await.unwrap();
    let mut all = Rows::new();
    for (table,) in tables {
        let columns = sqlx::query_as("SELECT name FROM pragma_table_info($1)").bind(table.clone());
        let columns: Vec<(String,)> = columns.fetch_all(&pool).await.unwrap();
        let list: Vec<String> = columns.iter().map(|(name,)| format!("quote(\"{name}\")")).collect();
        let select = format!("SELECT {} FROM \"{table}\" ORDER BY 1", list.join(" || ',' || "));
        let rows: Vec<(String,)> =
            sqlx::query_as(sqlx::AssertSqlSafe(select)).fetch_all(&pool).await.unwrap();
        all.insert(table, rows.into_iter().map(|(row,)| row).collect());
    }
    pool.close().await;
    assert!(all.len() > 15, "{:?}", all.keys());
    all
}

/// The tables that are not as they were, without those of `except`.
pub(crate) fn changed(before: &Rows, after: &Rows, except: &[&str]) -> Vec<String> {
    let differs = |table: &&String| before.get(*table) != after.get(*table);
    let counts = |table: &&String| !except.contains(&table.as_str());
    after.keys().filter(differs).filter(counts).cloned().collect()
}

/// An answer, byte by byte.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// 0 when the connection was closed without one.
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A request, byte by byte, that asks for the connection to be closed.
pub(crate) fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut text = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method == "POST" {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    [text.as_bytes(), body].concat()
}

/// Sends bytes and reads until the server closes.
pub(crate) async fn exchange(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that refuses early may close while the rest is still being sent.
    let _ = stream.write_all(bytes).await;
    let (mut read, mut chunk) = (Vec::new(), [0_u8; 16 * 1024]);
    while let Ok(count @ 1..) = stream.read(&mut chunk).await {
        read.extend_from_slice(&chunk[..count]);
    }
    let text = String::from_utf8_lossy(&read);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    Answer {
        status: status.unwrap_or_default(),
        headers: headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect(),
        body: body.to_owned(),
    }
}

/// `Cookie` header of a browser.
pub(crate) fn cookies(browser: &Browser) -> String {
    let pairs: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{}={value}", browser.on_wire(name))).collect();
    pairs.join("; ")
}

/// Fields as a form's body.
pub(crate) fn encoded(fields: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Fields from literals.
pub(crate) fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The value of a hidden field of a page.
pub(crate) fn hidden(page: &Page, name: &str) -> String {
    page.attribute(&format!("input[name={name}]"), "value").unwrap_or_default()
}

/// Whether a page is one of the user center.
pub(crate) fn is_inside(page: &Page) -> bool {
    !page.left && page.has_id("sign-out")
}

/// Whether the browser is signed in, as the user center sees it.
pub(crate) async fn is_signed_in(browser: &Browser) -> bool {
    is_inside(&browser.clone().get("/u").await)
}

/// A server where alice has an authenticator app, her browser, and the app.
pub(crate) async fn enrolled(setup: Setup) -> (Server, Browser, Authenticator) {
    let server = setup.start().await;
    let mut owner = server.browser();
    owner.sign_in("alice").await;
    let phone = server.enrol(&mut owner).await;
    (server, owner, phone)
}

/// Signs a new browser in at a node, with password and code. Time passes, so that the next code is good.
pub(crate) async fn enter(server: &Server, node: usize, phone: &Authenticator) -> Browser {
    let (mut browser, page) = pending(server, node).await;
    let page = browser.answer(&page, &phone.code(&server.clock)).await;
    assert!(is_inside(&page), "{} {}", page.url, page.body);
    server.clock.advance(30);
    browser
}

/// A new browser at a node that gave the right password and stands at the second factor.
pub(crate) async fn pending(server: &Server, node: usize) -> (Browser, Page) {
    let mut browser = server.browser_at(node, &server.pool().origin);
    let page = browser.sign_in("alice").await;
    assert!(page.has_id("factor-submit"), "{} {}", page.url, page.body);
    (browser, page)
}

/// A victim with everything that a forged form could abuse: a fresh session with both factors, another session, a
/// grant, a browser that is remembered, a second sign-in under way in the same browser, the pool to administer, and the
/// values that its forms would carry.
pub(crate) struct Victim {
    pub(crate) server: Server,
    pub(crate) browser: Browser,
    /// Every field that any form of the product has, with values that would work. `csrf` is not among them.
    pub(crate) known: Known,
    /// The token of the browser's own forms.
    pub(crate) csrf: String,
}

impl Victim {
    pub(crate) async fn new() -> Self {
        let mut setup = Setup::default().administered();
        setup.settings.mfa.everybody.remember_days = Some(30);
        let (server, other, phone) = enrolled(setup).await;
        server.add_user(BYSTANDER).await;
        let rp = server.rp();
        let (mut browser, page) = pending(&server, 0).await;
        let page = browser.answer_and_be_remembered(&page, &phone.code(&server.clock)).await;
        assert!(is_inside(&page), "{} {}", page.url, page.body);
        server.clock.advance(30);
        let silent = rp.silent(&mut browser, &[]).await;
        assert_eq!(silent.error(), None);
        let login = rp.authorize(&mut browser, &[("prompt", "login")]).await;
        let page = browser.log_in(&login, "alice", PASSWORD).await;
        assert!(page.has_id("factor-submit"), "{}", page.body);
        let known =
            Known { kind: "recovery".to_owned(), code: phone.code(&server.clock), ..Known::default() };
        let sessions = browser.get("/u/sessions").await;
        let known = known.and(&browser.get("/u/security").await).and(&sessions).and(&login).and(&page);
        assert!(other.cookies.contains_key(SESSION));
        assert!(known.fields("").iter().all(|(_, value)| !value.is_empty()), "{known:?}");
        let csrf = hidden(&page, "csrf");
        Self { server, browser, known, csrf }
    }

    /// The fields of a form to that route, with a token.
    pub(crate) fn with_token(&self, route: &str, csrf: &str) -> Vec<(String, String)> {
        let mut all = self.known.fields(route);
        all.push(("csrf".to_owned(), csrf.to_owned()));
        all
    }

    /// Sends a request with the victim's cookies.
    pub(crate) async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let (host, cookies) = (self.server.pool().origin.authority(), cookies(&self.browser));
        let mut all = vec![("Host", host), ("Cookie", &cookies)];
        all.extend_from_slice(headers);
        exchange(self.server.address(0), &request(method, target, &all, body.as_bytes())).await
    }
}
