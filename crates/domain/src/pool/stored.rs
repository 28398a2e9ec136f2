//! Settings as the database holds them, and what has moved since an earlier version wrote them.

use super::PoolSettings;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Where the settings of factors stood while the domain knew those factors: table, key, the kinds that have them now, and
/// the key there.
const MOVED: [(&str, &str, &[&str], &str); 7] = [
    ("enrolment", "show_secret", &["totp"], "show_secret"),
    ("enrolment", "open_secret", &["totp"], "open_secret"),
    ("enrolment", "authenticators", &["totp"], "authenticator"),
    ("enrolment", "authenticator", &["totp"], "authenticator"),
    ("enrolment", "recovery_codes", &["recovery"], "codes"),
    ("webauthn", "aaguids", &["passkey", "security-key"], "aaguids"),
    ("webauthn", "attestation_roots", &["passkey", "security-key"], "attestation_roots"),
];

/// Texts that are their factors' own now: the key then and now, or the parts of both before `-subject`, `-lead` and
/// `-after`.
const RENAMED: [(&str, &str); 4] = [
    ("mail-code-used", "factor-recovery-used"),
    ("mail-codes-low", "factor-recovery-low"),
    ("mail-email-code", "factor-email-mail"),
    ("login-passkey", "factor-passkey-sign-in"),
];

impl<'de> Deserialize<'de> for PoolSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut settings = Value::deserialize(deserializer)?;
        if let Some(fields) = settings.as_object_mut() {
            move_factors(fields);
        }
        let mut read = Self::deserialize(settings).map_err(D::Error::custom)?;
        rename_texts(&mut read.texts);
        Ok(read)
    }
}

impl Serialize for PoolSettings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

fn move_factors(fields: &mut Map<String, Value>) {
    for (table, key, kinds, now) in MOVED {
        let found = fields.get_mut(table).and_then(Value::as_object_mut).and_then(|old| old.remove(key));
        let Some(value) = found else { continue };
        let factors = fields.entry("factors").or_insert_with(|| Value::Object(Map::new()));
        for kind in kinds {
            let Some(factors) = factors.as_object_mut() else { continue };
            let own = factors.entry(*kind).or_insert_with(|| Value::Object(Map::new()));
            if let Some(own) = own.as_object_mut() {
                own.entry(now).or_insert_with(|| without_nulls(value.clone()));
            }
        }
    }
    if fields.get("webauthn").and_then(Value::as_object).is_some_and(Map::is_empty) {
        fields.remove("webauthn");
    }
}

/// A pool file has no word for "nothing".
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(without_nulls).collect(),
        Value::Object(fields) => {
            let there = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(there.map(|(key, value)| (key, without_nulls(value))).collect())
        }
        other => other,
    }
}

/// Gives a pool's own texts the keys of today: language tag, then translation key, then text. Of a text under both keys
/// the one of today counts.
pub fn rename_texts(texts: &mut BTreeMap<String, BTreeMap<String, String>>) {
    for own in texts.values_mut() {
        let (old, mut there): (BTreeMap<_, _>, BTreeMap<_, _>) =
            std::mem::take(own).into_iter().partition(|(key, _)| renamed(key).is_some());
        for (key, text) in old {
            there.entry(renamed(&key).unwrap_or(key)).or_insert(text);
        }
        *own = there;
    }
}

/// The key of today, where an earlier version had another one.
fn renamed(key: &str) -> Option<String> {
    RENAMED.iter().find_map(|(then, now)| {
        let rest = key.strip_prefix(then)?;
        ["", "-subject", "-lead", "-after"].contains(&rest).then(|| format!("{now}{rest}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FactorKind;
    use serde_json::json;

    #[test]
    fn settings_are_read_as_they_were_written_and_as_an_earlier_version_wrote_them() {
        let written = json!({
            "locale": "de",
            "enrolment": {
                "show_secret": false, "open_secret": false, "recovery_codes": 1, "replace": true, "experimental": false,
                "authenticators": [{ "name": "Codes", "android": null, "ios": "https://apps.example/1" }],
            },
            "webauthn": { "aaguids": ["2fc0579f-8113-47ea-b116-bb5a8db9202a"], "attestation_roots": [] },
            "texts": { "de": { "mail-code-used-lead": "Benutzt", "totp-code": "Zahl" } },
        });
        let read: PoolSettings = serde_json::from_value(written).unwrap();
        let factor = |kind: &'static str| &read.factors[&FactorKind::new(kind)];
        assert!(read.enrolment.replace && read.locale == "de");
        assert_eq!(
            factor("totp"),
            &json!({
                "show_secret": false, "open_secret": false,
                "authenticator": [{ "name": "Codes", "ios": "https://apps.example/1" }],
            })
        );
        assert_eq!(factor("recovery"), &json!({ "codes": 1 }));
        for kind in ["passkey", "security-key"] {
            assert_eq!(factor(kind)["aaguids"], json!(["2fc0579f-8113-47ea-b116-bb5a8db9202a"]), "{kind}");
        }
        assert_eq!(read.texts["de"]["factor-recovery-used-lead"], "Benutzt");
        assert_eq!(read.texts["de"]["totp-code"], "Zahl");
        let again: PoolSettings = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
        assert_eq!(again, read);
        assert!(serde_json::from_value::<PoolSettings>(json!({ "colour": 1 })).is_err());
    }

    #[test]
    fn a_pools_own_texts_are_found_under_the_keys_of_today() {
        let read =
            |texts: Value| -> PoolSettings { serde_json::from_value(json!({ "texts": texts })).unwrap() };
        for (then, now) in [
            ("mail-code-used-subject", "factor-recovery-used-subject"),
            ("mail-codes-low-after", "factor-recovery-low-after"),
            ("mail-email-code-lead", "factor-email-mail-lead"),
            ("login-passkey", "factor-passkey-sign-in"),
        ] {
            assert_eq!(
                read(json!({ "en": { then: "Mine" } })),
                read(json!({ "en": { now: "Mine" } })),
                "{then}"
            );
            let both = read(json!({ "en": { then: "Old", now: "New" } }));
            assert_eq!(both.texts["en"], BTreeMap::from([(now.to_owned(), "New".to_owned())]), "{then}");
        }
        let others = json!({ "en": { "login-passkeys": "a", "mail-code-used-often": "b" } });
        assert_eq!(read(others).texts["en"].len(), 2, "no other key is touched");
    }
}
