//! Bearer tokens at a protected resource (RFC 6750), and asking for a stronger sign-in there (RFC 9470).

use crate::OAuthError;

/// How a token is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Whoever has it may use it (RFC 6750).
    Bearer,
    /// Together with a proof of the key that it is bound to (RFC 9449 §7.1).
    Dpop,
}

/// A token as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential<'a> {
    /// The token.
    pub token: &'a str,
    /// How it is presented.
    pub scheme: Scheme,
}

/// The token of a request: in its `Authorization` header (RFC 6750 §2.1) or in a form (§2.2), and `None` where it is in
/// neither. Tokens in queries are not looked for (RFC 9700 §4.3.2).
///
/// # Errors
/// `invalid_request` when it is in both (RFC 6750 §2), or the header is not one of a token.
pub fn presented<'a>(
    authorization: Option<&'a str>,
    in_form: Option<&'a str>,
) -> Result<Option<Credential<'a>>, OAuthError> {
    match (token(authorization)?, in_form) {
        (Some(_), Some(_)) => Err(OAuthError::invalid_request("the access token is sent twice")),
        (in_header, in_form) => {
            Ok(in_header.or(in_form.map(|token| Credential { token, scheme: Scheme::Bearer })))
        }
    }
}

/// The token in an `Authorization` header; `None` when there is no such header.
///
/// # Errors
/// `invalid_request` when the header is of another scheme or not a token (RFC 6750 §2.1, RFC 9449 §7.1).
pub fn token(authorization: Option<&str>) -> Result<Option<Credential<'_>>, OAuthError> {
    let Some(header) = authorization else { return Ok(None) };
    let malformed = || OAuthError::invalid_request("expected Authorization: Bearer TOKEN, or DPoP TOKEN");
    let (scheme, token) = header.split_once(' ').ok_or_else(malformed)?;
    let scheme = match scheme {
        name if name.eq_ignore_ascii_case("bearer") => Scheme::Bearer,
        name if name.eq_ignore_ascii_case("dpop") => Scheme::Dpop,
        _ => return Err(malformed()),
    };
    let token = token.trim_matches(' ');
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.is_empty() || !token.bytes().all(fits) {
        return Err(malformed());
    }
    Ok(Some(Credential { token, scheme }))
}

/// What a stronger sign-in would have to reach (RFC 9470 §3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepUp {
    /// Classes that would do, best first.
    pub acr_values: Vec<String>,
    /// The greatest age of the sign-in, in seconds.
    pub max_age: Option<i64>,
}

/// The `WWW-Authenticate` header of a refusal. Without an error it is the plain challenge for a request that had no
/// token (RFC 6750 §3). `scope` is what the resource needs; `step_up` goes with `insufficient_user_authentication`.
pub fn challenge(error: Option<&OAuthError>, scope: Option<&str>, step_up: Option<&StepUp>) -> String {
    let mut pairs: Vec<(&str, String)> = vec![("realm", "vestibule".to_owned())];
    if let Some(error) = error {
        pairs.push(("error", error.code.as_str().to_owned()));
        pairs.push(("error_description", error.hint().to_owned()));
    }
    if let Some(scope) = scope {
        pairs.push(("scope", scope.to_owned()));
    }
    if let Some(step_up) = step_up {
        if !step_up.acr_values.is_empty() {
            pairs.push(("acr_values", step_up.acr_values.join(" ")));
        }
        pairs.extend(step_up.max_age.map(|age| ("max_age", age.to_string())));
    }
    let quoted: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}=\"{}\"", quotable(value))).collect();
    format!("Bearer {}", quoted.join(", "))
}

/// Keeps a value inside its quotes: aliases of `acr` are the tenant's own texts.
fn quotable(value: &str) -> String {
    value.chars().filter(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn reads_one_token_or_refuses() {
        assert_eq!(token(None), Ok(None));
        for (good, scheme) in [
            ("Bearer abc.DEF-_~+/=", Scheme::Bearer),
            ("bearer abc.DEF-_~+/=", Scheme::Bearer),
            ("BEARER   abc.DEF-_~+/= ", Scheme::Bearer),
            ("DPoP abc.DEF-_~+/=", Scheme::Dpop),
            ("dpop abc.DEF-_~+/=", Scheme::Dpop),
        ] {
            let read = Credential { token: "abc.DEF-_~+/=", scheme };
            assert_eq!(token(Some(good)), Ok(Some(read)), "{good}");
        }
        for bad in
            ["", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearer a,b", "Bearer \"a\"", "Bearer é"]
        {
            assert!(token(Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn challenges_read_as_the_specifications_say() {
        assert_eq!(challenge(None, None, None), r#"Bearer realm="vestibule""#);
        let error =
            OAuthError::new(ErrorCode::InsufficientUserAuthentication, "a stronger sign-in is needed");
        let step_up =
            StepUp { acr_values: vec!["phr".to_owned(), "a\"b\\\n".to_owned()], max_age: Some(300) };
        assert_eq!(
            challenge(Some(&error), Some("openid"), Some(&step_up)),
            "Bearer realm=\"vestibule\", error=\"insufficient_user_authentication\", \
             error_description=\"a stronger sign-in is needed\", scope=\"openid\", acr_values=\"phr ab\", max_age=\"300\""
        );
    }
}
