//! The two engines: how each is opened and how each makes a group of changes atomic and durable. The only modules
//! that know which engine is there; operations do not.

pub(crate) mod job;
pub(crate) mod lanes;
pub(crate) mod postgres;
pub(crate) mod sqlite;
