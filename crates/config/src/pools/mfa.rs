//! `[pool.mfa]`: who is asked for a second factor, and what goes with it.
//!
//! The file is flatter than the [`Policy`]: what the pool asks of everybody and what a rule asks are the same knobs, and
//! they stand next to other keys, without a table of their own, so both structs are made from one list of fields.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error as _, MapAccess, Unexpected, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};
use vestibule_domain::policy::{AfterRecovery, Ask, Proof, Rule, When};
use vestibule_domain::{Acr, FactorKind, MfaMode, Policy, Timestamp};

/// A moment: in the file a date (midnight UTC) or an RFC 3339 date-time, quoted or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(pub(super) Timestamp);

impl Moment {
    /// Reads a date or a date-time with an offset.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_date = text.len() == "2027-01-01".len();
        let completed = is_date.then(|| format!("{text}T00:00:00Z"));
        let moment = OffsetDateTime::parse(completed.as_deref().unwrap_or(text), &Rfc3339).ok()?;
        Some(Self(Timestamp::from_seconds(moment.unix_timestamp())))
    }
}

impl fmt::Display for Moment {
    /// As a date where it is midnight UTC, else as an RFC 3339 date-time.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = OffsetDateTime::from_unix_timestamp(self.0.as_seconds()).map_err(|_| fmt::Error)?;
        let text = moment.to_offset(UtcOffset::UTC).format(&Rfc3339).map_err(|_| fmt::Error)?;
        f.write_str(text.strip_suffix("T00:00:00Z").unwrap_or(&text))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl<'de> Visitor<'de> for Written {
            type Value = Moment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date such as \"2027-01-01\" (midnight UTC) or \"2027-01-01T08:00:00Z\"")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Moment, E> {
                Moment::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
            }

            /// A date without quotes: TOML has dates of its own, and its reader hands them over as a map.
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Moment, A::Error> {
                let date = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))
                    .map_err(|_| A::Error::invalid_type(Unexpected::Map, &self))?;
                self.visit_str(&date.to_string())
            }
        }
        deserializer.deserialize_any(Written)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$",
        })
    }
}

/// A struct of the file: fields of its own, and the knobs.
macro_rules! with_knobs {
    ($(#[$outer:meta])* struct $name:ident { $($(#[$inner:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$outer])*
        pub(super) struct $name {
            $($(#[$inner])* $field: $type,)*
            /// With `required`: until then an enrolment is proposed, and only from then on required. A date means
            /// midnight UTC.
            #[serde(default)]
            required_from: Option<Moment>,
            /// With `required`: how often a user may put the enrolment off first.
            #[serde(default)]
            #[schemars(range(min = 1, max = 100))]
            skips: Option<u32>,
            /// The least assurance of every sign-in.
            #[serde(default)]
            min_acr: Option<Acr>,
            /// Whether the last factor can no longer be removed by its owner.
            #[serde(default)]
            locked: Option<bool>,
            /// The kinds of factors that may be enrolled and used, such as `totp`, `passkey`, `security-key`, `email`;
            /// when left out, all that are on by default. Recovery codes are none of them: `factor.recovery.codes`.
            #[serde(default)]
            factors: Option<Vec<FactorKind>>,
            /// Lists of kinds that are one thing in the tenant's eyes: `[["password", "email"]]` says that a mailed code
            /// is no second factor after a password.
            #[serde(default)]
            distinct: Vec<Vec<FactorKind>>,
            /// What enrolling a factor needs.
            #[serde(default)]
            enrol: Option<Proof>,
            /// What removing one factor needs.
            #[serde(default)]
            remove: Option<Proof>,
            /// What switching the second factor off needs.
            #[serde(default)]
            disable: Option<Proof>,
            /// What making new recovery codes needs.
            #[serde(default)]
            regenerate: Option<Proof>,
            /// What follows a recovery code.
            #[serde(default)]
            after_recovery: Option<AfterRecovery>,
            /// For how many days a browser may be remembered, so that it is not asked for a second factor again; 0, as
            /// when left out, for never. What is remembered never counts as a proof.
            #[serde(default)]
            #[schemars(range(max = 365))]
            remember_days: Option<u32>,
        }

        impl $name {
            /// What this table asks.
            fn ask(&self) -> Ask {
                Ask {
                    mode: self.policy.into(),
                    required_from: self.required_from.map(|moment| moment.0),
                    skips: self.skips,
                    min_acr: self.min_acr,
                    locked: self.locked,
                    factors: self.factors.clone(),
                    distinct: self.distinct.clone(),
                    enrol: self.enrol,
                    remove: self.remove,
                    disable: self.disable,
                    regenerate: self.regenerate,
                    after_recovery: self.after_recovery,
                    remember_days: self.remember_days,
                }
            }

            /// This table with all knobs but `policy` as given.
            fn turned(self, ask: &Ask) -> Self {
                let ask = ask.clone();
                Self {
                    required_from: ask.required_from.map(Moment),
                    skips: ask.skips,
                    min_acr: ask.min_acr,
                    locked: ask.locked,
                    factors: ask.factors,
                    distinct: ask.distinct,
                    enrol: ask.enrol,
                    remove: ask.remove,
                    disable: ask.disable,
                    regenerate: ask.regenerate,
                    after_recovery: ask.after_recovery,
                    remember_days: ask.remember_days,
                    ..self
                }
            }
        }
    };
}

with_knobs! {
    /// Second factors of a pool: what is asked of everybody, and rules for some. Of each knob the strictest value of all
    /// rules that apply wins; no rule weakens another.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct MfaSpec {
        /// Who is asked for a second factor.
        #[serde(default)]
        policy: MfaMode,
        /// Whether users who had to enrol are no longer asked for the factor once no rule requires one; users who chose to
        /// enrol still are.
        #[serde(default)]
        spare_forced: bool,
        /// Rules, each a `[[pool.mfa.rule]]` table.
        #[serde(default)]
        rule: Vec<RuleSpec>,
    }
}

with_knobs! {
    /// One rule. It applies when everything that is named fits: one of the applications, one of the groups, one of the
    /// scopes. What it leaves out it does not decide.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct RuleSpec {
        /// Its name, unique in the pool: what an admin reads when a user wonders.
        name: String,
        /// `client_id`s, one of which asks.
        #[serde(default)]
        applications: Vec<String>,
        /// Groups, one of which the user is in.
        #[serde(default)]
        groups: Vec<String>,
        /// Scopes, one of which is asked for.
        #[serde(default)]
        scopes: Vec<String>,
        /// Who is asked for a second factor.
        #[serde(default)]
        policy: Option<MfaMode>,
    }
}

impl From<MfaSpec> for Policy {
    fn from(spec: MfaSpec) -> Self {
        let rule = |rule: &RuleSpec| Rule {
            name: rule.name.clone(),
            when: When {
                applications: rule.applications.clone(),
                groups: rule.groups.clone(),
                scopes: rule.scopes.clone(),
            },
            ask: rule.ask(),
        };
        Self {
            everybody: spec.ask(),
            spare_forced: spec.spare_forced,
            rules: spec.rule.iter().map(rule).collect(),
        }
    }
}

impl From<&Policy> for MfaSpec {
    fn from(policy: &Policy) -> Self {
        let rule = |rule: &Rule| {
            let When { applications, groups, scopes } = rule.when.clone();
            let name = rule.name.clone();
            let spec =
                RuleSpec { name, applications, groups, scopes, policy: rule.ask.mode, ..RuleSpec::default() };
            spec.turned(&rule.ask)
        };
        let rule = policy.rules.iter().map(rule).collect();
        let spec = Self { policy: policy.mode(), spare_forced: policy.spare_forced, rule, ..Self::default() };
        spec.turned(&policy.everybody)
    }
}

/// Reads a policy from the flat tables of the file.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Policy, D::Error> {
    MfaSpec::deserialize(deserializer).map(Policy::from)
}

/// Writes a policy as the flat tables of the file.
pub(super) fn serialize<S: Serializer>(policy: &Policy, serializer: S) -> Result<S::Ok, S::Error> {
    MfaSpec::from(policy).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_in_every_spelling_and_written_in_one() {
        #[derive(Deserialize, Serialize)]
        struct File {
            at: Moment,
        }
        for (text, seconds, shown) in [
            ("\"2027-01-01\"", Some(1_798_761_600), "2027-01-01"),
            ("2027-01-01", Some(1_798_761_600), "2027-01-01"),
            ("\"2027-01-01T08:00:00+08:00\"", Some(1_798_761_600), "2027-01-01"),
            ("2027-01-01T08:30:00Z", Some(1_798_792_200), "2027-01-01T08:30:00Z"),
            ("\"2027-02-30\"", None, ""),
            ("\"2027-01-01T08:00:00\"", None, ""),
            ("2027-01-01T08:00:00", None, ""),
            ("\"soon\"", None, ""),
            ("08:00:00", None, ""),
            ("1798761600", None, ""),
        ] {
            let read = toml::from_str::<File>(&format!("at = {text}"));
            assert_eq!(read.as_ref().ok().map(|file| file.at.0.as_seconds()), seconds, "{text}");
            match read {
                Ok(file) => assert_eq!(file.at.to_string(), shown),
                Err(error) => assert!(error.message().contains("2027-01-01"), "{text}: {}", error.message()),
            }
        }
    }
}
