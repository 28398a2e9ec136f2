//! The date claims of RFC 7519 section 4.1.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

/// `exp`, `nbf` and `iat`, each in seconds since 1970 (NumericDate). Flatten it into a claims type:
/// `#[serde(flatten)] times: Times`. Fractions, which NumericDate allows, are cut off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// The token is refused from this moment on.
    #[serde(default, deserialize_with = "numeric_date", skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// The token is refused before this moment.
    #[serde(default, deserialize_with = "numeric_date", skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// When the token was made.
    #[serde(default, deserialize_with = "numeric_date", skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
}

/// Why a token is not valid now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// No `exp`.
    #[error("the token does not expire: exp is missing")]
    NoExpiry,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` has not come.
    #[error("the token is not valid yet")]
    NotYet,
    /// `iat` lies in the future.
    #[error("the token was issued in the future")]
    IssuedInFuture,
}

impl Times {
    /// Checks the dates at `now`, in seconds since 1970, allowing clocks to differ by `leeway` seconds. `exp` is
    /// required; `nbf` and `iat` are checked where present. RFC 7519 sections 4.1.4 to 4.1.6.
    ///
    /// # Errors
    /// [`TimeError`], the first that applies.
    pub fn check(&self, now: i64, leeway: i64) -> Result<(), TimeError> {
        let exp = self.exp.ok_or(TimeError::NoExpiry)?;
        if now >= exp.saturating_add(leeway) {
            return Err(TimeError::Expired);
        }
        let latest = now.saturating_add(leeway);
        if self.nbf.is_some_and(|nbf| nbf > latest) {
            return Err(TimeError::NotYet);
        }
        if self.iat.is_some_and(|iat| iat > latest) {
            return Err(TimeError::IssuedInFuture);
        }
        Ok(())
    }
}

/// Reads an integer or a fraction; anything else, `null` included, is an error.
fn numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    struct Date;

    impl Visitor<'_> for Date {
        type Value = Option<i64>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("seconds since 1970")
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<Option<i64>, E> {
            Ok(Some(value))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<Option<i64>, E> {
            i64::try_from(value).map(Some).map_err(|_| E::custom("a date out of range"))
        }

        #[expect(
            clippy::cast_possible_truncation,
            reason = "the range is checked and the fraction is to be cut"
        )]
        fn visit_f64<E: Error>(self, value: f64) -> Result<Option<i64>, E> {
            // 2^53: beyond it a double is no exact number of seconds.
            if value.abs() < 9_007_199_254_740_992.0 {
                Ok(Some(value.floor() as i64))
            } else {
                Err(E::custom("a date out of range"))
            }
        }
    }

    deserializer.deserialize_any(Date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_boundary() {
        let (now, leeway) = (1_000, 10);
        let at = |exp, nbf, iat| Times { exp, nbf, iat }.check(now, leeway);
        assert_eq!(at(Some(1_001), None, None), Ok(()));
        assert_eq!(at(Some(991), None, None), Ok(()), "within the leeway");
        assert_eq!(at(Some(990), None, None), Err(TimeError::Expired));
        assert_eq!(at(None, None, None), Err(TimeError::NoExpiry));
        assert_eq!(at(Some(2_000), Some(1_010), Some(1_010)), Ok(()));
        assert_eq!(at(Some(2_000), Some(1_011), None), Err(TimeError::NotYet));
        assert_eq!(at(Some(2_000), None, Some(1_011)), Err(TimeError::IssuedInFuture));
        assert_eq!(at(Some(i64::MAX), Some(i64::MIN), Some(i64::MIN)), Ok(()));
        assert_eq!(at(Some(i64::MIN), None, None), Err(TimeError::Expired));
    }

    #[test]
    fn numeric_dates_are_numbers() {
        let read = |json: &str| serde_json::from_str::<Times>(json).map(|times| times.exp);
        assert_eq!(read(r#"{"exp":12}"#).unwrap(), Some(12));
        assert_eq!(read(r#"{"exp":12.9}"#).unwrap(), Some(12));
        assert_eq!(read("{}").unwrap(), None);
        for bad in ["\"12\"", "null", "1e300", "18446744073709551615", "true", "[1]"] {
            assert!(read(&format!(r#"{{"exp":{bad}}}"#)).is_err(), "{bad}");
        }
    }

    #[test]
    fn flattens_into_claims() {
        #[derive(Deserialize)]
        struct Claims {
            sub: String,
            #[serde(flatten)]
            times: Times,
        }
        let claims: Claims = serde_json::from_str(r#"{"sub":"a","exp":5,"iat":4}"#).unwrap();
        assert_eq!(claims.sub, "a");
        assert_eq!(claims.times, Times { exp: Some(5), nbf: None, iat: Some(4) });
    }
}
