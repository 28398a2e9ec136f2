//! The workloads, and the floor of each: the same requests, signatures and durable commits with nothing around them.

use crate::{http::Http, measure::Worker, site};
use anyhow::{Context as _, ensure};
use serde::Serialize;
use std::net::SocketAddr;

/// A kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Work {
    /// b.
    Login,
    /// b′: as b, where a hash costs nothing.
    LoginBesideHash,
    /// c.
    Silent,
    /// d.
    Refresh,
    /// e.
    Userinfo,
    /// f.
    Jwks,
    /// f.
    Discovery,
    /// f.
    NotModified,
    /// j.
    StepUp,
}

/// One request to the floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// An empty handler.
    Hello,
    /// A form, a digest, JSON; so many durable commits one after the other; so many signatures.
    Work { commit: u8, sign: u8 },
    /// One ES256 verification and JSON.
    Verify,
    /// One password hash.
    Hash,
}

/// An empty handler.
pub(crate) const HELLO: &[Call] = &[Call::Hello];
/// Form, digest, one signature, JSON.
pub(crate) const SIGN: &[Call] = &[Call::Work { commit: 0, sign: 1 }];
/// The same and one durable row.
pub(crate) const COMMIT: &[Call] = &[Call::Work { commit: 1, sign: 1 }];

/// A request that commits once, and one that does so twice.
const ONCE: Call = Call::Work { commit: 1, sign: 0 };
const TWICE: Call = Call::Work { commit: 2, sign: 0 };
/// What the token endpoint cannot avoid: one commit, the access token and the ID token.
const TOKENS: Call = Call::Work { commit: 1, sign: 2 };

impl Work {
    /// All, in the order in which they are told.
    pub(crate) const ALL: [Self; 9] = [
        Self::Login,
        Self::LoginBesideHash,
        Self::Silent,
        Self::Refresh,
        Self::Userinfo,
        Self::Jwks,
        Self::Discovery,
        Self::NotModified,
        Self::StepUp,
    ];

    /// Its letter.
    pub(crate) const fn letter(self) -> char {
        match self {
            Self::Login | Self::LoginBesideHash => 'b',
            Self::Silent => 'c',
            Self::Refresh => 'd',
            Self::Userinfo => 'e',
            Self::Jwks | Self::Discovery | Self::NotModified => 'f',
            Self::StepUp => 'j',
        }
    }

    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Login => "b: sign-in with password and TOTP, then tokens",
            Self::LoginBesideHash => "b′: the same where a hash costs nothing",
            Self::Silent => "c: `prompt=none`, then tokens",
            Self::Refresh => "d: refresh with rotation",
            Self::Userinfo => "e: userinfo with a JWT",
            Self::Jwks => "f: JWKS",
            Self::Discovery => "f: discovery",
            Self::NotModified => "f: JWKS, `If-None-Match`",
            Self::StepUp => "j: step-up with TOTP, then tokens",
        }
    }

    /// The requests to the floor that one operation is compared with.
    pub(crate) const fn floor(self) -> &'static [Call] {
        match self {
            Self::Login => &[Call::Hash],
            Self::LoginBesideHash => &[Call::Hello, Call::Hello, TWICE, Call::Hello, ONCE, TOKENS],
            Self::Silent => &[ONCE, TOKENS],
            Self::Refresh => &[TOKENS],
            Self::Userinfo => &[Call::Verify],
            Self::Jwks | Self::Discovery | Self::NotModified => HELLO,
            Self::StepUp => &[ONCE, Call::Hello, ONCE, TOKENS],
        }
    }

    /// The floor in words.
    pub(crate) const fn floor_name(self) -> &'static str {
        match self {
            Self::Login => "one argon2id hash, 19 MiB, 2 passes",
            Self::LoginBesideHash => "6 requests, 2 signatures, 4 commits",
            Self::Silent => "2 requests, 2 signatures, 2 commits",
            Self::Refresh => "1 request, 2 signatures, 1 commit",
            Self::Userinfo => "1 request, 1 verification",
            Self::Jwks | Self::Discovery | Self::NotModified => "empty handler",
            Self::StepUp => "4 requests, 2 signatures, 3 commits",
        }
    }

    /// Connections at once. Hashes queue behind as many permits as there are cores.
    pub(crate) const fn connections(self) -> usize {
        match self {
            Self::Login => 6,
            _ => 16,
        }
    }

    /// Operations in one round at the most: a code of an authenticator is good once.
    pub(crate) const fn most(self) -> u64 {
        match self {
            Self::Login => 150,
            Self::LoginBesideHash | Self::StepUp => 500,
            _ => u64::MAX,
        }
    }
}

/// Somebody who uses the floor.
pub(crate) struct FloorVisitor {
    http: Http,
    calls: &'static [Call],
    basic: String,
    form: String,
}

impl FloorVisitor {
    /// A visitor whose one operation is these requests.
    pub(crate) fn new(address: SocketAddr, calls: &'static [Call]) -> Self {
        let form = site::encoded(&[
            ("grant_type", "authorization_code"),
            ("code", "0123456789012345678901234567890123456789012"),
            ("redirect_uri", site::REDIRECT),
            ("code_verifier", "a-verifier-of-at-least-forty-three-characters-0"),
        ]);
        Self { http: Http::new(address, "floor.localhost".to_owned()), calls, basic: site::basic(), form }
    }

    async fn call(&mut self, call: Call) -> anyhow::Result<()> {
        let basic = [("authorization", self.basic.as_str())];
        match call {
            Call::Hello => {
                let answer = self.http.send("GET", "/hello", &[], None).await?.expect(200)?;
                ensure!(answer.body == "hello", "the floor answered {}", answer.body);
            }
            Call::Work { commit, sign } => {
                let path = format!("/work?commit={commit}&sign={sign}");
                let answer = self.http.send("POST", &path, &basic, Some(&self.form)).await?.expect(200)?;
                let answer: serde_json::Value = serde_json::from_str(&answer.body)?;
                let tokens = answer.get("tokens").and_then(|tokens| tokens.as_array()).map(Vec::len);
                ensure!(tokens == Some(usize::from(sign)), "the floor signed {tokens:?}");
            }
            Call::Verify => {
                self.http.send("GET", "/verify", &[], None).await?.expect(200)?;
            }
            Call::Hash => {
                self.http.send("POST", "/hash", &[], Some(site::PASSWORD)).await?.expect(200)?;
            }
        }
        Ok(())
    }
}

impl Worker for FloorVisitor {
    async fn operation(&mut self) -> anyhow::Result<()> {
        for call in self.calls {
            self.call(*call).await.context("the floor")?;
        }
        Ok(())
    }
}
