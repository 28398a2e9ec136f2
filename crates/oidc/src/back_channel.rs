//! What an application sends to an endpoint of its own, such as the token endpoint: one typed request, so that every
//! endpoint authenticates applications in the same way.

use crate::{OAuthError, Parameters};
use vestibule_x509::PeerCertificate;
use zeroize::Zeroizing;

/// A request without a browser. Without `Debug`: secrets and tokens are among its parts.
pub struct BackChannelRequest {
    /// `POST`, for what is signed over the request (RFC 9449 §4.2).
    pub method: String,
    /// The URL of the endpoint without query, as relying parties know it.
    pub url: String,
    /// The headers that the protocol reads.
    pub headers: Headers,
    /// The body.
    pub form: Parameters,
    /// The certificate whose key the sender proved on its connection, if it showed one (RFC 8705 §2).
    pub certificate: Option<PeerCertificate>,
}

/// The headers that the protocol reads; all others are dropped. Without `Debug`: they carry secrets.
#[derive(Default)]
pub struct Headers {
    authorization: Vec<Zeroizing<String>>,
    dpop: Vec<Zeroizing<String>>,
}

impl Headers {
    /// Keeps what is read of a request's headers; names in any case.
    pub fn new<'a>(headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut kept = Self::default();
        for (name, value) in headers {
            if name.eq_ignore_ascii_case("authorization") {
                kept.authorization.push(Zeroizing::new(value.to_owned()));
            } else if name.eq_ignore_ascii_case("dpop") {
                kept.dpop.push(Zeroizing::new(value.to_owned()));
            }
        }
        kept
    }

    /// `Authorization` (RFC 9110 §11.6.2).
    ///
    /// # Errors
    /// `invalid_request` when there are two: a proxy in between may have read the other one.
    pub fn authorization(&self) -> Result<Option<&str>, OAuthError> {
        only(&self.authorization, "Authorization")
    }

    /// `DPoP` (RFC 9449 §4.1).
    ///
    /// # Errors
    /// `invalid_request` when there are two (RFC 9449 §4.3).
    pub fn dpop(&self) -> Result<Option<&str>, OAuthError> {
        only(&self.dpop, "DPoP")
    }
}

fn only<'a>(values: &'a [Zeroizing<String>], name: &str) -> Result<Option<&'a str>, OAuthError> {
    match values {
        [] => Ok(None),
        [value] => Ok(Some(value)),
        _ => Err(OAuthError::invalid_request(format!("the header {name} is repeated"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_header_counts_once() {
        let headers = Headers::new([("AUTHORIZATION", "Basic a"), ("cookie", "x"), ("dpop", "p")]);
        assert_eq!(headers.authorization(), Ok(Some("Basic a")));
        assert_eq!(headers.dpop(), Ok(Some("p")));
        assert_eq!(Headers::default().authorization(), Ok(None));
        let twice = Headers::new([("Authorization", "Basic a"), ("authorization", "Basic a")]);
        assert_eq!(twice.authorization().unwrap_err().hint(), "the header Authorization is repeated");
    }
}
