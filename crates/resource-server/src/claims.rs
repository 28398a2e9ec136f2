//! What an access token says (RFC 9068 §2.2), and whether it is for this API now (§4).

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use vestibule_jose::{Alg, Expect, ForeignKeys, TimeError, Times, Typ, VerifyError, verify_foreign};

/// Claims that only ID tokens, logout tokens and security events have: with `typ` `JWT` nothing else tells them apart.
const OF_OTHER_TOKENS: [&str; 6] = ["nonce", "at_hash", "c_hash", "s_hash", "events", "toe"];

/// Why a token is refused. No variant holds any of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenFault {
    /// It is not a JWT of the right type, signed with a key of the issuer.
    #[error("the token does not verify")]
    Jws(#[source] VerifyError),
    /// It has expired, or is not valid yet.
    #[error("the token is not valid now")]
    Times(#[source] TimeError),
    /// `iss` is another one.
    #[error("the token is of another issuer")]
    Issuer,
    /// `aud` does not name this API.
    #[error("the token is for another audience")]
    Audience,
    /// An ID token or a logout token.
    #[error("the token is not an access token")]
    NotAccess,
    /// A claim is missing or has another JSON type than RFC 9068 §2.2 says.
    #[error("the claim {0} is missing or of the wrong type")]
    Claim(&'static str),
    /// It is bound to a key (`cnf.jkt`) and was sent as a bearer token (RFC 9449 §7.2).
    #[error("the token is bound to a key and was sent without a proof")]
    Bound,
    /// It was sent with a proof and is bound to no key.
    #[error("the token is bound to no key and was sent with a proof")]
    NotBound,
    /// It is bound to a client's certificate (RFC 8705 §3), and the request came with none or with another one.
    #[error("the token is bound to a certificate that the connection did not show")]
    OtherCertificate,
    /// It is bound in a way that cannot be checked here.
    #[error("the token is bound in a way that is not supported")]
    OtherBinding,
    /// The proof is of another key than the one the token is bound to.
    #[error("the proof is of another key than the token's")]
    OtherKey,
}

/// What a verified token says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Claims {
    /// Whom it is about: a user, or the application itself.
    pub sub: String,
    /// The application that got it.
    pub client_id: String,
    /// What it permits.
    pub scopes: BTreeSet<String>,
    /// The authentication context class that was reached (OpenID Connect Core 1.0 §2).
    pub acr: Option<String>,
    /// The methods that were used (RFC 8176).
    pub amr: Vec<String>,
    /// When the user signed in. Seconds since 1970.
    pub auth_time: Option<i64>,
    /// Names of groups (RFC 9068 §2.2.3.1). Groups that are no texts are in `other`.
    pub groups: Vec<String>,
    /// For whom it is, this API among them.
    pub audience: Vec<String>,
    /// Who acts for `sub`, where it is not `sub` who calls (RFC 8693 §4.1).
    pub actor: Option<Actor>,
    /// When it ends. Seconds since 1970.
    pub expires_at: i64,
    /// Every other claim, `jti` and `cnf` included.
    pub other: Map<String, Value>,
}

/// Who acts for the subject of a token (RFC 8693 §4.1). What is permitted depends on it and on the subject alone; those who
/// acted before are told for the record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Actor {
    /// Whoever acts: an application, or a user.
    pub sub: String,
    /// The application that acts, where it is said. Vestibule says it of every actor: where it equals `sub`, no user acts.
    pub client_id: Option<String>,
    /// Who names it, where that is not the issuer of the token.
    pub issuer: Option<String>,
    /// Who acted before.
    pub before: Option<Box<Self>>,
}

impl Actor {
    /// Everybody of the chain, whoever acts now first.
    pub fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |actor| actor.before.as_deref())
    }
}

/// The longest chain of actors that is read.
const MOST_ACTORS: usize = 16;

/// What a token must be.
pub(crate) struct TokenRules {
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) algs: Vec<Alg>,
    /// Whether `typ` may be `JWT` or missing.
    pub(crate) plain_jwt: bool,
    /// Seconds.
    pub(crate) leeway: i64,
}

impl TokenRules {
    /// RFC 9068 §4. [`VerifyError::UnknownKey`] may be cured by newer keys.
    pub(crate) fn verify(&self, keys: &ForeignKeys, token: &str, now: i64) -> Result<Claims, TokenFault> {
        let typ = if self.plain_jwt { Typ::PlainOr(&["at+jwt"]) } else { Typ::Only("at+jwt") };
        let expect = Expect { typ, algs: &self.algs };
        let claims: Map<String, Value> =
            verify_foreign(keys, token, &expect).map_err(TokenFault::Jws)?.claims;
        self.read(claims, now)
    }

    fn read(&self, mut claims: Map<String, Value>, now: i64) -> Result<Claims, TokenFault> {
        let dates = ["exp", "nbf", "iat"].into_iter();
        let dates: Map<String, Value> = dates.filter_map(|name| claims.remove_entry(name)).collect();
        let times: Times =
            serde_json::from_value(Value::Object(dates)).map_err(|_| TokenFault::Claim("exp, nbf or iat"))?;
        let issuer = required(&mut claims, "iss")?;
        let audience = audience(&mut claims)?;
        if issuer != self.issuer {
            return Err(TokenFault::Issuer);
        }
        if !audience.contains(&self.audience) {
            return Err(TokenFault::Audience);
        }
        if self.plain_jwt && OF_OTHER_TOKENS.iter().any(|name| claims.contains_key(*name)) {
            return Err(TokenFault::NotAccess);
        }
        times.check(now, self.leeway).map_err(TokenFault::Times)?;
        Ok(Claims {
            sub: required(&mut claims, "sub")?,
            client_id: required(&mut claims, "client_id")?,
            scopes: scopes(&mut claims)?,
            acr: text(&mut claims, "acr")?,
            amr: claims
                .remove("amr")
                .map_or(Some(Vec::new()), |amr| texts(&amr))
                .ok_or(TokenFault::Claim("amr"))?,
            auth_time: auth_time(&mut claims)?,
            groups: groups(&mut claims),
            actor: actor(claims.remove("act"))?,
            audience,
            expires_at: times.exp.unwrap_or(i64::MIN),
            other: claims,
        })
    }
}

impl Claims {
    /// What the token is bound to.
    pub(crate) fn binding(&self) -> Result<Binding<'_>, TokenFault> {
        let only = match self.other.get("cnf") {
            None => return Ok(Binding::None),
            Some(Value::Object(cnf)) if cnf.len() == 1 => cnf.iter().next(),
            Some(_) => None,
        };
        match only {
            Some((name, Value::String(thumbprint))) if name == "jkt" => Ok(Binding::Key(thumbprint)),
            Some((name, Value::String(thumbprint))) if name == "x5t#S256" => {
                Ok(Binding::Certificate(thumbprint))
            }
            _ => Err(TokenFault::OtherBinding),
        }
    }
}

/// What a token is bound to, by thumbprint.
#[derive(Clone, Copy)]
pub(crate) enum Binding<'a> {
    /// Nothing: whoever has it can use it.
    None,
    /// A key (RFC 9449 §6.1).
    Key(&'a str),
    /// A certificate (RFC 8705 §3.1).
    Certificate(&'a str),
}

fn text(claims: &mut Map<String, Value>, name: &'static str) -> Result<Option<String>, TokenFault> {
    match claims.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(TokenFault::Claim(name)),
    }
}

fn required(claims: &mut Map<String, Value>, name: &'static str) -> Result<String, TokenFault> {
    text(claims, name)?.filter(|text| !text.is_empty()).ok_or(TokenFault::Claim(name))
}

/// A list of texts and nothing else.
fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|one| one.as_str().map(str::to_owned)).collect()
}

/// One text or a list (RFC 7519 §4.1.3).
fn audience(claims: &mut Map<String, Value>) -> Result<Vec<String>, TokenFault> {
    match claims.remove("aud") {
        Some(Value::String(one)) => Ok(vec![one]),
        Some(list) => texts(&list).ok_or(TokenFault::Claim("aud")),
        None => Err(TokenFault::Claim("aud")),
    }
}

/// RFC 8693 §4.2: separated by spaces.
fn scopes(claims: &mut Map<String, Value>) -> Result<BTreeSet<String>, TokenFault> {
    let scope = text(claims, "scope")?.unwrap_or_default();
    Ok(scope.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect())
}

#[expect(clippy::cast_possible_truncation, reason = "a NumericDate may have a fraction, which is cut off")]
fn auth_time(claims: &mut Map<String, Value>) -> Result<Option<i64>, TokenFault> {
    match claims.remove("auth_time") {
        None | Some(Value::Null) => Ok(None),
        Some(time) => {
            let seconds = time.as_i64().or_else(|| time.as_f64().map(|time| time.floor() as i64));
            seconds.map(Some).ok_or(TokenFault::Claim("auth_time"))
        }
    }
}

/// A chain that cannot be read is none that anybody could rely on: the token is refused, not taken as that of its subject.
fn actor(act: Option<Value>) -> Result<Option<Actor>, TokenFault> {
    let fault = TokenFault::Claim("act");
    let mut chain = Vec::new();
    let mut next = act;
    while let Some(act) = next {
        let Value::Object(mut act) = act else { return Err(fault) };
        if chain.len() == MOST_ACTORS {
            return Err(fault);
        }
        next = act.remove("act");
        let mut name = |name| match act.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(fault),
        };
        let (sub, client_id, issuer) = (name("sub")?, name("client_id")?, name("iss")?);
        let sub = sub.filter(|sub| !sub.is_empty()).ok_or(fault)?;
        chain.push(Actor { sub, client_id, issuer, before: None });
    }
    let joined = chain.into_iter().rev();
    Ok(joined.fold(None, |before, actor| Some(Actor { before: before.map(Box::new), ..actor })))
}

fn groups(claims: &mut Map<String, Value>) -> Vec<String> {
    let Some(names) = claims.get("groups").and_then(texts) else { return Vec::new() };
    claims.remove("groups");
    names
}
