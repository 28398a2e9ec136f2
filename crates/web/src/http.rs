//! The wire: what a request says about itself, and answers that need no pool.
//!
//! Nothing here knows pages or use cases; it is the bottom of this crate.

pub(crate) mod certificate;
pub(crate) mod client_ip;
pub(crate) mod cookies;
pub(crate) mod form;
pub(crate) mod headers;
pub(crate) mod host;
pub(crate) mod log;
pub(crate) mod misdirected;
pub(crate) mod reply;
pub(crate) mod seldom;
