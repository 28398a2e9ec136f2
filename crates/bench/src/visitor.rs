//! A person's browser and the application it comes from, in one: what is measured, with every answer asserted.

use crate::{
    browser::{Browser, encoded, hidden_fields},
    http::{Answer, Http},
    measure::Worker,
    people::{People, Person},
    site::{self, Keys},
    workload::Work,
};
use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// The session's cookie at the port of the benchmark's pool.
pub(crate) const SESSION: &str = "vestibule-8080";

/// What all visitors of a server share.
pub(crate) struct World {
    /// Where the server listens.
    pub(crate) address: SocketAddr,
    people: Arc<People>,
    keys: Keys,
    basic: String,
    numbers: AtomicU64,
}

impl World {
    /// Gets to know a server: its keys are read once.
    pub(crate) async fn meet(address: SocketAddr, people: Arc<People>) -> anyhow::Result<Arc<Self>> {
        let mut http = Http::new(address, site::HOST.to_owned());
        let keys = http.send("GET", "/oidc/jwks", &[], None).await?.expect(200)?;
        let keys = Keys::read(&keys.body)?;
        Ok(Arc::new(Self { address, people, keys, basic: site::basic(), numbers: AtomicU64::new(0) }))
    }
}

/// What the token endpoint gave.
#[derive(Clone)]
struct Tokens {
    access: String,
    refresh: String,
    subject: String,
    acr: String,
}

/// One browser with one application, doing one kind of work.
pub(crate) struct Visitor {
    world: Arc<World>,
    work: Work,
    browser: Browser,
    tokens: Option<Tokens>,
    tag: Option<String>,
}

/// One request on its way through the provider.
struct Asked {
    state: String,
    nonce: String,
    verifier: String,
    path: String,
}

impl Visitor {
    /// Somebody ready for a kind of work: signed in, where that is what it begins with.
    pub(crate) async fn ready(world: &Arc<World>, work: Work) -> anyhow::Result<Self> {
        let http = Http::new(world.address, site::HOST.to_owned());
        Self::with(world, http, work).await
    }

    /// The same with a connection of its own.
    pub(crate) async fn with(world: &Arc<World>, http: Http, work: Work) -> anyhow::Result<Self> {
        let world = Arc::clone(world);
        let mut visitor = Self { world, work, browser: Browser::new(http), tokens: None, tag: None };
        if matches!(work, Work::Silent | Work::Refresh | Work::Userinfo) {
            let tokens = visitor.login().await?;
            visitor.tokens = Some(tokens);
        }
        Ok(visitor)
    }

    /// The cookies of its browser.
    pub(crate) const fn cookies(&self) -> &BTreeMap<String, String> {
        &self.browser.cookies
    }

    /// Does another kind of work from now on, with the session and the tokens that are there.
    pub(crate) const fn turns_to(&mut self, work: Work) {
        self.work = work;
    }

    fn ask(&self, extra: &[(&str, &str)]) -> Asked {
        let number = self.world.numbers.fetch_add(1, Ordering::Relaxed);
        let (state, nonce) = (format!("state-{number}"), format!("nonce-{number}"));
        let verifier = format!("a-verifier-of-at-least-forty-three-characters-{number}");
        let challenge = site::challenge(&verifier);
        let mut pairs = vec![
            ("client_id", site::CLIENT),
            ("redirect_uri", site::REDIRECT),
            ("response_type", "code"),
            ("scope", "openid profile email offline_access"),
            ("state", state.as_str()),
            ("nonce", nonce.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        pairs.extend_from_slice(extra);
        let path = format!("/oidc/auth?{}", site::encoded(&pairs));
        Asked { state, nonce, verifier, path }
    }

    /// A sign-in from nothing: six requests.
    async fn login(&mut self) -> anyhow::Result<Tokens> {
        self.browser.cookies.clear();
        let (person, code) = self.world.people.take().await?;
        let asked = self.ask(&[]);
        let to_login = self.browser.send("GET", &asked.path, None).await?.expect(303)?;
        let page = self.browser.send("GET", to_login.location()?, None).await?.expect(200)?;
        let mut form = hidden_fields(&page.body, "/login")?;
        form.push(("username".to_owned(), person.name.clone()));
        form.push(("password".to_owned(), site::PASSWORD.to_owned()));
        let to_factor = self.browser.send("POST", "/login", Some(&encoded(&form))).await?.expect(303)?;
        let tokens = self.second_factor(&to_factor, &code, &asked).await?;
        self.world.people.give(person);
        ensure!(tokens.acr == "urn:vestibule:acr:mfa", "acr is {} after two factors", tokens.acr);
        Ok(tokens)
    }

    /// The second factor and all that follows it: three requests.
    async fn second_factor(&mut self, from: &Answer, code: &str, asked: &Asked) -> anyhow::Result<Tokens> {
        let path = from.location()?;
        ensure!(path.starts_with("/login/factor?"), "not the page of the factor: {path}");
        let page = self.browser.send("GET", path, None).await?.expect(200)?;
        let mut form = hidden_fields(&page.body, "/login/factor")?;
        form.push(("code".to_owned(), code.to_owned()));
        let back = self.browser.send("POST", "/login/factor", Some(&encoded(&form))).await?.expect(303)?;
        let code = code_of(back.location()?, asked)?;
        self.exchange(&code, asked).await
    }

    /// A session that a password opened is raised: four requests.
    async fn step_up(&mut self) -> anyhow::Result<()> {
        let (mut person, code) = self.person_with_session().await?;
        let token = person.sessions.pop().context("no session")?;
        self.browser.cookies.clear();
        self.browser.cookies.insert(SESSION.to_owned(), token.clone());
        let asked = self.ask(&[("acr_values", "urn:vestibule:acr:mfa")]);
        let to_factor = self.browser.send("GET", &asked.path, None).await?.expect(303)?;
        let tokens = self.second_factor(&to_factor, &code, &asked).await?;
        self.world.people.give(person);
        ensure!(tokens.acr == "urn:vestibule:acr:mfa", "acr is {} after the step-up", tokens.acr);
        ensure!(self.browser.cookies.get(SESSION) != Some(&token), "the raised session kept its token");
        Ok(())
    }

    async fn person_with_session(&self) -> anyhow::Result<(Person, String)> {
        for _ in 0..100_000 {
            let (person, code) = self.world.people.take().await?;
            if !person.sessions.is_empty() {
                return Ok((person, code));
            }
        }
        bail!("nobody has a session to raise")
    }

    async fn silent(&mut self) -> anyhow::Result<()> {
        let asked = self.ask(&[("prompt", "none")]);
        let back = self.browser.send("GET", &asked.path, None).await?.expect(303)?;
        let code = code_of(back.location()?, &asked)?;
        self.tokens = Some(self.exchange(&code, &asked).await?);
        Ok(())
    }

    async fn exchange(&mut self, code: &str, asked: &Asked) -> anyhow::Result<Tokens> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", site::REDIRECT),
            ("code_verifier", &asked.verifier),
        ];
        self.tokens_for(&form, Some(&asked.nonce)).await
    }

    async fn tokens_for(&mut self, form: &[(&str, &str)], nonce: Option<&str>) -> anyhow::Result<Tokens> {
        let world = Arc::clone(&self.world);
        let headers = [("authorization", world.basic.as_str())];
        let answer =
            self.browser.http.send("POST", "/oidc/token", &headers, Some(&site::encoded(form))).await?;
        let body: Value = serde_json::from_str(&answer.expect(200)?.body)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let claims = world.keys.verified(&text("id_token").context("no id_token")?)?;
        let claim = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        ensure!(claim("nonce").as_deref() == nonce, "the nonce is another one");
        let audience = claims.get("aud").context("no audience")?;
        let is_ours = *audience == site::CLIENT || *audience == serde_json::json!([site::CLIENT]);
        ensure!(is_ours, "the audience is {audience}");
        Ok(Tokens {
            access: text("access_token").context("no access_token")?,
            refresh: text("refresh_token").context("no refresh_token")?,
            subject: claim("sub").context("no sub")?,
            acr: claim("acr").unwrap_or_default(),
        })
    }

    async fn refresh(&mut self) -> anyhow::Result<()> {
        let old = self.tokens.take().context("no tokens")?;
        let form = [("grant_type", "refresh_token"), ("refresh_token", old.refresh.as_str())];
        let new = self.tokens_for(&form, None).await?;
        ensure!(new.refresh != old.refresh, "the refresh token was not rotated");
        ensure!(new.access != old.access, "the access token is the old one");
        ensure!(new.subject == old.subject, "another subject");
        self.tokens = Some(new);
        Ok(())
    }

    /// Uses a refresh token twice: the second use must be refused, and must end the family.
    pub(crate) async fn replay_is_refused(&mut self) -> anyhow::Result<()> {
        let old = self.tokens.clone().context("no tokens")?;
        self.refresh().await?;
        for token in [old.refresh, self.tokens.take().context("no tokens")?.refresh] {
            let form = site::encoded(&[("grant_type", "refresh_token"), ("refresh_token", &token)]);
            let headers = [("authorization", self.world.basic.as_str())];
            let answer = self.browser.http.send("POST", "/oidc/token", &headers, Some(&form)).await?;
            let refused = answer.expect(400)?;
            ensure!(refused.body.contains("invalid_grant"), "a replay was answered {}", refused.body);
        }
        Ok(())
    }

    async fn userinfo(&mut self) -> anyhow::Result<()> {
        let tokens = self.tokens.as_ref().context("no tokens")?;
        let bearer = format!("Bearer {}", tokens.access);
        let answer = self.browser.http.send("GET", "/oidc/me", &[("authorization", &bearer)], None).await?;
        let claims: Value = serde_json::from_str(&answer.expect(200)?.body)?;
        ensure!(claims.get("sub").and_then(Value::as_str) == Some(&tokens.subject), "another subject");
        ensure!(claims.get("email").is_some(), "userinfo without the address");
        Ok(())
    }

    async fn document(&mut self, path: &str, holds: &str) -> anyhow::Result<()> {
        let answer = self.browser.http.send("GET", path, &[], None).await?.expect(200)?;
        ensure!(answer.body.contains(holds), "{path} has no {holds}");
        self.tag = answer.header("etag").map(str::to_owned);
        Ok(())
    }

    async fn not_modified(&mut self) -> anyhow::Result<()> {
        let Some(tag) = self.tag.clone() else { return self.document("/oidc/jwks", "\"keys\"").await };
        let headers = [("if-none-match", tag.as_str())];
        let answer = self.browser.http.send("GET", "/oidc/jwks", &headers, None).await?.expect(304)?;
        ensure!(answer.body.is_empty(), "304 with a body");
        Ok(())
    }
}

impl Worker for Visitor {
    async fn operation(&mut self) -> anyhow::Result<()> {
        match self.work {
            Work::SignIn | Work::SignInBesideHash => self.login().await.map(|_| ()),
            Work::Silent => self.silent().await,
            Work::Refresh => self.refresh().await,
            Work::Userinfo => self.userinfo().await,
            Work::Jwks => self.document("/oidc/jwks", "\"keys\"").await,
            Work::Discovery => {
                self.document("/oidc/.well-known/openid-configuration", "\"token_endpoint\"").await
            }
            Work::NotModified => self.not_modified().await,
            Work::StepUp => self.step_up().await,
        }
        .with_context(|| format!("workload {}", self.work.name()))
    }
}

/// The code of a redirect that answers this request.
fn code_of(location: &str, asked: &Asked) -> anyhow::Result<String> {
    ensure!(location.starts_with(site::REDIRECT), "not back at the application: {location}");
    let url = url::Url::parse(location)?;
    let find =
        |name: &str| url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    ensure!(find("state").as_deref() == Some(&asked.state), "the state is another one");
    ensure!(find("iss").as_deref() == Some(&format!("{}/oidc", site::ORIGIN)), "the issuer is another one");
    find("code").with_context(|| format!("no code: {location}"))
}
