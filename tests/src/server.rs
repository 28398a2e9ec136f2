//! Servers: the real use cases and router, with time and hashing cost in the test's hands.

use crate::{App, Authenticator, Browser, Engine, PASSWORD, engine::unique};
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::UNIX_EPOCH,
};
use tokio::{net::TcpListener, task::JoinHandle};
use vestibule_domain::{
    Acr, Client, ClientAuthMethod, ClientKind, Clock, Email, GrantType, MfaMode, Origin, Policy, Pool,
    PoolSettings, Timestamp, TokenAlg, Username,
};
use vestibule_flows::{
    Actor, Admin, App as UseCases, ClaimedMail, ClientSpec, Cx, HashCost, Hasher, Language, LogoutOutcome,
    OutgoingMail, Parts, PoolSpec, Resealed, SecretSpec, SeesCertificates, SessionToken, UserSpec,
};
use vestibule_mfa::Registry;
use vestibule_pages::{Extension, Locale, Pages};
use vestibule_seal::{KeyRing, testing::SeededEntropy};
use vestibule_store::{Claim, PoolStore, Store, StoreOptions};
use vestibule_web::{PagesMail, Site, SiteParts, WebOptions, serve};
use zeroize::Zeroizing;

/// A clock that moves only when told to; with [`Setup::real_time`] it also follows the machine's.
pub struct TestClock {
    /// Seconds since 1970, or ahead of the machine.
    seconds: AtomicI64,
    real: bool,
}

impl TestClock {
    /// Lets time pass.
    pub fn advance(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }
    /// The time in seconds.
    pub fn seconds(&self) -> i64 {
        let told = self.seconds.load(Ordering::SeqCst);
        if self.real { told + i64::try_from(UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap() } else { told }
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.seconds())
    }
}

/// What a test needs.
pub struct Setup {
    /// The pool's settings.
    pub settings: PoolSettings,
    /// Which database.
    pub engine: Engine,
    /// How many nodes serve it.
    pub nodes: usize,
    /// Settings of the HTTP side.
    pub web: WebOptions,
    /// Whether mail can be sent.
    pub can_mail: bool,
    /// Cost of a password hash.
    pub cost: HashCost,
    /// Hashes at once.
    pub permits: usize,
    /// Changes the demo application before it is registered.
    pub client: Box<dyn Fn(&mut Client) + Send + Sync>,
    /// Second factors.
    pub registry: Registry,
    /// Templates and texts of those that are not the product's own.
    pub extensions: Vec<Extension>,
    /// Whether time passes as on the machine, plus what the clock is told: for applications that read their own.
    pub real_time: bool,
    /// The groups of alice, in both pools.
    pub groups: Vec<String>,
    /// Host and shown name of the pool under test. Not every system resolves names below `localhost`.
    pub main: (&'static str, &'static str),
    /// A whole pool to test instead of the usual one, such as one from a file; only its port is replaced.
    pub pool: Option<PoolSpec>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            settings: PoolSettings { registration: true, ..PoolSettings::default() },
            engine: Engine::Sqlite,
            nodes: 1,
            web: WebOptions::default(),
            can_mail: true,
            cost: HashCost { memory_kib: 64, iterations: 1, parallelism: 1 },
            permits: 2,
            client: Box::new(|_| {}),
            registry: Registry::builtin(),
            extensions: Vec::new(),
            real_time: false,
            groups: Vec::new(),
            main: ("main.localhost", "Pool main"),
            pool: None,
        }
    }
}

impl Setup {
    /// On this database.
    #[must_use]
    pub fn on(engine: Engine) -> Self {
        Self { engine, ..Self::default() }
    }
    /// With this rule for second factors.
    #[must_use]
    pub fn mfa(mut self, mode: MfaMode) -> Self {
        self.settings.mfa = Policy::of(mode);
        self
    }
    /// With the demo application changed.
    #[must_use]
    pub fn client(mut self, change: impl Fn(&mut Client) + Send + Sync + 'static) -> Self {
        self.client = Box::new(change);
        self
    }
    /// The application never accepts less than this class.
    #[must_use]
    pub fn min_acr(self, acr: Acr) -> Self {
        self.client(move |client| client.min_acr = Some(acr))
    }
    /// With this whole rule table for second factors.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.settings.mfa = policy;
        self
    }
    /// With alice as an administrator of both pools.
    #[must_use]
    pub fn administered(mut self) -> Self {
        self.settings.admin_group = Some(ADMINS.to_owned());
        self.groups.push(ADMINS.to_owned());
        self
    }
    /// With several nodes on the same database.
    #[must_use]
    pub fn nodes(mut self, nodes: usize) -> Self {
        self.nodes = nodes;
        self
    }
    /// Starts it.
    pub async fn start(self) -> Server {
        Server::start(self).await
    }
}

/// The group of the administrators of a pool, see [`Setup::administered`].
pub const ADMINS: &str = "admins";

/// One process of the product.
struct Node {
    app: Arc<UseCases>,
    address: SocketAddr,
    task: JoinHandle<()>,
}

/// A running product with the pools `main` and `other`, the user `alice` in both, and the application `app` in both.
pub struct Server {
    /// Its time.
    pub clock: Arc<TestClock>,
    /// The URL of its database.
    pub database: String,
    nodes: Vec<Node>,
    setup: Setup,
    keys: Arc<KeyRing>,
    /// The one key of the ring, as text.
    key: String,
    pool: Pool,
    other: Pool,
    mails: Mutex<Vec<OutgoingMail>>,
}

/// Secret of the demo application.
pub const CLIENT_SECRET: &str = "a-secret-of-the-test-application-0123456789";

/// Where the demo application receives its answers. Nothing listens there: the browser stops at it.
pub const REDIRECT_URI: &str = "http://127.0.0.1:9/callback";

impl Server {
    async fn start(setup: Setup) -> Self {
        // RUST_LOG=error shows why a page says that something went wrong.
        let _ = tracing_subscriber::fmt()
            .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
            .try_init();
        let database = setup.engine.fresh().await;
        let start = if setup.real_time { 0 } else { 1_900_000_000 };
        let clock = Arc::new(TestClock { seconds: AtomicI64::new(start), real: setup.real_time });
        let key = KeyRing::generate_text(&entropy());
        let keys = Arc::new(KeyRing::parse(&key).unwrap());
        let mut server = Self {
            clock,
            database,
            nodes: Vec::new(),
            keys,
            key,
            pool: dummy_pool("main"),
            other: dummy_pool("other"),
            mails: Mutex::new(Vec::new()),
            setup,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let store = server.connect().await;
        store.migrate().await.unwrap();
        let app = server.use_cases(store).await;
        let main = server.main_spec(port);
        let slug = main.slug.clone();
        app.admin(Actor::command_line()).apply(&[main, server.spec("other", port)]).await.unwrap();
        server.pool = app.admin(Actor::command_line()).pool_named(&slug).await.unwrap();
        server.other = app.admin(Actor::command_line()).pool_named("other").await.unwrap();
        server.listen(app, listener).await;
        for _ in 1..server.setup.nodes {
            server.add_node().await;
        }
        server
    }

    async fn connect(&self) -> Store {
        let options = StoreOptions { url: self.database.clone(), max_connections: 16 };
        Store::connect(&options).await.unwrap()
    }

    /// The product's pages, or those of factors that are not its own as well.
    fn pages(&self) -> Arc<Pages> {
        if self.setup.extensions.is_empty() {
            return Pages::shared().unwrap();
        }
        Arc::new(Pages::with_extensions(&self.setup.extensions).unwrap())
    }

    async fn use_cases(&self, store: Store) -> Arc<UseCases> {
        let pages = self.pages();
        let entropy = Arc::new(entropy());
        Arc::new(UseCases::new(Parts {
            store,
            keys: Arc::clone(&self.keys),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            hasher: Hasher::new(self.setup.cost, self.setup.permits, entropy.as_ref()).unwrap(),
            entropy,
            registry: Arc::new(self.setup.registry.clone()),
            outbound: vestibule_outbound::Outbound::new(Arc::clone(&self.clock) as Arc<dyn Clock>).unwrap(),
            renderer: Arc::new(PagesMail(pages)),
            locales: Locale::all().map(|locale| locale.tag().to_owned()).collect(),
            sees_certificates: SeesCertificates {
                by_proxy: self.setup.web.client_certificate_header.is_some(),
                by_listener: false,
            },
            can_mail: self.setup.can_mail,
        }))
    }

    async fn listen(&mut self, app: Arc<UseCases>, listener: TcpListener) {
        app.refresh_configuration().await.unwrap();
        let address = listener.local_addr().unwrap();
        let parts = SiteParts { app: Arc::clone(&app), pages: self.pages(), options: self.setup.web.clone() };
        let site = Site::new(parts);
        let task = tokio::spawn(async move { serve(listener, site, std::future::pending()).await.unwrap() });
        self.nodes.push(Node { app, address, task });
    }

    async fn add_node(&mut self) {
        // SQLite has one writing process; nodes on it share its store as threads of one process would.
        let store = match self.setup.engine {
            Engine::Sqlite => self.nodes.first().unwrap().app.store().clone(),
            Engine::Postgres => self.connect().await,
        };
        let app = self.use_cases(store).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.listen(app, listener).await;
    }

    /// Ends every node and starts as many again on the same database, at the same addresses.
    pub async fn restart(&mut self) {
        let addresses: Vec<SocketAddr> = self.nodes.iter().map(|node| node.address).collect();
        for node in self.nodes.drain(..) {
            node.task.abort();
            let _ = node.task.await;
            node.app.store().close().await;
        }
        for address in addresses {
            let store = match (self.setup.engine, self.nodes.first()) {
                (Engine::Sqlite, Some(first)) => first.app.store().clone(),
                _ => self.connect().await,
            };
            let app = self.use_cases(store).await;
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.set_reuseaddr(true).unwrap();
            socket.bind(address).unwrap();
            self.listen(app, socket.listen(1024).unwrap()).await;
        }
    }

    /// Replaces the key of the ring as an operator does: a fresh one stands before the old one, what is sealed is sealed again,
    /// and the old one goes. All nodes restart, see [`Server::restart`].
    ///
    /// # Panics
    /// When something is left under the old key.
    pub async fn replace_key(&mut self) -> Resealed {
        let fresh = KeyRing::generate_text(&entropy());
        self.keys = Arc::new(KeyRing::parse(&format!("{fresh}\n{}", self.key)).unwrap());
        self.restart().await;
        let resealed = self.admin().reseal().await.unwrap();
        self.keys = Arc::new(KeyRing::parse(&fresh).unwrap());
        self.key = fresh;
        self.restart().await;
        resealed
    }

    fn main_spec(&self, port: u16) -> PoolSpec {
        let Some(pool) = &self.setup.pool else { return self.spec("main", port) };
        let origin = Origin::parse(&format!("http://{}:{port}", pool.origin.host())).unwrap();
        PoolSpec { origin, ..pool.clone() }
    }

    fn spec(&self, slug: &str, port: u16) -> PoolSpec {
        let mut client = Client {
            name: "The Application".to_owned(),
            auth_method: Some(ClientAuthMethod::ClientSecretBasic),
            redirect_uris: vec![REDIRECT_URI.to_owned()],
            post_logout_redirect_uris: vec!["http://127.0.0.1:9/signed-out".to_owned()],
            scopes: ["openid", "profile", "email", "offline_access"].map(str::to_owned).to_vec(),
            grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            id_token_alg: Some(TokenAlg::Es256),
            first_party: true,
            acr_aliases: [("2".to_owned(), Acr::Mfa)].into(),
            ..Client::new("app", ClientKind::Confidential)
        };
        (self.setup.client)(&mut client);
        let secret = SecretSpec::Given(Zeroizing::new(CLIENT_SECRET.to_owned()));
        let (host, name) = match slug {
            "main" => (self.setup.main.0.to_owned(), self.setup.main.1.to_owned()),
            other => (format!("{other}.localhost"), format!("Pool {other}")),
        };
        PoolSpec {
            tenant: slug.to_owned(),
            slug: slug.to_owned(),
            name,
            origin: Origin::parse(&format!("http://{host}:{port}")).unwrap(),
            settings: self.setup.settings.clone(),
            clients: vec![ClientSpec { client, secret }],
            users: vec![UserSpec { groups: self.setup.groups.clone(), ..user("alice") }],
        }
    }

    /// The use cases of the first node, for what an operator does.
    pub fn app(&self) -> &UseCases {
        &self.nodes.first().unwrap().app
    }

    /// What an operator does at the command line, at the first node.
    pub fn admin(&self) -> Admin<'_> {
        self.app().admin(Actor::command_line())
    }

    /// A request of a browser as the HTTP side would describe it, to call a use case without HTTP.
    ///
    /// # Panics
    /// When the browser has not visited the pool.
    pub async fn request_of(&self, browser: &Browser) -> Cx {
        let app = self.app();
        let cookie = browser.cookies.get("vestibule-browser").unwrap();
        Cx {
            pool: app.pool_at(self.pool().origin.authority()).await.unwrap().unwrap(),
            now: app.now(),
            browser: Cx::browser_digest(cookie),
            session: browser.cookies.get("vestibule").map(SessionToken::new),
            remembered_browser: None,
            ip: None,
            user_agent: None,
            request_id: "test".to_owned(),
            language: Language::default(),
        }
    }

    /// The use cases of a node.
    pub fn node(&self, index: usize) -> &UseCases {
        &self.nodes.get(index).unwrap().app
    }

    /// The same, to be used by several tasks at once.
    pub fn shared(&self, index: usize) -> Arc<UseCases> {
        Arc::clone(&self.nodes.get(index).unwrap().app)
    }

    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Address of a node.
    pub fn address(&self, index: usize) -> SocketAddr {
        self.nodes.get(index).unwrap().address
    }

    /// The pool under test.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Another pool, where the user and the application have the same names.
    pub fn other(&self) -> &Pool {
        &self.other
    }

    /// The database rows of the pool under test.
    pub fn rows(&self) -> PoolStore {
        self.app().store().pool(self.pool.id)
    }

    /// A new browser of a new visitor of the pool under test.
    pub fn browser(&self) -> Browser {
        self.browser_at(0, &self.pool.origin)
    }

    /// A new browser that reaches a certain node.
    pub fn browser_at(&self, node: usize, origin: &Origin) -> Browser {
        Browser::new(origin.clone(), self.address(node))
    }

    /// The application `app` of the pool under test, calling the first node.
    pub fn rp(&self) -> App {
        App::new(self.pool.origin.clone(), self.address(0), Arc::clone(&self.clock))
    }

    /// The application `app` of a pool, calling a certain node.
    pub fn rp_at(&self, node: usize, origin: &Origin) -> App {
        App::new(origin.clone(), self.address(node), Arc::clone(&self.clock))
    }

    /// Creates a user of the pool under test with [`PASSWORD`] and the address `NAME@example.test`.
    pub async fn add_user(&self, name: &str) {
        self.admin().create_user(&self.pool.slug, user(name)).await.unwrap();
    }

    /// Creates a user as [`Server::add_user`] does, in these groups.
    pub async fn add_member(&self, name: &str, groups: &[&str]) {
        let groups = groups.iter().map(|group| (*group).to_owned()).collect();
        self.admin().create_user(&self.pool.slug, UserSpec { groups, ..user(name) }).await.unwrap();
    }

    /// Creates a user as [`Server::add_member`] does, in the other pool.
    pub async fn add_neighbour(&self, name: &str, groups: &[&str]) {
        let groups = groups.iter().map(|group| (*group).to_owned()).collect();
        self.admin().create_user(&self.other.slug, UserSpec { groups, ..user(name) }).await.unwrap();
    }

    /// The settings of the pool under test as they are now, without applications and users.
    pub async fn declared(&self) -> PoolSpec {
        PoolSpec::of(&self.admin().pool_named(&self.pool.slug).await.unwrap())
    }

    /// The pool under test as it was declared at the start, with its application and alice.
    pub fn spec_of_main(&self) -> PoolSpec {
        self.spec(&self.pool.slug, self.address(0).port())
    }

    /// Changes the settings of the pool under test behind everybody's back: nothing checks whether somebody is locked
    /// out.
    pub async fn rule(&self, change: impl Fn(&mut PoolSettings)) {
        let mut pool = self.admin().pool_named(&self.pool.slug).await.unwrap();
        change(&mut pool.settings);
        let platform = self.app().store().platform();
        platform.write(move |tx| async move { tx.upsert_pool(&pool).await }).await.unwrap();
        self.refresh().await;
    }

    /// Registers or changes an application of the pool under test.
    pub async fn add_client(&self, id: &str, change: impl Fn(&mut Client)) {
        self.add_client_with_secret(id, CLIENT_SECRET, change).await;
    }

    /// As [`Server::add_client`], with a secret of its own.
    ///
    /// # Panics
    /// When it cannot be registered.
    pub async fn add_client_with_secret(&self, id: &str, secret: &str, change: impl Fn(&mut Client)) {
        let port = self.address(0).port();
        let mut spec = self.spec("main", port).clients.into_iter().next().unwrap();
        spec.client.id = id.to_owned();
        change(&mut spec.client);
        spec.secret = if spec.client.kind == ClientKind::Public {
            SecretSpec::Keep
        } else {
            SecretSpec::Given(Zeroizing::new(secret.to_owned()))
        };
        self.admin().put_client(&self.pool.slug, spec).await.unwrap();
        self.refresh().await;
    }

    /// Lets every node notice that the configuration changed.
    pub async fn refresh(&self) {
        for node in &self.nodes {
            node.app.refresh_configuration().await.unwrap();
        }
    }

    /// Enrols an authenticator app for alice in the user center. Time passes, so that its next code is good.
    pub async fn enrol(&self, browser: &mut Browser) -> Authenticator {
        let authenticator = browser.enrol_totp(&self.clock).await;
        self.clock.advance(30);
        authenticator
    }

    /// Sends what applications are to be told now about sessions that ended, and gives what became of it.
    pub async fn tell_applications(&self) -> Vec<LogoutOutcome> {
        let mut told = Vec::new();
        for claimed in self.app().oidc().claim_logouts(&Claim::any(1000)).await.unwrap() {
            told.push(self.app().oidc().tell(claimed).await.unwrap());
        }
        told
    }

    /// All mails that were queued so far, oldest first.
    pub async fn mails(&self) -> Vec<OutgoingMail> {
        let platform = self.app().store().platform();
        for mail in self.app().claim_mail(&Claim::any(1000)).await.unwrap() {
            let ClaimedMail::Ready(mail) = mail else { panic!("a mail cannot be opened") };
            platform.mail_sent(mail.pool, mail.id).await.unwrap();
            if !mail.to.is_empty() {
                self.mails.lock().unwrap().push(mail);
            }
        }
        let mut mails = self.mails.lock().unwrap().clone();
        mails.sort_by_key(|mail| mail.created_at);
        mails
    }

    /// The first link in the newest mail to an address whose subject or text contains `about`.
    pub async fn mailed_link(&self, to: &str, about: &str) -> Option<String> {
        let mails = self.mails().await;
        let mail = mails.iter().rev().find(|mail| mail.to == to && mail.text.contains(about))?;
        let from = mail.text.split_whitespace().find(|word| word.contains(about))?;
        Some(from.to_owned())
    }

    /// Number of audit rows of an action and outcome.
    pub async fn audited(&self, action: &str, outcome: &str) -> usize {
        let rows = self.rows().audit(10_000, Some(action)).await.unwrap();
        rows.iter().filter(|row| row.outcome == outcome).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for node in &self.nodes {
            node.task.abort();
        }
        if let Some(path) = self.database.strip_prefix("sqlite://") {
            for suffix in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{path}{suffix}"));
            }
        }
    }
}

/// A user with [`PASSWORD`].
pub(crate) fn user(name: &str) -> UserSpec {
    UserSpec {
        username: Username::parse(name).unwrap(),
        email: Some(Email::parse(&format!("{name}@example.test")).unwrap()),
        email_verified: true,
        name: Some(format!("{name} Example")),
        locale: None,
        groups: Vec::new(),
        profile: vestibule_domain::UserProfile::default(),
        seen: vestibule_domain::UserProfile::default(),
        password: Some(Zeroizing::new(PASSWORD.to_owned())),
        exact: false,
    }
}

fn dummy_pool(slug: &str) -> Pool {
    Pool {
        id: vestibule_domain::PoolId::new(Timestamp::EPOCH, &entropy()),
        tenant: slug.to_owned(),
        slug: slug.to_owned(),
        name: slug.to_owned(),
        origin: Origin::parse("http://localhost").unwrap(),
        settings: PoolSettings::default(),
        version: 1,
    }
}

/// Different for every server, so that nodes of one database never draw the same identifiers.
fn entropy() -> SeededEntropy {
    static SEED: AtomicU64 = AtomicU64::new(1);
    let process: u64 =
        unique("seed").bytes().fold(7, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
    SeededEntropy::new(process ^ SEED.fetch_add(1, Ordering::Relaxed))
}
