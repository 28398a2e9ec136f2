//! Which class is asked for, and by which name it is answered.

use crate::common::{check, client, params};
use vestibule_domain::Acr;
use vestibule_oidc::authorize::{AcrGoal, AcrRequest};

fn asked(claim: Option<&str>, acr_values: Option<&str>) -> AcrRequest {
    let claims = claim.map(|acr| format!(r#"{{"id_token":{{"acr":{acr}}}}}"#));
    check(&params(&[("claims", claims.as_deref()), ("acr_values", acr_values)]), &client()).unwrap().acr
}

#[test]
fn goals() {
    use AcrGoal::{Essential, None as Nothing, Voluntary};
    for (claim, values, goal) in [
        (None, None, Nothing),
        (None, Some("phr"), Voluntary(Acr::Phr)),
        (None, Some("phr  urn:vestibule:acr:mfa"), Voluntary(Acr::Mfa)),
        (None, Some("unknown phr"), Voluntary(Acr::Phr)),
        (None, Some("unknown"), Nothing),
        (None, Some("gold"), Voluntary(Acr::Phr)),
        (Some("null"), Some("phr"), Voluntary(Acr::Phr)),
        (Some(r#"{"essential":true}"#), Some("phr"), Voluntary(Acr::Phr)),
        (Some(r#"{"essential":true}"#), None, Nothing),
        (Some(r#"{"essential":true,"values":[]}"#), None, Nothing),
        (Some(r#"{"essential":true,"value":"phr"}"#), None, Essential(Some(Acr::Phr))),
        (Some(r#"{"essential":true,"value":"phr"}"#), Some("1fa"), Essential(Some(Acr::Phr))),
        (Some(r#"{"essential":true,"values":["phrh","x","mfa"]}"#), None, Essential(Some(Acr::Mfa))),
        (Some(r#"{"essential":true,"values":["x","y"]}"#), None, Essential(None)),
        (Some(r#"{"values":["phrh","mfa"]}"#), Some("1fa"), Voluntary(Acr::Mfa)),
        (Some(r#"{"essential":false,"values":["x"]}"#), Some("phr"), Nothing),
    ] {
        assert_eq!(asked(claim, values).goal(), goal, "{claim:?} {values:?}");
    }
}

#[test]
fn unknown_essential_values_are_unmet_by_everybody() {
    let request = asked(Some(r#"{"essential":true,"values":["x"]}"#), None);
    assert_eq!(request.goal(), AcrGoal::Essential(None));
    let request = asked(Some(r#"{"essential":true,"values":["mfa"]}"#), None);
    assert_eq!(request.goal(), AcrGoal::Essential(Some(Acr::Mfa)));
}

#[test]
fn answers_use_the_applications_words_and_never_more_than_was_reached() {
    for (values, reached, name) in [
        (None, Acr::Mfa, "silver"),
        (None, Acr::OneFactor, "urn:vestibule:acr:1fa"),
        (Some("phr mfa"), Acr::Phrh, "phr"),
        (Some("mfa phr"), Acr::Phrh, "phr"),
        (Some("phr mfa"), Acr::Mfa, "mfa"),
        (Some("phr gold"), Acr::Phr, "phr"),
        (Some("gold phr"), Acr::Phr, "gold"),
        (Some("phr"), Acr::Mfa, "silver"),
        (Some("phr"), Acr::OneFactor, "urn:vestibule:acr:1fa"),
        (Some("unknown"), Acr::Phrh, "phrh"),
    ] {
        assert_eq!(asked(None, values).name_for(&client(), reached), name, "{values:?} {reached:?}");
    }
}
