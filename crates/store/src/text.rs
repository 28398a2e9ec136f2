//! Values that a column holds as text: JSON and names. Errors name the column and never the value.

use crate::{error::StoreError, records::Hash};
use serde::{Serialize, de::DeserializeOwned};

pub(crate) fn to_json<T: Serialize>(value: &T, table: &str) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|_| StoreError::corrupt(table, "a document cannot be written as JSON"))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str, table: &str, column: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| {
        let place = format!("column {column} at character {}: {:?} error", error.column(), error.classify());
        StoreError::corrupt(table, &place)
    })
}

pub(crate) fn to_hash(bytes: Vec<u8>, table: &str, column: &str) -> Result<Hash, StoreError> {
    bytes.try_into().map_err(|_| StoreError::corrupt(table, &format!("column {column} is not 32 bytes")))
}

/// A count as the records have it; negative or huge ones cannot come from this program.
pub(crate) fn to_count(number: i64, table: &str, column: &str) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::corrupt(table, &format!("column {column} is out of range")))
}

/// A limit as the database takes it.
pub(crate) fn to_limit(limit: u64) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
