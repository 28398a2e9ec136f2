//! Driving the whole product in headless Chromium: visitors with a cookie jar each, the demo application beside the
//! harness's server, an independent authenticator, and an inspector of pages.
//!
//! It owns: starting and ending the browser ([`Chromium`]), what a person does in a tab ([`Tab`]), the demo
//! application with its provider ([`Demo`]), the same for a pool from a file of `config/presets` ([`Preset`]), the eye of
//! an authenticator app ([`scan`]), relying parties that are programs ([`RelyingParty`]), and what every page must satisfy ([`Inspector`]). It must not know what any journey
//! means: that is in `tests/`. It is a package of its own because the browser's protocol takes long to
//! build.
//!
//! Programs are named by variables that `cargo xtask test` sets. A test that misses one says so and does nothing;
//! with `CI=true` it fails.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a harness fails loudly")]

mod chromium;
mod demo;
mod inspect;
mod keys;
mod party;
mod preset;
mod scan;
mod tab;

pub use chromium::Chromium;
pub use demo::{Authenticator, Demo};
pub use inspect::Inspector;
pub use keys::Key;
pub use party::{RelyingParty, java_program, script};
pub use preset::{Preset, assert_forbidden};
pub use scan::{Scanned, scan};
pub use tab::Tab;

use std::path::PathBuf;

/// The browser.
pub const CHROMIUM: &str = "VESTIBULE_TEST_CHROMIUM";
/// Node.js.
pub const NODE: &str = "VESTIBULE_TEST_NODE";
/// The directory whose `node_modules` holds what is borrowed from npm.
pub const NODE_TOOLS: &str = "VESTIBULE_TEST_NODE_TOOLS";
/// Python with what is borrowed from PyPI.
pub const PYTHON: &str = "VESTIBULE_TEST_PYTHON";
/// The directory with relying parties in Go.
pub const GO_PARTIES: &str = "VESTIBULE_TEST_GO_PARTIES";
/// Java's virtual machine.
pub const JAVA: &str = "VESTIBULE_TEST_JAVA";
/// The archive with relying parties and APIs in Java.
pub const JAVA_PARTIES: &str = "VESTIBULE_TEST_JAVA_PARTIES";
/// The archive with the application of Quarkus.
pub const QUARKUS: &str = "VESTIBULE_TEST_QUARKUS";
/// Apache.
pub const APACHE: &str = "VESTIBULE_TEST_APACHE";
/// Its module for OpenID Connect, among the others.
pub const MOD_AUTH_OPENIDC: &str = "VESTIBULE_TEST_MOD_AUTH_OPENIDC";
/// An agent that keeps tokens for command lines, beside its other programs.
pub const OIDC_AGENT: &str = "VESTIBULE_TEST_OIDC_AGENT";
/// Ruby with OmniAuth.
pub const RUBY: &str = "VESTIBULE_TEST_RUBY";
/// An independent authenticator.
pub const OATHTOOL: &str = "VESTIBULE_TEST_OATHTOOL";

/// What the variables name; `None` with a notice when one of them is missing.
///
/// # Panics
/// With `CI=true`, when one is missing.
pub fn tools<const N: usize>(variables: [&str; N]) -> Option<[PathBuf; N]> {
    let found = variables.map(|name| std::env::var_os(name).map(PathBuf::from));
    for (name, path) in variables.iter().zip(&found) {
        if path.is_none() {
            let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!ci, "{name} is not set, so nothing would be tested; run `cargo xtask test`");
            eprintln!("not run: {name} is not set; `cargo xtask test` sets it");
            return None;
        }
    }
    Some(found.map(Option::unwrap))
}
