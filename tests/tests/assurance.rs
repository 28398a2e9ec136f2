//! The published table of `acr` and `amr` is what the code says, and what the code says is what the design says.

use std::{collections::BTreeSet, fs, path::Path};
use vestibule_domain::Acr;
use vestibule_mfa::{Registry, assurance_document, truth_table};

#[test]
fn the_document_is_the_one_that_the_code_writes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/assurance.md");
    let written = fs::read_to_string(path).unwrap();
    let generated = assurance_document(&Registry::builtin());
    assert_eq!(written.trim_end(), generated.trim_end(), "run `cargo xtask generate`");
}

/// What the design says of a set of proofs, told by their names alone.
fn expected(names: &BTreeSet<&str>) -> (Acr, BTreeSet<&'static str>) {
    let has = |name: &str| names.contains(name);
    let (soft_key, hard_key) = (
        has("security-key") || has("passkey"),
        has("security-key (attested hardware)") || has("passkey (attested hardware)"),
    );
    let passkey = has("passkey") || has("passkey (attested hardware)");
    let possession = soft_key || hard_key || has("totp");
    let acr = match (passkey || (has("password") && possession), soft_key || hard_key, hard_key) {
        (false, _, _) => Acr::OneFactor,
        (true, false, _) => Acr::Mfa,
        (true, true, false) => Acr::Phr,
        (true, true, true) => Acr::Phrh,
    };
    let mut amr = BTreeSet::new();
    let mut say = |when: bool, values: &[&'static str]| amr.extend(values.iter().filter(|_| when).copied());
    say(has("password"), &["pwd"]);
    say(has("totp"), &["otp"]);
    say(has("email"), &["otp", "email"]);
    say(has("recovery"), &["rec"]);
    say(soft_key, &["swk", "user"]);
    say(hard_key, &["hwk", "user"]);
    say(acr >= Acr::Mfa, &["mfa"]);
    (acr, amr)
}

#[test]
fn every_combination_of_proofs_is_worth_what_the_design_says() {
    let table = truth_table(&Registry::builtin());
    // Password or not, TOTP, mailed code, recovery code or not, and each of the two keys: none, soft, or hard.
    let without_a_first_door = 2 * 2 * 2 * 3;
    assert_eq!(table.len(), 2 * 2 * 2 * 2 * 3 * 3 - without_a_first_door);
    for (names, acr, amr) in table {
        let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let got: BTreeSet<&str> = amr.iter().map(String::as_str).collect();
        assert_eq!((acr, got), expected(&names), "{names:?}");
    }
}
