//! `[pool.mfa]`: who is asked for a second factor, and what goes with it.
//!
//! What the pool asks of everybody and what a rule asks are the same knobs; they stand in the file without a table of
//! their own, so both structs are made from one list of fields.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error as _, MapAccess, Unexpected, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use super::AcrLevel;

/// Who is asked for a second factor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MfaPolicyKind {
    /// Nobody new: enrolment is not offered. Who has a factor is still asked for it.
    Off,
    /// Whoever has enrolled one.
    #[default]
    Optional,
    /// Everybody; who has none must enrol one at sign-in.
    Required,
}

/// What a change of factors needs beside what every sign-in to the pool needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProofKind {
    /// What the sign-in asked for, given recently. Taking a factor away needs a factor or a recovery code in any case.
    #[default]
    Recent,
    /// The password, typed once more.
    Password,
    /// A factor or a recovery code, once more.
    Factor,
    /// Both.
    PasswordAndFactor,
}

/// What a recovery code leads to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AfterRecoveryKind {
    /// A full session, and the advice to enrol anew.
    #[default]
    Session,
    /// Nothing but a new enrolment; the old device stops working.
    Enrol,
}

/// A moment: in the file a date (midnight UTC) or an RFC 3339 date-time, quoted or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

impl Moment {
    /// From seconds since the Unix epoch.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0
    }

    /// Reads a date or a date-time with an offset.
    fn parse(text: &str) -> Option<Self> {
        let is_date = text.len() == "2027-01-01".len();
        let completed = is_date.then(|| format!("{text}T00:00:00Z"));
        let moment = OffsetDateTime::parse(completed.as_deref().unwrap_or(text), &Rfc3339).ok()?;
        Some(Self(moment.unix_timestamp()))
    }
}

impl fmt::Display for Moment {
    /// As a date where it is midnight UTC, else as an RFC 3339 date-time.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = OffsetDateTime::from_unix_timestamp(self.0).map_err(|_| fmt::Error)?;
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

/// What a table asks, whether of everybody or by a rule. What is `None` it does not decide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Knobs {
    /// Who is asked for a second factor.
    pub policy: Option<MfaPolicyKind>,
    /// With `required`: until then enrolment is only proposed.
    pub required_from: Option<Moment>,
    /// With `required`: how often enrolment may be put off first.
    pub skips: Option<u32>,
    /// The least assurance of every sign-in.
    pub min_acr: Option<AcrLevel>,
    /// Whether the last factor can no longer be removed.
    pub locked: Option<bool>,
    /// Kinds of factors that may be enrolled and used.
    pub factors: Option<Vec<String>>,
    /// Kinds that are one thing in the tenant's eyes.
    pub distinct: Vec<Vec<String>>,
    /// What enrolling needs.
    pub enrol: Option<ProofKind>,
    /// What removing one factor needs.
    pub remove: Option<ProofKind>,
    /// What switching the second factor off needs.
    pub disable: Option<ProofKind>,
    /// What new recovery codes need.
    pub regenerate: Option<ProofKind>,
    /// What follows a recovery code.
    pub after_recovery: Option<AfterRecoveryKind>,
    /// For how many days a browser may be remembered.
    pub remember_days: Option<u32>,
}

/// A struct of the file with fields of its own and the knobs beside them.
macro_rules! with_knobs {
    ($(#[$outer:meta])* pub struct $name:ident { $($(#[$inner:meta])* pub $field:ident: $type:ty,)* }) => {
        $(#[$outer])*
        pub struct $name {
            $($(#[$inner])* pub $field: $type,)*
            /// With `required`: until then an enrolment is proposed, and only from then on required. A date means
            /// midnight UTC.
            #[serde(default)]
            pub required_from: Option<Moment>,
            /// With `required`: how often a user may put the enrolment off first.
            #[serde(default)]
            #[schemars(range(min = 1, max = 100))]
            pub skips: Option<u32>,
            /// The least assurance of every sign-in.
            #[serde(default)]
            pub min_acr: Option<AcrLevel>,
            /// Whether the last factor can no longer be removed by its owner.
            #[serde(default)]
            pub locked: Option<bool>,
            /// The kinds of factors that may be enrolled and used, such as `totp`, `passkey`, `security-key`, `email`;
            /// when left out, all that are on by default. Recovery codes are none of them: `enrolment.recovery_codes`.
            #[serde(default)]
            #[schemars(inner(regex(pattern = r"^[a-z][a-z0-9-]*$")))]
            pub factors: Option<Vec<String>>,
            /// Lists of kinds that are one thing in the tenant's eyes: `[["password", "email"]]` says that who came in
            /// by password is not let through the second factor by a mailed code.
            #[serde(default)]
            pub distinct: Vec<Vec<String>>,
            /// What enrolling a factor needs.
            #[serde(default)]
            pub enrol: Option<ProofKind>,
            /// What removing one factor needs.
            #[serde(default)]
            pub remove: Option<ProofKind>,
            /// What switching the second factor off needs.
            #[serde(default)]
            pub disable: Option<ProofKind>,
            /// What making new recovery codes needs.
            #[serde(default)]
            pub regenerate: Option<ProofKind>,
            /// What follows a recovery code.
            #[serde(default)]
            pub after_recovery: Option<AfterRecoveryKind>,
            /// For how many days a browser may be remembered, so that it is not asked for a second factor again; 0, as
            /// when left out, for never. What is remembered never counts as a proof.
            #[serde(default)]
            #[schemars(range(max = 365))]
            pub remember_days: Option<u32>,
        }

        impl $name {
            /// What this table asks.
            #[must_use]
            pub fn knobs(&self) -> Knobs {
                Knobs {
                    policy: self.policy.into(),
                    required_from: self.required_from,
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
            fn turned(self, knobs: Knobs) -> Self {
                Self {
                    required_from: knobs.required_from,
                    skips: knobs.skips,
                    min_acr: knobs.min_acr,
                    locked: knobs.locked,
                    factors: knobs.factors,
                    distinct: knobs.distinct,
                    enrol: knobs.enrol,
                    remove: knobs.remove,
                    disable: knobs.disable,
                    regenerate: knobs.regenerate,
                    after_recovery: knobs.after_recovery,
                    remember_days: knobs.remember_days,
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
    pub struct MfaSpec {
        /// Who is asked for a second factor.
        #[serde(default)]
        pub policy: MfaPolicyKind,
        /// Whether who had to enrol is no longer asked for the factor once no rule requires one; who chose to enrol still
        /// is.
        #[serde(default)]
        pub spare_forced: bool,
        /// Rules, each a `[[pool.mfa.rule]]` table.
        #[serde(default)]
        pub rule: Vec<RuleSpec>,
    }
}

with_knobs! {
    /// One rule. It applies when everything that is named fits: one of the applications, one of the groups, one of the
    /// scopes. What it leaves out it does not decide.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct RuleSpec {
        /// Its name, unique in the pool: what an admin reads when a user wonders.
        pub name: String,
        /// `client_id`s, one of which asks.
        #[serde(default)]
        pub applications: Vec<String>,
        /// Groups, one of which the user is in.
        #[serde(default)]
        pub groups: Vec<String>,
        /// Scopes, one of which is asked for.
        #[serde(default)]
        pub scopes: Vec<String>,
        /// Who is asked for a second factor.
        #[serde(default)]
        pub policy: Option<MfaPolicyKind>,
    }
}

impl MfaSpec {
    /// A table that asks this of everybody.
    #[must_use]
    pub fn of(knobs: Knobs, spare_forced: bool, rule: Vec<RuleSpec>) -> Self {
        let policy = knobs.policy.unwrap_or_default();
        Self { policy, spare_forced, rule, ..Self::default() }.turned(knobs)
    }
}

impl RuleSpec {
    /// A rule of that name that asks this; its conditions are to be filled in.
    #[must_use]
    pub fn of(name: String, knobs: Knobs) -> Self {
        Self { name, policy: knobs.policy, ..Self::default() }.turned(knobs)
    }
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
            assert_eq!(read.as_ref().ok().map(|file| file.at.as_seconds()), seconds, "{text}");
            match read {
                Ok(file) => assert_eq!(file.at.to_string(), shown),
                Err(error) => assert!(error.message().contains("2027-01-01"), "{text}: {}", error.message()),
            }
        }
    }
}
