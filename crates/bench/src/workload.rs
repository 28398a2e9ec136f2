//! The workloads, and the floor of each: the same requests, signatures and durable commits with nothing around them.

use crate::{http::Http, measure::Worker, site};
use anyhow::{Context as _, ensure};
use clap::ValueEnum;
use serde::Serialize;
use std::net::SocketAddr;

/// What can be asked for by itself. The letters are those of older reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Workload {
    /// With password and TOTP, then tokens.
    #[value(alias = "b")]
    SignIn,
    /// `prompt=none`, then tokens.
    #[value(alias = "c")]
    SilentSignIn,
    /// Refresh with rotation.
    #[value(alias = "d")]
    Refresh,
    /// Userinfo with a JWT.
    #[value(alias = "e")]
    Userinfo,
    /// Keys and discovery.
    #[value(alias = "f")]
    Documents,
    /// From starting the program to its first answer.
    #[value(alias = "i")]
    Starts,
    /// With TOTP, then tokens.
    #[value(alias = "j")]
    StepUp,
}

/// A kind of work, one row of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Work {
    /// Password and TOTP, then tokens.
    SignIn,
    /// The same where a hash costs nothing.
    SignInBesideHash,
    /// `prompt=none`, then tokens.
    Silent,
    /// Refresh with rotation.
    Refresh,
    /// Userinfo with a JWT.
    Userinfo,
    /// The key set.
    Jwks,
    /// The metadata.
    Discovery,
    /// The key set, for a client that has it.
    NotModified,
    /// TOTP on top of a session, then tokens.
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
        Self::SignIn,
        Self::SignInBesideHash,
        Self::Silent,
        Self::Refresh,
        Self::Userinfo,
        Self::Jwks,
        Self::Discovery,
        Self::NotModified,
        Self::StepUp,
    ];

    /// The workload that it is part of.
    pub(crate) const fn asked_as(self) -> Workload {
        match self {
            Self::SignIn | Self::SignInBesideHash => Workload::SignIn,
            Self::Silent => Workload::SilentSignIn,
            Self::Refresh => Workload::Refresh,
            Self::Userinfo => Workload::Userinfo,
            Self::Jwks | Self::Discovery | Self::NotModified => Workload::Documents,
            Self::StepUp => Workload::StepUp,
        }
    }

    /// Its name, with the letter that older reports call it by.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in with password and TOTP, then tokens (b)",
            Self::SignInBesideHash => "the same where a hash costs nothing (b′)",
            Self::Silent => "silent sign-in (`prompt=none`), then tokens (c)",
            Self::Refresh => "refresh with rotation (d)",
            Self::Userinfo => "userinfo with a JWT (e)",
            Self::Jwks => "JWKS (f)",
            Self::Discovery => "discovery (f)",
            Self::NotModified => "JWKS, `If-None-Match` (f)",
            Self::StepUp => "step-up with TOTP, then tokens (j)",
        }
    }

    /// The requests to the floor that one operation is compared with.
    pub(crate) const fn floor(self) -> &'static [Call] {
        match self {
            Self::SignIn => &[Call::Hash],
            Self::SignInBesideHash => &[Call::Hello, Call::Hello, TWICE, Call::Hello, ONCE, TOKENS],
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
            Self::SignIn => "one argon2id hash, 19 MiB, 2 passes",
            Self::SignInBesideHash => "6 requests, 2 signatures, 4 commits",
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
            Self::SignIn => 6,
            _ => 16,
        }
    }

    /// Operations in one round at most: a code of an authenticator is good once.
    pub(crate) const fn most(self) -> u64 {
        match self {
            Self::SignIn => 150,
            Self::SignInBesideHash | Self::StepUp => 500,
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
