//! Reading `WWW-Authenticate` (RFC 9110 section 11.6.1) for the challenge of RFC 9470.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;
use std::time::Duration;

/// One challenge: a scheme in lower case and its parameters, names in lower case.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    pub(crate) scheme: String,
    pub(crate) parameters: BTreeMap<String, String>,
}

/// What a resource server wants to see before it answers (RFC 9470 section 3).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StepUp {
    /// Acceptable `acr` values, separated by blanks.
    pub(crate) acr_values: Option<String>,
    /// Oldest authentication that will do.
    pub(crate) max_age: Option<Duration>,
    /// Why, in words.
    pub(crate) description: Option<String>,
}

impl StepUp {
    /// The step-up that a header asks for, if it asks for one.
    pub(crate) fn asked_for_in(header: &str) -> Option<Self> {
        let challenge = parse(header).into_iter().find(|challenge| {
            challenge.scheme == "bearer"
                && challenge
                    .parameters
                    .get("error")
                    .is_some_and(|code| code == "insufficient_user_authentication")
        })?;
        let parameter = |name: &str| challenge.parameters.get(name).cloned();
        Some(Self {
            acr_values: parameter("acr_values").filter(|values| !values.trim().is_empty()),
            max_age: parameter("max_age").and_then(|age| age.parse().ok()).map(Duration::from_secs),
            description: parameter("error_description"),
        })
    }
}

/// Every challenge of a header value. What does not fit the grammar is skipped; of a parameter that is there twice
/// the first counts.
pub(crate) fn parse(header: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut chars = header.chars().peekable();
    loop {
        skip(&mut chars, |c| c == ',' || c.is_ascii_whitespace());
        if chars.peek().is_none() {
            return challenges;
        }
        let token = token(&mut chars);
        if token.is_empty() {
            chars.next();
            continue;
        }
        skip(&mut chars, |c| c.is_ascii_whitespace());
        match challenges.last_mut() {
            Some(challenge) if chars.next_if_eq(&'=').is_some() => {
                skip(&mut chars, |c| c.is_ascii_whitespace());
                let value = if chars.next_if_eq(&'"').is_some() {
                    quoted(&mut chars)
                } else {
                    self::token(&mut chars)
                };
                challenge.parameters.entry(token.to_ascii_lowercase()).or_insert(value);
            }
            _ => {
                challenges.push(Challenge { scheme: token.to_ascii_lowercase(), parameters: BTreeMap::new() })
            }
        }
    }
}

fn skip(chars: &mut Peekable<Chars<'_>>, unwanted: impl Fn(char) -> bool) {
    while chars.next_if(|c| unwanted(*c)).is_some() {}
}

/// RFC 9110 section 5.6.2.
fn token(chars: &mut Peekable<Chars<'_>>) -> String {
    let mut token = String::new();
    while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(*c)) {
        token.push(c);
    }
    token
}

/// RFC 9110 section 5.6.4; the opening quote is read already.
fn quoted(chars: &mut Peekable<Chars<'_>>) -> String {
    let mut text = String::new();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_up_challenge_is_understood() {
        let header = r#"Bearer error="insufficient_user_authentication", error_description="say \"please\", twice",
            acr_values="urn:a urn:b", max_age="300""#;
        let asked = StepUp::asked_for_in(header).unwrap();
        assert_eq!(asked.acr_values.as_deref(), Some("urn:a urn:b"));
        assert_eq!(asked.max_age, Some(Duration::from_secs(300)));
        assert_eq!(asked.description.as_deref(), Some(r#"say "please", twice"#));
    }

    #[test]
    fn it_is_found_among_other_challenges() {
        let header =
            "Basic realm=\"a, Bearer error=x\", BEARER Error = insufficient_user_authentication , max_age=x";
        let asked = StepUp::asked_for_in(header).unwrap();
        assert_eq!(asked, StepUp { acr_values: None, max_age: None, description: None });
    }

    #[test]
    fn other_challenges_ask_for_no_step_up() {
        for header in [
            "",
            "Bearer",
            "Bearer error=\"invalid_token\"",
            "Basic realm=\"insufficient_user_authentication\"",
            "DPoP error=\"insufficient_user_authentication\"",
            "error=\"insufficient_user_authentication\"",
            "Bearer realm=\"x\\\", error=\\\"insufficient_user_authentication\"",
        ] {
            assert_eq!(StepUp::asked_for_in(header), None, "{header}");
        }
    }

    #[test]
    fn nonsense_ends_and_the_first_parameter_counts() {
        assert_eq!(parse("=;;@ \"\u{e9}"), []);
        let parsed = parse("Bearer a=1, a=2, b=\"open");
        assert_eq!(parsed.len(), 1);
        assert_eq!(parsed[0].parameters["a"], "1");
        assert_eq!(parsed[0].parameters["b"], "open");
    }
}
