//! Typed settings of the server and the declarative pool file.
//!
//! This crate owns two file formats and nothing else:
//!
//! * [`Settings`]: what `vestibule serve` needs to run (TOML file, then environment variables);
//! * [`PoolFile`]: pools, applications and users as `vestibule apply FILE` reads them.
//!
//! Both are read strictly. A key that is unknown, missing, of the wrong type or out of range is a
//! [`ConfigError`] that names file, line and column, what was expected and what to do, and never
//! repeats a secret. The values of a pool file are the domain's own, and so are the rules of its fields; this
//! crate adds the shape of the file and the place of what is wrong. It must not know the store, a page, a
//! factor or any other crate of the product.
//!
//! **Adding a setting**: add a documented field with its default to the struct in `settings.rs`, a range
//! check to `settings/check.rs` if it has one, a line to `config/default.toml`, and regenerate the
//! schemas (`cargo xtask generate`). The environment
//! variable (`VESTIBULE__SECTION__KEY`) and the schema follow from the struct.
//!
//! **Adding a knob of the second-factor policy**: a field in the domain's `Ask` and in the `with_knobs!` list of
//! `pools/mfa.rs`, its check in the domain's `policy/check.rs`, the schemas.
//!
//! **Adding a preset**: a pool file in `config/presets/`; the tests find it there.

mod document;
mod error;
mod overrides;
mod pools;
mod repair;
mod secret;
mod settings;

use std::collections::BTreeMap;

pub use error::{ConfigError, Problem};
pub use pools::{Branding, ClientSpec, PoolFile, PoolSpec, UserSpec};
pub use secret::{DatabaseUrl, SecretText};
pub use settings::{
    Database, Log, LogFormat, LogLevel, Mail, PasswordHashing, Secrets, Server, Settings, SmtpSecurity,
    TlsSettings,
};

/// Name of the environment variable that carries the key ring itself; it wins over `secrets.key_ring_file`.
pub const KEY_RING_VARIABLE: &str = "VESTIBULE_KEY_RING";

/// Prefix of the environment variables that override one setting each: `VESTIBULE__SERVER__LISTEN`.
pub const OVERRIDE_PREFIX: &str = "VESTIBULE__";

/// Reads a moment as files and commands write it: a date (midnight UTC) or a date with a time and an offset (RFC 3339).
#[must_use]
pub fn parse_moment(text: &str) -> Option<vestibule_domain::Timestamp> {
    pools::moment(text)
}

/// The JSON Schema of the settings file.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Settings).to_value()
}

/// The JSON Schema of the pool file; `factors` are the schemas of the factors' own settings, by kind.
#[must_use]
pub fn pools_json_schema(factors: BTreeMap<String, serde_json::Value>) -> serde_json::Value {
    let mut schema = schemars::schema_for!(PoolFile).to_value();
    if let Some(factor) = schema.pointer_mut("/$defs/PoolSpec/properties/factor") {
        factor["properties"] = factors.into_iter().collect::<serde_json::Map<_, _>>().into();
        factor["additionalProperties"] = false.into();
    }
    schema
}

/// Every generated schema that this crate knows alone: path below the repository root, and exact file contents. The
/// pool file's has the factors' in it, so that the whole program writes it.
///
/// A test compares them with the files; `xtask` writes them.
#[must_use]
pub fn generated_schemas() -> [(&'static str, String); 1] {
    [("config/schema/settings.schema.json", rendered(&json_schema()))]
}

fn rendered(schema: &serde_json::Value) -> String {
    format!("{schema:#}\n")
}
