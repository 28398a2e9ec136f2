//! What a factor has settings of its own for: kept by pool, read and checked by the factor alone.

use crate::factor::FactorError;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use vestibule_domain::{
    FactorKind, PoolSettings,
    field::{Fault, Faults, FieldPath},
};

/// Settings that a factor keeps in a pool: an object with a default for every field that is left out.
pub trait FactorSettings: DeserializeOwned + JsonSchema + Default {
    /// Everything that is wrong with a value although its types fit; places are below the factor's own table.
    fn check(&self, _faults: &mut Faults) {}

    /// The settings of a factor in a pool.
    ///
    /// # Errors
    /// [`FactorError::Internal`] when what is stored is not in the factor's form.
    fn of(pool: &PoolSettings, kind: &FactorKind) -> Result<Self, FactorError> {
        let Some(settings) = pool.factors.get(kind) else { return Ok(Self::default()) };
        Self::deserialize(settings)
            .map_err(|error| FactorError::Internal(format!("the settings of {kind}: {error}")))
    }

    /// Everything that is wrong with settings as they are declared.
    fn faults(settings: &Value) -> Vec<Fault> {
        let mut faults = Faults::default();
        match Self::deserialize(settings) {
            Ok(read) => read.check(&mut faults),
            Err(error) => faults.add(
                &FieldPath::root(),
                Fault::new(error.to_string()).hint("`vestibule schema pools` lists what each factor takes"),
            ),
        }
        faults.into_vec()
    }

    /// The JSON Schema of the settings, for editors of pool files.
    fn schema() -> Value {
        schemars::SchemaGenerator::new(schemars::generate::SchemaSettings::default().with(|s| {
            s.inline_subschemas = true;
            s.meta_schema = None;
        }))
        .into_root_schema_for::<Self>()
        .to_value()
    }
}
