//! What users see when they set up a factor, the authenticators that may be used, the admins' group and the pool's own
//! words.

use std::collections::BTreeMap;

use url::Url;

use super::{Report, check_text, is_locale};
use crate::document::KeyPath;
use crate::error::Problem;
use crate::pools::{PoolSpec, WebauthnSpec};

/// Longest text of a pool's own, in characters.
const LONGEST_TEXT: usize = 1000;

pub(super) fn check(report: &mut Report<'_, '_>, path: &KeyPath, pool: &PoolSpec) {
    check_enrolment(report, &path.key("enrolment"), pool);
    check_webauthn(report, &path.key("webauthn"), &pool.webauthn);
    if let Some(group) = &pool.admin_group {
        check_text(report, &path.key("admin_group"), group);
    }
    check_texts(report, &path.key("texts"), &pool.texts);
}

fn check_enrolment(report: &mut Report<'_, '_>, path: &KeyPath, pool: &PoolSpec) {
    let enrolment = &pool.enrolment;
    let codes = enrolment.recovery_codes;
    report.require(codes <= 20, &path.key("recovery_codes"), || {
        Problem::new("out of range")
            .expected("0 to 20")
            .found(codes.to_string())
            .hint("correct the number, or remove the line for 10")
    });
    report.require(
        !enrolment.experimental || pool.branding.support_email.is_some(),
        &path.key("experimental"),
        || {
            Problem::new("an experimental feature without anybody to turn to")
                .expected("support_email in [pool.branding]")
                .hint("add the address that users write to when they are stuck")
        },
    );
    let apps = path.key("authenticator");
    let each = || enrolment.authenticator.iter().enumerate().map(|(index, app)| (apps.index(index), app));
    for (path, app) in each() {
        check_text(report, &path.key("name"), &app.name);
        for (key, link) in [("android", &app.android), ("ios", &app.ios)] {
            let Some(link) = link else { continue };
            report.require(is_https(link), &path.key(key), || {
                Problem::new("not a link to a store")
                    .expected("https://…")
                    .found(format!("{link:?}"))
                    .hint("write the https address of the app's page, or remove the line")
            });
        }
    }
    report.unique("authenticator", each().map(|(path, app)| (path.key("name"), app.name.to_lowercase())));
}

fn is_https(text: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.has_host() && url.username().is_empty())
        && text.starts_with("https://")
        && !text.contains(odd)
}

fn check_webauthn(report: &mut Report<'_, '_>, path: &KeyPath, webauthn: &WebauthnSpec) {
    let models = path.key("aaguids");
    for (index, text) in webauthn.aaguids.iter().enumerate() {
        report.require(is_uuid(text), &models.index(index), || {
            Problem::new("not an AAGUID")
                .expected("8-4-4-4-12 hexadecimal digits, such as \"2fc0579f-8113-47ea-b116-bb5a8db9202a\"")
                .found(format!("{text:?}"))
                .hint("copy it from the maker's list or from the FIDO metadata service")
        });
    }
    let listed = webauthn.aaguids.iter().enumerate();
    report.unique("AAGUID", listed.map(|(index, text)| (models.index(index), text.to_lowercase())));
    for (index, text) in webauthn.attestation_roots.iter().enumerate() {
        report.require(is_certificate(text), &path.key("attestation_roots").index(index), || {
            Problem::new("not a certificate")
                .expected("one certificate in PEM form, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----")
                .hint("paste it between triple quotes: \"\"\"…\"\"\"")
        });
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

/// The outside only; whether the certificate inside can be used is told when it is applied.
fn is_certificate(text: &str) -> bool {
    let inside = text.trim().strip_prefix("-----BEGIN CERTIFICATE-----");
    inside.and_then(|text| text.strip_suffix("-----END CERTIFICATE-----")).is_some_and(|body| {
        let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        !body.trim().is_empty() && body.chars().all(|c| base64(c) || c.is_ascii_whitespace())
    })
}

fn check_texts(
    report: &mut Report<'_, '_>,
    path: &KeyPath,
    texts: &BTreeMap<String, BTreeMap<String, String>>,
) {
    for (locale, own) in texts {
        let path = path.key(locale);
        report.require(is_locale(locale), &path, || {
            Problem::new("not a language")
                .expected("[pool.texts.LANGUAGE] with a tag such as `en` or `zh-Hans`")
                .found(format!("{locale:?}"))
                .hint("correct the tag")
        });
        for (key, text) in own {
            let fits = !text.trim().is_empty()
                && text.chars().count() <= LONGEST_TEXT
                && !text.chars().any(char::is_control);
            report.require(fits, &path.key(key), || {
                Problem::new("not a text for a page")
                    .expected(format!("1 to {LONGEST_TEXT} characters on one line"))
                    .found(format!("{} characters", text.chars().count()))
                    .hint("shorten it, or remove the line for the usual text")
            });
        }
    }
}
