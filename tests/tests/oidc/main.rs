//! What applications rely on: the parameters of a request, the tokens, the documents, and what they refuse.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod accounts;
mod acr;
mod apis;
mod certificates;
mod claims;
mod clients;
mod consent;
mod defaults;
mod device;
mod discovery;
mod documents;
mod encryption;
mod exchange;
mod fapi;
mod freshness;
mod front_channel;
mod hints;
mod jwt_bearer;
mod keys;
mod logout;
mod machines;
mod pairwise;
mod profiles;
mod proofs;
mod refresh;
mod registration;
mod requests;
mod resource_server;
mod support;
mod tls;
