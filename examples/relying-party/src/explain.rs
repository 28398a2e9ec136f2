//! What `acr`, `amr` and `auth_time` mean, in words.

/// Names of classes that are known here, each family from weak to strong.
const FAMILIES: [&[&str]; 3] =
    [&["0", "1", "2", "3"], &["1fa", "mfa", "phr", "phrh"], &["aal1", "aal2", "aal3"]];

/// The `acr` values that are as good as the one that is wanted, that one first. Of a name that is not known here only the
/// same one will do.
pub(crate) fn at_least(wanted: &str) -> Vec<String> {
    let start = wanted.rfind([':', '/']).map_or(0, |at| at + 1);
    let (prefix, name) = wanted.split_at(start);
    let family = FAMILIES.iter().find(|family| family.contains(&name));
    let better = family.into_iter().flat_map(|family| family.iter().skip_while(|one| **one != name).skip(1));
    let better = better.map(|one| format!("{prefix}{one}"));
    [wanted.to_owned()].into_iter().chain(better).collect()
}

/// What an `acr` value says, next to the one that this application asks for when it wants more.
pub(crate) fn acr(value: Option<&str>, step_up: &str) -> String {
    let Some(value) = value else {
        return "The provider does not say how strong this sign-in was. Treat it as weak.".to_owned();
    };
    let meaning = match value.rsplit([':', '/']).next().unwrap_or(value) {
        "0" => "No promise: the sign-in may be a long-lived cookie.",
        "1" | "1fa" | "aal1" => "One factor: a password, for example.",
        "2" | "mfa" | "aal2" => "Two different factors, both checked in this session.",
        "phr" => "Resistant to phishing: a key that answers only to the right site.",
        "3" | "phrh" | "aal3" => "Resistant to phishing, with the key protected by hardware.",
        _ => "A level by the provider's own name.",
    };
    let enough = if value == step_up {
        " This is what the protected API asks for."
    } else if at_least(step_up).iter().any(|enough| enough == value) {
        " This is more than the protected API asks for."
    } else {
        " The protected API asks for another: try “Step up now”."
    };
    format!("{meaning}{enough}")
}

/// What one `amr` value says (RFC 8176 section 2).
pub(crate) fn method(value: &str) -> &'static str {
    match value {
        "pwd" => "password",
        "otp" => "one-time code",
        "mfa" => "more than one factor",
        "mca" => "confirmed on more than one channel",
        "hwk" => "key in hardware",
        "swk" => "key in software",
        "pop" => "proof of possessing a key",
        "sc" => "smart card",
        "pin" => "PIN",
        "user" => "the person's presence was tested",
        "fpt" => "fingerprint",
        "face" => "face",
        "iris" => "iris",
        "vbm" => "voice",
        "sms" => "code by text message",
        "tel" => "phone call",
        "kba" => "something only you know",
        "rec" => "recovery code",
        "email" => "code by email",
        "geo" => "place",
        "rba" => "risk assessment",
        "wia" => "Windows sign-in",
        _ => "a method by the provider's own name",
    }
}

/// What a list of `amr` values says.
pub(crate) fn amr(values: &[&str]) -> String {
    if values.is_empty() {
        return "The provider does not say which methods were used.".to_owned();
    }
    let words: Vec<String> = values.iter().map(|value| format!("{value}: {}", method(value))).collect();
    format!("What was really checked. {}.", words.join("; "))
}

/// How long ago something was, `seconds` being the age.
pub(crate) fn age(seconds: i64) -> String {
    let of = |count: i64, unit: &str| match count {
        1 => format!("1 {unit} ago"),
        count => format!("{count} {unit}s ago"),
    };
    match seconds {
        ..5 => "just now".to_owned(),
        5..60 => of(seconds, "second"),
        60..3600 => of(seconds / 60, "minute"),
        3600..86_400 => of(seconds / 3600, "hour"),
        _ => of(seconds / 86_400, "day"),
    }
}

/// What to do about an OAuth error code (RFC 6749, OpenID Connect Core section 3.1.2.6, and others).
pub(crate) fn next_step(code: &str) -> &'static str {
    match code {
        "login_required" => "You are not signed in at the provider. Sign in with the ordinary button.",
        "interaction_required" | "consent_required" | "account_selection_required" => {
            "The provider has to ask you something, and was told not to. Sign in with the ordinary button."
        }
        "access_denied" => "You, or the provider, said no. Sign in again if that was a slip.",
        "unmet_authentication_requirements" => {
            "The sign-in did not become as strong as this application needs. Add a second factor in your account \
             and try again."
        }
        "invalid_grant" => "The code or refresh token is used up or too old. Sign in again.",
        "temporarily_unavailable" | "server_error" => "The provider has a problem. Try again in a moment.",
        "invalid_client" | "unauthorized_client" => {
            "The provider does not accept this application. Compare client id and secret on both sides."
        }
        "invalid_request" | "invalid_scope" | "unsupported_response_type" | "invalid_target" => {
            "This application asked wrongly. Compare its registration (redirect URI, scopes) on both sides."
        }
        _ => "Go back and try again; if it stays, show this page to whoever runs the application.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acr_is_told_for_names_numbers_and_urns() {
        let step_up = "urn:vestibule:acr:mfa";
        for (value, expected) in [
            (Some("urn:vestibule:acr:1fa"), "One factor"),
            (Some("1"), "One factor"),
            (Some("urn:vestibule:acr:mfa"), "Two different factors"),
            (Some("http://schemas.openid.net/pape/policies/2007/06/phr"), "Resistant to phishing: "),
            (Some("phrh"), "protected by hardware"),
            (Some("gold"), "own name"),
            (None, "does not say"),
        ] {
            assert!(acr(value, step_up).contains(expected), "{value:?}");
        }
        assert!(acr(Some(step_up), step_up).contains("This is what the protected API asks for"));
        assert!(acr(Some("1"), step_up).contains("Step up now"));
        for more in ["urn:vestibule:acr:phr", "urn:vestibule:acr:phrh"] {
            assert!(acr(Some(more), step_up).contains("more than the protected API asks for"), "{more}");
        }
        assert!(acr(Some("gold"), step_up).contains("Step up now"));
    }

    #[test]
    fn what_is_better_than_wanted_will_do() {
        for (wanted, enough) in [
            ("urn:x:mfa", vec!["urn:x:mfa", "urn:x:phr", "urn:x:phrh"]),
            ("https://x/aal2", vec!["https://x/aal2", "https://x/aal3"]),
            ("2", vec!["2", "3"]),
            ("phrh", vec!["phrh"]),
            ("gold", vec!["gold"]),
            ("urn:x:", vec!["urn:x:"]),
        ] {
            assert_eq!(at_least(wanted), enough, "{wanted}");
        }
    }

    #[test]
    fn amr_is_told_value_by_value() {
        assert_eq!(
            amr(&["pwd", "otp", "x"]),
            "What was really checked. pwd: password; otp: one-time code; x: a method by the provider's own name."
        );
        assert!(amr(&[]).contains("does not say"));
    }

    #[test]
    fn ages_are_round() {
        for (seconds, expected) in [
            (-3, "just now"),
            (59, "59 seconds ago"),
            (60, "1 minute ago"),
            (7300, "2 hours ago"),
            (90_000, "1 day ago"),
        ] {
            assert_eq!(age(seconds), expected);
        }
    }
}
