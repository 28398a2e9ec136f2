//! The attackers: each kind has an address of its own, and sends what a stranger can send.

use crate::{
    browser::{Browser, encoded, hidden_fields},
    http::{Http, connect},
    site,
};
use anyhow::bail;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};

/// Where mails of strangers go; nobody reads them.
pub(super) const FLOODED: &str = "flood.example";
/// The form that asks for a mail to register.
const REGISTER: &str = "/login/register";
/// Requests at once of one kind of attack, at most: an eighth of them.
const AT_ONCE: u64 = 64;
/// For how long a connection is held before the next one is opened in its place.
const HELD: Duration = Duration::from_secs(5);
/// How often it is tried to read the mail with the attacker's own link.
const LOOKS: u32 = 600;

/// What came back.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Told {
    /// How often each status.
    pub(super) answers: BTreeMap<u16, u64>,
    /// Requests without an answer: the server closed the connection.
    pub(super) cut_off: u64,
}

/// What came back, by kind of attack.
pub(super) type Tally = Arc<Mutex<BTreeMap<&'static str, Told>>>;

/// What an attacker sends.
#[derive(Clone, Copy)]
enum Weapon {
    /// Passwords for names that nobody has.
    SignIns,
    /// Mails to register, each to another mailbox.
    Registrations,
    /// Mails to reset the passwords of those who sign in meanwhile.
    Resets,
    /// Passwords whose strength is hard to estimate, all with one link.
    DearPasswords,
    /// Authorization requests of nobody, each another.
    Requests,
    /// The same of somebody who is signed in. The codes are not redeemed.
    SignedIn,
    /// The same of somebody whose second factor is missing. It is never given.
    HalfWay,
}

impl Weapon {
    const fn name(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::Registrations => "registrations",
            Self::Resets => "password resets",
            Self::DearPasswords => "dear passwords",
            Self::Requests => "authorization requests",
            Self::SignedIn => "authorization requests, signed in",
            Self::HalfWay => "authorization requests, half signed in",
        }
    }

    /// Where it comes from.
    const fn from(self) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(
            127,
            0,
            1,
            match self {
                Self::SignIns => 1,
                Self::Registrations => 2,
                Self::Resets => 3,
                Self::DearPasswords => 4,
                Self::Requests => 5,
                Self::SignedIn => 6,
                Self::HalfWay => 7,
            },
        ))
    }

    /// The path of its form.
    const fn form(self) -> Option<&'static str> {
        match self {
            Self::SignIns => Some("/login"),
            Self::Registrations => Some(REGISTER),
            Self::Resets => Some("/login/reset"),
            Self::DearPasswords => Some("/login/register/complete"),
            Self::Requests | Self::SignedIn | Self::HalfWay => None,
        }
    }
}

/// One browser of an attacker.
struct Attacker {
    weapon: Weapon,
    browser: Browser,
    hidden: Vec<(String, String)>,
}

impl Attacker {
    /// One who has opened the page with the form, where there is one.
    async fn ready(
        weapon: Weapon,
        server: SocketAddr,
        page: Option<&str>,
        cookies: BTreeMap<String, String>,
    ) -> anyhow::Result<Self> {
        let http = Http::new(server, site::HOST.to_owned()).from(weapon.from());
        let mut browser = Browser { cookies, ..Browser::new(http) };
        let hidden = match page {
            None => Vec::new(),
            Some(page) => {
                let shown = browser.send("GET", page, None).await?.expect(200)?;
                hidden_fields(&shown.body, page.split('?').next().unwrap_or_default())?
            }
        };
        Ok(Self { weapon, browser, hidden })
    }

    /// The same with a connection of its own.
    fn again(&self) -> Self {
        let browser = Browser { http: self.browser.http.again(), cookies: self.browser.cookies.clone() };
        Self { weapon: self.weapon, browser, hidden: self.hidden.clone() }
    }

    /// Sends one request, which differs from the others by its number.
    async fn strike(&mut self, number: u64) -> anyhow::Result<u16> {
        let mut form = self.hidden.clone();
        let mut type_in = |name: &str, value: String| form.push((name.to_owned(), value));
        match self.weapon {
            Weapon::SignIns => {
                type_in("username", format!("nobody{number}"));
                type_in("password", format!("guess {number}"));
            }
            Weapon::Registrations => type_in("email", format!("somebody{number}@{FLOODED}")),
            Weapon::Resets => type_in("identifier", format!("strong{}", number % 20)),
            Weapon::DearPasswords => {
                // Every letter could stand for another one, so an estimate has many ways to read it.
                type_in("username", format!("attacker{number}"));
                type_in("password", "@4$5!1|7+0(<3€".chars().cycle().take(100).collect());
            }
            Weapon::Requests | Weapon::SignedIn | Weapon::HalfWay => {}
        }
        let answer = match self.weapon.form() {
            Some(path) => self.browser.send("POST", path, Some(&encoded(&form))).await?,
            None => self.browser.send("GET", &request(number), None).await?,
        };
        // A form is answered by a redirect to the page that says what became of it.
        match answer.header("location").filter(|to| to.contains("said=")).map(str::to_owned) {
            Some(to) => Ok(self.browser.send("GET", &to, None).await?.status),
            None => Ok(answer.status),
        }
    }
}

/// An authorization request that differs from others in everything that may differ.
fn request(number: u64) -> String {
    let (state, claims) = (format!("s{number}"), format!("{{\"userinfo\":{{\"n{number}\":null}}}}"));
    let challenge = site::challenge(&format!("a-verifier-of-at-least-forty-three-characters-{number}"));
    let pairs = [
        ("client_id", site::CLIENT),
        ("redirect_uri", site::REDIRECT),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", &state),
        ("claims", &claims),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    format!("/oidc/auth?{}", site::encoded(&pairs))
}

/// How hard to attack.
#[derive(Clone, Copy)]
pub(super) struct Force {
    /// Connections of each kind.
    pub(super) connections: u16,
    /// Sign-ins, registrations and resets: so many of each.
    pub(super) sign_ins: u64,
    /// Authorization requests in all.
    pub(super) requests: u64,
}

/// What attackers have.
pub(super) struct Means<'a> {
    /// Where the server listens.
    pub(super) server: SocketAddr,
    /// Cookies of somebody who is signed in.
    pub(super) signed_in: BTreeMap<String, String>,
    /// Cookies of somebody whose second factor is missing.
    pub(super) half_way: BTreeMap<String, String>,
    /// Where the attackers' own mail arrives.
    pub(super) mails: &'a Path,
}

/// Attacks under way.
pub(super) struct Attacks {
    tally: Tally,
    floods: JoinSet<anyhow::Result<()>>,
    held: JoinSet<()>,
}

impl Attacks {
    /// Prepares all attacks, begins them at once, and returns when each has had an answer.
    pub(super) async fn begin(means: &Means<'_>, force: Force) -> anyhow::Result<Self> {
        let link = own_link(means).await?;
        let of_each = [
            (Weapon::SignIns, force.sign_ins),
            (Weapon::Registrations, force.sign_ins),
            (Weapon::Resets, force.sign_ins),
            (Weapon::DearPasswords, force.sign_ins),
            (Weapon::Requests, force.requests / 2),
            (Weapon::SignedIn, force.requests / 4),
            (Weapon::HalfWay, force.requests / 4),
        ];
        let mut prepared = Vec::new();
        for (weapon, count) in of_each {
            let page =
                if matches!(weapon, Weapon::DearPasswords) { Some(link.as_str()) } else { weapon.form() };
            let cookies = match weapon {
                Weapon::SignedIn => means.signed_in.clone(),
                Weapon::HalfWay => means.half_way.clone(),
                _ => BTreeMap::new(),
            };
            prepared.push((Attacker::ready(weapon, means.server, page, cookies).await?, count));
        }
        let mut attacks = Self { tally: Tally::default(), floods: JoinSet::new(), held: JoinSet::new() };
        let kinds = prepared.len();
        for (attacker, count) in prepared {
            attacks.flood(&attacker, count);
        }
        for number in 0..force.connections {
            for silence in [Silence::Nothing, Silence::HalfAHead, Silence::NeverReads] {
                attacks.held.spawn(hold(means.server, silence, number));
            }
        }
        while attacks.told().len() < kinds {
            if let Some(ended) = attacks.floods.try_join_next() {
                ended??;
            }
            sleep(Duration::from_millis(10)).await;
        }
        Ok(attacks)
    }

    fn flood(&mut self, attacker: &Attacker, count: u64) {
        let begun = Arc::new(AtomicU64::new(0));
        for _ in 0..(count / 8).clamp(1, AT_ONCE) {
            let (mut attacker, begun, tally) =
                (attacker.again(), Arc::clone(&begun), Arc::clone(&self.tally));
            self.floods.spawn(async move {
                loop {
                    let number = begun.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return Ok(());
                    }
                    let status = attacker.strike(number).await;
                    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                    let told = tally.entry(attacker.weapon.name()).or_default();
                    match status {
                        Ok(status) => *told.answers.entry(status).or_default() += 1,
                        Err(_) => told.cut_off += 1,
                    }
                }
            });
        }
    }

    /// Whether all that was to be sent is answered.
    pub(super) fn is_over(&mut self) -> anyhow::Result<bool> {
        while let Some(ended) = self.floods.try_join_next() {
            ended??;
        }
        Ok(self.floods.is_empty())
    }

    /// What came back so far.
    pub(super) fn told(&self) -> BTreeMap<&'static str, Told> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What is wrong with a connection.
#[derive(Clone, Copy)]
enum Silence {
    /// Nothing is sent.
    Nothing,
    /// A request does not end.
    HalfAHead,
    /// Requests without end, and no answer is read.
    NeverReads,
}

/// Opens a connection, leaves it when it was held for long enough or the server closed it, and opens the next one.
async fn hold(server: SocketAddr, silence: Silence, number: u16) {
    let last = match silence {
        Silence::Nothing => 11,
        Silence::HalfAHead => 12,
        Silence::NeverReads => 13,
    };
    loop {
        if let Ok(mut stream) = connect(server, Some(IpAddr::V4(Ipv4Addr::new(127, 0, 1, last)))).await {
            // Either end is as good: the connection is over.
            let _ = timeout(HELD, misuse(&mut stream, silence)).await;
        }
        // Not all of them at once.
        sleep(Duration::from_millis(50 + u64::from(number % 50))).await;
    }
}

async fn misuse(stream: &mut TcpStream, silence: Silence) -> std::io::Result<()> {
    let page = format!("GET /login HTTP/1.1\r\nhost: {}\r\n\r\n", site::HOST);
    match silence {
        Silence::Nothing => {}
        Silence::HalfAHead => {
            stream.write_all(page.get(..page.len() - 2).unwrap_or_default().as_bytes()).await?
        }
        Silence::NeverReads => loop {
            stream.write_all(page.as_bytes()).await?;
        },
    }
    let mut nothing = [0_u8; 64];
    while stream.read(&mut nothing).await? > 0 {}
    Ok(())
}

/// Registers up to the mail, and gives the path of the link in it.
async fn own_link(means: &Means<'_>) -> anyhow::Result<String> {
    let own = format!("attacker@{FLOODED}");
    let none = BTreeMap::new();
    let mut attacker = Attacker::ready(Weapon::DearPasswords, means.server, Some(REGISTER), none).await?;
    let mut form = attacker.hidden.clone();
    form.push(("email".to_owned(), own.clone()));
    attacker.browser.send("POST", REGISTER, Some(&encoded(&form))).await?;
    for _ in 0..LOOKS {
        let files = std::fs::read_dir(means.mails).into_iter().flatten().flatten();
        for mail in files.filter_map(|file| std::fs::read_to_string(file.path()).ok()) {
            if mail.contains(&format!("To: {own}"))
                && let Some(path) = link_in(&mail)
            {
                return Ok(path);
            }
        }
        sleep(Duration::from_millis(50)).await;
    }
    bail!("the mail with the attacker's own link did not arrive")
}

/// A mail whose text may be quoted-printable (RFC 2045 §6.7), as far as links need it.
pub(super) fn plain(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=3D", "=")
}

/// The path of the first link of the pool in a mail.
fn link_in(mail: &str) -> Option<String> {
    let plain = plain(mail);
    let (_, rest) = plain.split_once(site::ORIGIN)?;
    Some(rest.split_whitespace().next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_found_in_both_forms_of_a_mail() {
        let quoted = format!("x\r\n{}/login/a?b=3Dc=\r\nd\r\ny", site::ORIGIN);
        assert_eq!(link_in(&quoted).unwrap(), "/login/a?b=cd");
        assert_eq!(link_in(&format!("{}/login/a?b=cd\r\n", site::ORIGIN)).unwrap(), "/login/a?b=cd");
        assert_eq!(link_in("nothing"), None);
    }

    #[test]
    fn requests_differ() {
        assert_ne!(request(1), request(2));
    }
}
