//! What applications sign.

use std::collections::BTreeSet;
use vestibule_domain::{Client, Strictness};
use vestibule_jose::Alg;

/// The algorithms that count in what an application signs.
pub(crate) const FOREIGN_ALGS: [Alg; 4] = [Alg::Ps256, Alg::Es256, Alg::EdDsa, Alg::Rs256];

/// Those without RSASSA-PKCS1-v1_5 (FAPI 2.0 Security Profile §5.4.1).
const WITHOUT_RS256: [Alg; 3] = [Alg::Ps256, Alg::Es256, Alg::EdDsa];

/// The algorithms that count in what this application signs.
pub fn foreign_algs(client: &Client) -> &'static [Alg] {
    algs_of(&client.strict)
}

/// The algorithms that count in what an application signs of which this is asked.
pub(crate) fn algs_of(strict: &BTreeSet<Strictness>) -> &'static [Alg] {
    if strict.contains(&Strictness::NoRs256) { &WITHOUT_RS256 } else { &FOREIGN_ALGS }
}
