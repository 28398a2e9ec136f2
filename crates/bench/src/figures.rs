//! What was measured, before anybody judges it or makes a report of it.

use crate::{
    machine::Machine,
    measure::{Comparison, Spread},
    workload::Work,
};
use serde::Serialize;

/// Everything.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) engines: Vec<EngineFigures>,
}

/// The figures of one database engine.
#[derive(Serialize)]
pub(crate) struct EngineFigures {
    pub(crate) database: String,
    pub(crate) starts: Option<Starts>,
    pub(crate) memory: Memory,
    pub(crate) floors: Floors,
    pub(crate) rows: Vec<Row>,
}

/// From starting the program to its first answer, in milliseconds.
#[derive(Serialize)]
pub(crate) struct Starts {
    pub(crate) warm_ms: Vec<f64>,
    pub(crate) first_ms: Vec<f64>,
}

/// Resident memory of the server.
#[derive(Serialize)]
pub(crate) struct Memory {
    pub(crate) idle_kib: u64,
    pub(crate) after_load_kib: u64,
    /// How many people signed in at once.
    pub(crate) storm: usize,
    pub(crate) storm_peak_kib: u64,
    /// Hashes at once.
    pub(crate) permits: usize,
    pub(crate) engine_is_sqlite: bool,
}

/// The floors by themselves, in microseconds of processor time.
#[derive(Serialize)]
pub(crate) struct Floors {
    pub(crate) hello: Spread,
    pub(crate) sign: Spread,
    pub(crate) commit: Spread,
    pub(crate) verify: Spread,
}

/// What one operation asks of the database.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Counted {
    #[serde(skip)]
    pub(crate) work: Work,
    pub(crate) statements: u64,
    pub(crate) trips: u64,
    pub(crate) commits: u64,
}

/// One workload.
#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) work: Work,
    #[serde(flatten)]
    pub(crate) counted: Counted,
    pub(crate) comparison: Comparison,
}
