//! The process is killed with SIGKILL while it commits an enrolment: afterwards there is all of it or nothing.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime},
};
use vestibule_domain::Origin;
use vestibule_store::{Store, StoreOptions};
use vestibule_tests::{Authenticator, Browser, Form};

/// Times that the process is killed, each at another moment of the same request.
const ROUNDS: u32 = 12;

const PASSWORD: &str = "tulips over the moat 42";

struct Place {
    path: PathBuf,
    address: SocketAddr,
}

impl Place {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("vestibule-kill-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        Self { path, address }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
        command.args(arguments).current_dir(&self.path).env_clear().stdin(Stdio::null());
        command.env("VESTIBULE_KEY_RING", "hWcfDXMxFbYMzs9CeDnRL9Ge-Zsxn0bMaCkSdzlsx9A");
        command.env("VESTIBULE__DATABASE__URL", "sqlite://kill.sqlite");
        command.env("VESTIBULE__SERVER__LISTEN", self.address.to_string());
        command.env("VESTIBULE__PASSWORD_HASHING__MEMORY_KIB", "64");
        command.env("VESTIBULE__LOG__LEVEL", "error");
        command.stdout(Stdio::null()).stderr(Stdio::inherit());
        command
    }

    fn run(&self, arguments: &[&str]) {
        assert!(self.command(arguments).status().unwrap().success(), "{arguments:?}");
    }

    /// Starts the server and waits until it answers.
    fn serve(&self) -> Server {
        let child = self.command(&["serve"]).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(self.address).is_err() {
            assert!(Instant::now() < deadline, "the server does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
        Server(child)
    }

    fn origin(&self) -> Origin {
        Origin::parse(&format!("http://localhost:{}", self.address.port())).unwrap()
    }

    /// Factors, recovery codes, audit rows and mails of a user, as the database has them.
    async fn found(&self, user: &str) -> (usize, usize, usize, usize) {
        let url = format!("sqlite://{}", self.path.join("kill.sqlite").display());
        let store = Store::connect(&StoreOptions { url, max_connections: 2 }).await.unwrap();
        let pool = store.platform().pool_by_slug("main").await.unwrap().unwrap();
        let rows = store.pool(pool.id);
        let user = rows.user_by_identifier(user).await.unwrap().unwrap().user;
        let own = rows.credentials(user.id).await.unwrap();
        let factors = own.iter().filter(|one| one.kind.as_str() == "totp").count();
        let codes = own.iter().filter(|one| one.kind.as_str() == "recovery").count();
        let audited = rows.audit(1000, Some("factor-enrolled")).await.unwrap();
        let audited = audited.iter().filter(|row| row.user == Some(user.id)).count();
        let session = rows.sessions_of(user.id).await.unwrap();
        let bound = session
            .iter()
            .flat_map(|session| &session.events)
            .filter(|event| event.factor.as_str() == "totp");
        let bound = bound.count();
        store.close().await;
        (factors, codes, audited, bound)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// Killed in any case.
struct Server(Child);

impl Server {
    fn kill(&mut self) {
        // SIGKILL: nothing in the process can tidy up.
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn now() -> i64 {
    i64::try_from(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap()
}

/// A user signed in and the enrolment form filled in, ready to be sent.
async fn filled_in(place: &Place, user: &str) -> (Browser, Form) {
    let mut browser = Browser::new(place.origin(), place.address);
    let page = browser.get("/u").await;
    browser.log_in(&page, user, PASSWORD).await;
    let page = browser.get("/u/security").await;
    let page = browser.submit(page.form_of("#add-totp")).await;
    let secret: String = page.text("#totp-secret").split_whitespace().collect();
    let code = Authenticator { secret, codes: Vec::new() }.code_at(now());
    (browser, page.form_of("#enrol-submit").with("code", &code))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enrolment_that_is_killed_is_whole_or_was_never() {
    let place = Place::new();
    let users: Vec<String> = (0..=ROUNDS).map(|round| format!("user{round}")).collect();
    let declared = users.iter().fold(String::new(), |text, user| {
        text + &format!(
            "\n[[pool.user]]\nusername = \"{user}\"\nemail = \"{user}@example.test\"\nemail_verified = true\n\
             password = \"{PASSWORD}\"\n"
        )
    });
    let pool =
        format!("[[pool]]\nslug = \"main\"\nname = \"Main\"\norigin = \"{}\"\n{declared}", place.origin());
    std::fs::write(place.path.join("pools.toml"), pool).unwrap();
    place.run(&["migrate"]);
    place.run(&["apply", "pools.toml", "--yes"]);

    // How long the request takes when nobody kills anything; the moments of death are spread over it.
    let server = place.serve();
    let (mut browser, form) = filled_in(&place, "user0").await;
    let begun = Instant::now();
    let page = browser.post(&form).await;
    let usual = begun.elapsed();
    assert!(page.has_id("recovery-codes"), "{}", page.body);
    drop(server);
    assert_eq!(place.found("user0").await, (1, 10, 1, 1));

    let mut seen = (0, 0);
    for (round, user) in (1..=ROUNDS).zip(users.iter().skip(1)) {
        let mut server = place.serve();
        let (mut browser, form) = filled_in(&place, user).await;
        let request = tokio::spawn(async move { browser.post(&form).await });
        std::thread::sleep(usual * round / ROUNDS);
        server.kill();
        // The answer is lost with the process, or came just before.
        let _ = request.await;
        match place.found(user).await {
            (0, 0, 0, 0) => seen.0 += 1,
            (1, 10, 1, 1) => seen.1 += 1,
            torn => panic!("torn in round {round}: {torn:?}"),
        }
    }
    assert!(seen.0 > 0, "never killed before the commit: {seen:?}");
}
