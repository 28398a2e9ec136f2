//! Factors that take any settings; the one of kind `email` is a mailbox.

use serde_json::Value;
use vestibule_domain::{FactorKind, FactorRules, Fault};

pub(crate) struct Factors;

impl FactorRules for Factors {
    fn check_settings(&self, _: &FactorKind, _: &Value) -> Vec<Fault> {
        Vec::new()
    }

    fn is_mailbox(&self, kind: &FactorKind) -> bool {
        kind.as_str() == "email"
    }
}
