//! What relying parties talk to.

pub(crate) mod authorize;
pub(crate) mod device;
pub(crate) mod documents;
pub(crate) mod introspection;
pub(crate) mod logout;
pub(crate) mod pushed;
pub(crate) mod registration;
pub(crate) mod revocation;
pub(crate) mod scripts;
pub(crate) mod token;
pub(crate) mod userinfo;
