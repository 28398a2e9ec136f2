//! The pages of a sign-in, in the order in which people see them.

pub(crate) mod address;
pub(crate) mod challenge;
pub(crate) mod consent;
pub(crate) mod device;
pub(crate) mod enrolment;
pub(crate) mod language;
pub(crate) mod leave;
pub(crate) mod password;
pub(crate) mod passwordless;
pub(crate) mod recovered;
pub(crate) mod register;
pub(crate) mod reset;
