//! The `typ` header: what keeps a token of one kind from passing for another (RFC 8725 section 3.11).

/// Which `typ` headers are accepted. Names are compared without case and without a leading `application/` (RFC 7515
/// section 4.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typ<'a> {
    /// Only tokens without `typ` or with `JWT`, as ID tokens are, so that a token with a type of its own never passes
    /// for one of them.
    Plain,
    /// Only this type, such as `"at+jwt"`; it must be present.
    Only(&'a str),
    /// What [`Typ::Plain`] accepts, and these: for tokens that got a type of their own after applications had begun to
    /// make them, such as client assertions.
    PlainOr(&'a [&'a str]),
}

impl Typ<'_> {
    pub(super) fn accepts(self, found: Option<&str>) -> bool {
        let plain = found.is_none_or(|found| bare(found) == "jwt");
        let is = |expected: &str| found.is_some_and(|found| bare(expected) == bare(found));
        match self {
            Self::Plain => plain,
            Self::Only(expected) => is(expected),
            Self::PlainOr(others) => plain || others.iter().any(|expected| is(expected)),
        }
    }
}

fn bare(typ: &str) -> String {
    let typ = typ.to_ascii_lowercase();
    // The prefix may be left out only when no other slash follows.
    match typ.strip_prefix("application/") {
        Some(rest) if !rest.contains('/') => rest.to_owned(),
        _ => typ,
    }
}

#[cfg(test)]
mod tests {
    use super::Typ;

    #[test]
    fn types() {
        let either = Typ::PlainOr(&["client-authentication+jwt"]);
        for (expected, found, accepted) in [
            (Typ::Only("at+jwt"), Some("at+jwt"), true),
            (Typ::Only("at+jwt"), Some("AT+JWT"), true),
            (Typ::Only("at+jwt"), Some("application/at+jwt"), true),
            (Typ::Only("application/at+jwt"), Some("at+jwt"), true),
            (Typ::Only("at+jwt"), Some("JWT"), false),
            (Typ::Only("at+jwt"), Some("application/x/at+jwt"), false),
            (Typ::Only("at+jwt"), Some("text/at+jwt"), false),
            (Typ::Only("at+jwt"), None, false),
            (Typ::Only("JWT"), None, false),
            (Typ::Plain, None, true),
            (Typ::Plain, Some("JWT"), true),
            (Typ::Plain, Some("application/jwt"), true),
            (Typ::Plain, Some("at+jwt"), false),
            (Typ::Plain, Some(""), false),
            (either, None, true),
            (either, Some("jwt"), true),
            (either, Some("client-authentication+jwt"), true),
            (either, Some("application/Client-Authentication+JWT"), true),
            (either, Some("at+jwt"), false),
            (either, Some(""), false),
            (Typ::PlainOr(&[]), Some("at+jwt"), false),
        ] {
            assert_eq!(expected.accepts(found), accepted, "{expected:?} {found:?}");
        }
    }
}
