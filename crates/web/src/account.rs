//! The user center.

pub(crate) mod activity;
pub(crate) mod address;
pub(crate) mod apps;
pub(crate) mod card;
pub(crate) mod data;
pub(crate) mod enrolment;
pub(crate) mod factors;
pub(crate) mod home;
pub(crate) mod password;
pub(crate) mod profile;
pub(crate) mod removal;
pub(crate) mod sessions;
