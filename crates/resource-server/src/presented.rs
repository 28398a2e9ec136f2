//! What a request brings along (RFC 6750 §2.1, RFC 9449 §7.1).

use axum::http::{HeaderMap, HeaderValue, header};

use crate::dpop::ProofFault;
use crate::refusal::{Reason, Scheme};

/// A token as it came. Tokens in queries and forms are not looked for (RFC 9700 §4.3.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Presented<'a> {
    pub(crate) scheme: Scheme,
    pub(crate) token: &'a str,
}

impl<'a> Presented<'a> {
    pub(crate) fn find(headers: &'a HeaderMap) -> Result<Self, Reason> {
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        let value = values.next().ok_or(Reason::NoToken)?;
        if values.next().is_some() {
            return Err(Reason::Malformed("there is more than one Authorization header"));
        }
        let malformed = || Reason::Malformed("expected an access token in the Authorization header");
        let value = value.to_str().map_err(|_| malformed())?;
        let (name, token) = value.split_once(' ').unwrap_or((value, ""));
        let scheme = if name.eq_ignore_ascii_case("Bearer") {
            Scheme::Bearer
        } else if name.eq_ignore_ascii_case("DPoP") {
            Scheme::Dpop
        } else {
            // Another scheme is for somebody else: there is no token.
            return Err(Reason::NoToken);
        };
        let token = token.trim_matches(' ');
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if token.is_empty() || !token.bytes().all(fits) {
            return Err(malformed());
        }
        Ok(Self { scheme, token })
    }
}

/// The one proof of a request (RFC 9449 §4.3 point 1).
pub(crate) fn proof(headers: &HeaderMap) -> Result<&str, ProofFault> {
    let mut values = headers.get_all("dpop").iter();
    match (values.next().map(HeaderValue::to_str), values.next()) {
        (Some(Ok(proof)), None) => Ok(proof),
        _ => Err(ProofFault::Header),
    }
}
