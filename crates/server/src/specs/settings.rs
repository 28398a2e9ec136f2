//! What a pool's settings have to be besides what the file's own checks see.

use super::policy::{can_be_met, known_kinds};
use crate::problem::Problem;
use toml::Table;
use vestibule_config as config;
use vestibule_domain::{FactorRules, Pool, PoolSettings};
use vestibule_mfa::Registry;
use vestibule_pages::{Locale, is_text_key};

/// The settings that a declaration asks for.
///
/// # Errors
/// What the file's own checks cannot see: languages and texts that there are not, factors that are not known.
pub(super) fn settings(pool: &config::PoolSpec, registry: &Registry) -> anyhow::Result<PoolSettings> {
    if Locale::parse(&pool.locale).is_none() {
        return Err(unknown_language(&format!("there is no translation for locale {:?}", pool.locale)).into());
    }
    check_texts(pool)?;
    let settings = pool.settings();
    known_kinds(&settings.mfa, registry)?;
    for issuer in &settings.trusted_issuers {
        vestibule_flows::check_issuer_keys(issuer).map_err(|cause| {
            let cause = format!("[[pool.trusted_issuer]] {:?}: jwks: {cause}", issuer.issuer);
            Problem::new(cause, "give the issuer's public keys as a JSON Web Key Set: { keys = [...] }")
        })?;
    }
    for (kind, own) in &settings.factors {
        if let Some(fault) = registry.check_settings(kind, own).into_iter().next() {
            let cause = format!("[pool.factor.{kind}] {fault}");
            return Err(Problem::new(cause, "see `vestibule schema pools` for what each factor takes").into());
        }
    }
    can_be_met(&settings, registry)?;
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

/// A pool as the pool file would declare it, without applications and users.
///
/// # Errors
/// When a value has no place in a TOML file; none of a pool that was declared in one.
pub(crate) fn as_declared(pool: &Pool) -> anyhow::Result<Table> {
    Ok(Table::try_from(config::PoolSpec::of(pool))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(texts: &str) -> Option<String> {
        let pool = "[[pool]]\nslug = \"acme\"\nname = \"Acme\"\norigin = \"https://acme.example\"\n";
        let registry = Registry::builtin();
        let file = config::PoolFile::parse(None, &format!("{pool}{texts}"), &registry).unwrap();
        settings(&file.pool[0], &registry).err().map(|error| format!("{error:#}"))
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
