//! The server: the one place where the machine's clock, randomness, environment, files and signals enter.
//!
//! **Owns** the command line, the wiring of an [`App`](vestibule_flows::App) from settings, the workers in the
//! background (configuration, outgoing mail, sweeping), logging, and the demo.
//!
//! **Must not know** rules of sign-in, OAuth or factors: a command calls one use case of `flows` and says how it
//! ended.
//!
//! **To add a command**, give it a variant in `cli.rs` with an example in its help, and a function in a module of
//! `cli/`. A worker is a function in `workers.rs` or `outbox.rs` and a line in [`Vestibule`].

mod ambient;
mod cli;
mod console;
mod deliveries;
mod demo;
mod embed;
mod extras;
mod logouts;
mod mailer;
mod outbox;
mod permissions;
mod problem;
mod runtime;
mod serve;
mod specs;
mod telemetry;
mod tls;
mod workers;

pub use ambient::{Ambient, SystemClock, SystemEntropy};
pub use cli::{run, run_with};
pub use embed::{Builder, Purpose, Vestibule};
pub use extras::Extras;
pub use mailer::{Mailer, Undelivered};
pub use problem::Problem;
pub use runtime::{build_app, key_ring, open_store, require_current_schema};
pub use serve::{Running, start};
pub use specs::pool_specs;
pub use vestibule_config::{PoolFile, Settings};
pub use vestibule_flows::Actor;
pub use vestibule_mfa::Registry;
pub use vestibule_web::Site;
