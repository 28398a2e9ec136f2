//! `cargo xtask screenshots`: the documentation's pictures, taken from the running product.

use std::process::ExitCode;

use crate::{cargo, consent::Consent, needs, process};

/// Takes them, or those of `which`. The program that does is an example of the browser tests, so that this crate stays quick to build.
pub(crate) fn take(which: &[String], consent: Consent) -> anyhow::Result<ExitCode> {
    let (chromium, oathtool) = needs::browser(consent)?;
    let mut take = cargo::cargo();
    take.args(["run", "--quiet", "--package", "vestibule-browser-tests", "--example", "screenshots"])
        .args(cargo::locked())
        .arg("--")
        .args(which)
        .env("VESTIBULE_TEST_CHROMIUM", chromium)
        .env("VESTIBULE_TEST_OATHTOOL", oathtool);
    Ok(ExitCode::from(u8::from(!process::run(take, false)?.success())))
}
