//! The locks of the hand-over (see `handover`). A file of their own, so that the model in `tests/handover.rs` can put
//! in locks whose every interleaving it tries.

pub(crate) use std::sync::{Mutex, PoisonError};
