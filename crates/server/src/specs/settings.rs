//! A pool's settings between their two shapes: as the pool file declares them and as the domain keeps them.

use super::policy::{can_be_met, mfa_spec, policy};
use crate::{extras::registry, problem::Problem};
use anyhow::Context as _;
use toml::{Table, Value};
use vestibule_config as config;
use vestibule_domain::{
    Pool, PoolSettings,
    pool::{AuthenticatorApp, Enrolment, Lifetimes, WebauthnSettings},
};
use vestibule_pages::{Locale, is_text_key};

/// The settings that a declaration asks for.
///
/// # Errors
/// What the file's own checks cannot see: languages and texts that there are not, factors that are not known.
pub(super) fn settings(pool: &config::PoolSpec) -> anyhow::Result<PoolSettings> {
    if Locale::parse(&pool.locale).is_none() {
        return Err(unknown_language(&format!("there is no translation for locale {:?}", pool.locale)).into());
    }
    check_texts(pool)?;
    let settings = PoolSettings {
        locale: pool.locale.clone(),
        registration: pool.registration,
        password_reset: pool.password_reset,
        mfa: policy(&pool.mfa, registry())?,
        enrolment: enrolment(&pool.enrolment),
        webauthn: webauthn(&pool.webauthn)?,
        admin_group: pool.admin_group.clone(),
        texts: pool.texts.clone(),
        accent: pool.branding.accent.clone(),
        support_email: pool.branding.support_email.clone(),
        lifetimes: lifetimes(&pool.lifetimes),
    };
    if let Err(error) = vestibule_mfa::webauthn::check_settings(&settings.webauthn) {
        let remedy = "give each root as one PEM certificate, from BEGIN to END";
        return Err(Problem::new(format!("[pool.webauthn] attestation_roots: {error}"), remedy).into());
    }
    can_be_met(&settings, registry())?;
    Ok(settings)
}

fn unknown_language(cause: &str) -> Problem {
    let known: Vec<&str> = Locale::all().map(Locale::tag).collect();
    Problem::new(cause, format!("use one of {}", known.join(", ")))
}

/// A text of the pool's own stands for one that the pages have, in a language they speak; anything else would never be
/// seen, and nobody would know why.
fn check_texts(pool: &config::PoolSpec) -> Result<(), Problem> {
    for (tag, texts) in &pool.texts {
        if Locale::parse(tag).is_none_or(|locale| locale.tag() != tag) {
            return Err(unknown_language(&format!(
                "[pool.texts.{tag}] is for a language that is not spoken here"
            )));
        }
        if let Some(key) = texts.keys().find(|key| !is_text_key(key)) {
            return Err(Problem::new(
                format!("[pool.texts.{tag}] names {key:?}, and no page or mail has such a text"),
                "correct the key; templates/locales/en/main.ftl has them all",
            ));
        }
    }
    Ok(())
}

fn enrolment(spec: &config::EnrolmentSpec) -> Enrolment {
    let app = |app: &config::AuthenticatorSpec| AuthenticatorApp {
        name: app.name.clone(),
        android: app.android.clone(),
        ios: app.ios.clone(),
    };
    Enrolment {
        show_secret: spec.show_secret,
        open_secret: spec.open_secret,
        recovery_codes: spec.recovery_codes,
        replace: spec.replace,
        experimental: spec.experimental,
        authenticators: spec.authenticator.iter().map(app).collect(),
    }
}

fn enrolment_spec(enrolment: &Enrolment) -> config::EnrolmentSpec {
    let app = |app: &AuthenticatorApp| config::AuthenticatorSpec {
        name: app.name.clone(),
        android: app.android.clone(),
        ios: app.ios.clone(),
    };
    config::EnrolmentSpec {
        show_secret: enrolment.show_secret,
        open_secret: enrolment.open_secret,
        recovery_codes: enrolment.recovery_codes,
        replace: enrolment.replace,
        experimental: enrolment.experimental,
        authenticator: enrolment.authenticators.iter().map(app).collect(),
    }
}

fn webauthn(spec: &config::WebauthnSpec) -> anyhow::Result<WebauthnSettings> {
    let model = |text: &String| text.parse().with_context(|| format!("AAGUID {text:?}"));
    Ok(WebauthnSettings {
        aaguids: spec.aaguids.iter().map(model).collect::<anyhow::Result<_>>()?,
        attestation_roots: spec.attestation_roots.clone(),
    })
}

fn webauthn_spec(webauthn: &WebauthnSettings) -> config::WebauthnSpec {
    config::WebauthnSpec {
        aaguids: webauthn.aaguids.iter().map(ToString::to_string).collect(),
        attestation_roots: webauthn.attestation_roots.clone(),
    }
}

fn lifetimes(spec: &config::LifetimesSpec) -> Lifetimes {
    let usual = Lifetimes::default();
    let seconds = |given: Option<u32>, usual: i64| given.map_or(usual, i64::from);
    Lifetimes {
        session_idle: seconds(spec.session_idle, usual.session_idle),
        session_absolute: seconds(spec.session_absolute, usual.session_absolute),
        second_factor: seconds(spec.second_factor, usual.second_factor),
        code: seconds(spec.code, usual.code),
        access_token: seconds(spec.access_token, usual.access_token),
        id_token: seconds(spec.id_token, usual.id_token),
        refresh_idle: seconds(spec.refresh_idle, usual.refresh_idle),
        refresh_absolute: seconds(spec.refresh_absolute, usual.refresh_absolute),
        flow: seconds(spec.flow, usual.flow),
        mail_link: seconds(spec.mail_link, usual.mail_link),
        fresh: seconds(spec.fresh, usual.fresh),
    }
}

/// A pool as the pool file would declare it, without applications and users.
///
/// # Errors
/// When a value has no place in a TOML file; none of a pool that was declared in one.
pub(crate) fn as_declared(pool: &Pool) -> anyhow::Result<Table> {
    let settings = &pool.settings;
    let branding =
        config::Branding { accent: settings.accent.clone(), support_email: settings.support_email.clone() };
    let mut table = Table::from_iter([
        ("tenant".to_owned(), pool.tenant.clone().into()),
        ("slug".to_owned(), pool.slug.clone().into()),
        ("name".to_owned(), pool.name.clone().into()),
        ("origin".to_owned(), pool.origin.to_string().into()),
        ("locale".to_owned(), settings.locale.clone().into()),
        ("registration".to_owned(), settings.registration.into()),
        ("password_reset".to_owned(), settings.password_reset.into()),
        ("mfa".to_owned(), Value::try_from(mfa_spec(&settings.mfa))?),
        ("enrolment".to_owned(), Value::try_from(enrolment_spec(&settings.enrolment))?),
        ("webauthn".to_owned(), Value::try_from(webauthn_spec(&settings.webauthn))?),
        ("texts".to_owned(), Value::try_from(&settings.texts)?),
        ("branding".to_owned(), Value::try_from(branding)?),
        ("lifetimes".to_owned(), Value::try_from(&settings.lifetimes)?),
    ]);
    if let Some(group) = &settings.admin_group {
        table.insert("admin_group".to_owned(), group.clone().into());
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(texts: &str) -> Option<String> {
        let pool = "[[pool]]\nslug = \"acme\"\nname = \"Acme\"\norigin = \"https://acme.example\"\n";
        let file = config::PoolFile::parse(None, &format!("{pool}{texts}")).unwrap();
        settings(&file.pool[0]).err().map(|error| format!("{error:#}"))
    }

    #[test]
    fn own_words_are_for_texts_and_languages_that_there_are() {
        assert_eq!(told("[pool.texts.en]\ntotp-code = \"Token\"\n"), None);
        let unknown = told("[pool.texts.en]\ntotp-cod = \"Token\"\n").unwrap();
        assert!(unknown.contains("\"totp-cod\"") && unknown.contains("locales/en/main.ftl"), "{unknown}");
        // A text for "en-GB" would never be shown: the pages speak "en".
        for tag in ["tlh", "en-GB"] {
            let unknown = told(&format!("[pool.texts.{tag}]\ntotp-code = \"Token\"\n")).unwrap();
            assert!(unknown.contains(tag) && unknown.contains("use one of en"), "{unknown}");
        }
    }
}
