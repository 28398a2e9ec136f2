//! What a declaration has to know of factors, without knowing any.

use crate::{credential::FactorKind, field::Fault};
use serde_json::Value;

/// What the factors of a program say of a pool that is declared; the registry of factors has the answers.
pub trait FactorRules {
    /// Everything that is wrong with the settings of a kind of factor, as they are declared; places are below the
    /// factor's own table.
    fn check_settings(&self, kind: &FactorKind, settings: &Value) -> Vec<Fault>;

    /// Whether a right answer shows no more than that the user reads the mailbox to which a password reset is mailed.
    fn is_mailbox(&self, kind: &FactorKind) -> bool;
}
