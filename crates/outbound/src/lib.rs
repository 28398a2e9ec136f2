//! The one client through which the provider asks addresses that applications and tenants name.
//!
//! **Owns** what such a request may reach and cost: which addresses are public and which of the others a pool allows
//! ([`OutboundRules`]), the limits of time, size and number ([`Limits`]), what is remembered of a host that failed, and how
//! long a document is kept ([`Cached`]). Whoever names an address is taken for an attacker who wants the provider to ask its
//! own network (server-side request forgery), to wait, or to read without end.
//!
//! **Must not know** what is fetched or posted, and for which protocol. Time comes from a
//! [`Clock`](vestibule_domain::Clock), names from a [`Resolver`].
//!
//! **To add** another kind of request, write a method of [`Outbound`] that goes through the same `ask`; to refuse another
//! network, add it to the table in `address.rs`.

mod address;
mod cached;
mod client;
mod error;
mod freshness;
mod limits;
mod memory;
mod places;
mod resolver;
mod target;

pub use address::{OutboundRules, is_public};
pub use cached::Cached;
pub use client::{Fetched, Outbound, Tls};
pub use error::{AddressFault, OutboundError};
pub use limits::Limits;
pub use resolver::{Resolver, SystemResolver};
