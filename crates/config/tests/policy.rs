//! What people write wrong about second factors, and what they are told.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "support/factors.rs"]
mod factors;

use factors::Factors;
use std::path::Path;

use serde_json::{Value, json};
use vestibule_config::{PoolFile, PoolSpec};
use vestibule_domain::policy::{AfterRecovery, Ask, Proof};
use vestibule_domain::{Acr, FactorKind, FactorRules, Fault, FieldPath, MfaMode};

const POOL: &str = "[[pool]]\nslug = \"acme\"\nname = \"Acme\"\norigin = \"https://acme.example\"\n";
const MAIL: &str = "password_reset = true\n";

fn pool(text: &str) -> PoolSpec {
    PoolFile::parse(Some(Path::new("p.toml")), &format!("{POOL}{text}"), &Factors)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .pool
        .remove(0)
}

/// (line, key below the pool, cause) of every problem; line 5 is the first of `text`.
fn problems(text: &str) -> Vec<(usize, String, String)> {
    let Err(error) = PoolFile::parse(Some(Path::new("p.toml")), &format!("{POOL}{text}"), &Factors) else {
        return Vec::new();
    };
    for problem in &error.problems {
        assert!(problem.expected.is_some() && problem.hint.is_some(), "no remedy: {problem}");
    }
    let of = |key: Option<String>| key.unwrap_or_default().trim_start_matches("pool[0].").to_owned();
    error.problems.into_iter().map(|p| (p.line.unwrap(), of(p.key), p.cause)).collect()
}

#[track_caller]
fn refused(text: &str, line: usize, key: &str, cause: &str) {
    let found = problems(text);
    let [(at, name, why)] = found.as_slice() else { panic!("not one problem in {text}: {found:?}") };
    assert_eq!((*at, name.as_str()), (line, key), "{text}: {why}");
    assert!(why.contains(cause), "{text}: {why}");
}

#[test]
fn everything_can_be_said() {
    let pool = pool(
        r##"
admin_group = "admins"

[pool.mfa]
policy = "required"
required_from = 2027-01-01
skips = 3
min_acr = "mfa"
locked = true
factors = ["totp", "passkey", "acme-badge"]
distinct = [["password", "email"], ["passkey", "security-key"]]
enrol = "password"
remove = "factor"
disable = "password-and-factor"
regenerate = "recent"
after_recovery = "enrol"
remember_days = 30
spare_forced = true

[[pool.mfa.rule]]
name = "payments by passkey"
applications = ["payments"]
groups = ["staff"]
scopes = ["transfer"]
min_acr = "phr"
factors = ["passkey"]
remember_days = 0

[pool.branding]
support_email = "help@acme.example"

[pool.enrolment]
experimental = true

[pool.factor.recovery]
codes = 1

[pool.factor.totp]
show_secret = false

[[pool.factor.totp.authenticator]]
name = "Acme Codes"
android = "https://play.google.com/store/apps/details?id=com.example.codes"

[pool.factor.passkey]
aaguids = ["2fc0579f-8113-47ea-b116-bb5a8db9202a"]
attestation_roots = ["""
-----BEGIN CERTIFICATE-----
MIIB
-----END CERTIFICATE-----
"""]

[pool.texts.en]
totp-code = "Security code"

[pool.texts.zh-Hans]
totp-code = "安全码"
"##,
    );
    let asked = &pool.mfa.everybody;
    assert_eq!(asked.mode, Some(MfaMode::Required));
    assert_eq!(asked.required_from.unwrap().as_seconds(), 1_798_761_600);
    assert_eq!((asked.skips, asked.locked, asked.remember_days), (Some(3), Some(true), Some(30)));
    assert_eq!((asked.enrol, asked.disable), (Some(Proof::Password), Some(Proof::PasswordAndFactor)));
    assert_eq!(asked.after_recovery, Some(AfterRecovery::Enrol));
    assert!(pool.mfa.spare_forced);
    let rule = &pool.mfa.rules[0];
    let expected = Ask {
        min_acr: Some(Acr::Phr),
        factors: Some(vec![FactorKind::new("passkey")]),
        remember_days: Some(0),
        ..Ask::default()
    };
    assert_eq!(rule.ask, expected);
    let own = |kind, key: &str| &pool.factor[&FactorKind::new(kind)][key];
    assert_eq!((own("recovery", "codes"), own("totp", "show_secret")), (&json!(1), &json!(false)));
    assert_eq!(own("totp", "authenticator")[0]["name"], "Acme Codes");
    assert_eq!(pool.texts["zh-Hans"]["totp-code"], "安全码");
}

#[test]
fn what_is_left_out_is_not_decided() {
    let pool = pool("");
    let expected = Ask { mode: Some(MfaMode::Optional), ..Ask::default() };
    assert_eq!(pool.mfa.everybody, expected);
    assert!(!pool.enrolment.experimental);
    assert!(pool.admin_group.is_none() && pool.texts.is_empty() && pool.factor.is_empty());
}

#[test]
fn rules_have_names_conditions_and_something_to_ask() {
    let rule = |lines: &str| format!("[[pool.mfa.rule]]\n{lines}");
    let asks = "groups = [\"staff\"]\npolicy = \"required\"\n";
    assert!(problems(&rule(&format!("name = \"staff\"\n{asks}"))).is_empty());
    for name in ["pool", "Default", "request", "application shop", "Application x"] {
        refused(&rule(&format!("name = \"{name}\"\n{asks}")), 6, "mfa.rule[0].name", "taken");
    }
    refused(&rule(&format!("name = \" \"\n{asks}")), 6, "mfa.rule[0].name", "not a name");
    let twice = format!(
        "{}{}",
        rule(&format!("name = \"staff\"\n{asks}")),
        rule(&format!("name = \"Staff\"\n{asks}"))
    );
    refused(&twice, 10, "mfa.rule[1].name", "there twice");
    refused(&rule("name = \"a\"\npolicy = \"required\"\n"), 5, "mfa.rule[0]", "without a condition");
    refused(&rule("name = \"a\"\ngroups = [\"staff\"]\n"), 5, "mfa.rule[0]", "asks nothing");
    refused(&rule(asks), 5, "mfa.rule[0]", "missing key `name`");
    refused(
        &rule(&format!("name = \"a\"\nscopes = [\"\"]\n{asks}")),
        7,
        "mfa.rule[0].scopes[0]",
        "not a name",
    );
    refused(
        &rule(&format!("name = \"a\"\n{asks}rembember_days = 3\n")),
        9,
        "mfa.rule[0].rembember_days",
        "unknown key",
    );
}

#[test]
fn only_what_is_required_can_be_put_off() {
    for (key, value) in [("required_from", "\"2027-01-01\""), ("skips", "3")] {
        assert!(problems(&format!("[pool.mfa]\npolicy = \"required\"\n{key} = {value}\n")).is_empty());
        for policy in ["", "policy = \"optional\"\n", "policy = \"off\"\n"] {
            let line = if policy.is_empty() { 6 } else { 7 };
            let text = format!("[pool.mfa]\n{policy}{key} = {value}\n");
            refused(&text, line, &format!("mfa.{key}"), "not required");
        }
        // The pool's own `required` is another table.
        let rule = format!(
            "[pool.mfa]\npolicy = \"required\"\n[[pool.mfa.rule]]\nname = \"a\"\ngroups = [\"b\"]\n{key} = {value}\n"
        );
        refused(&rule, 10, &format!("mfa.rule[0].{key}"), "not required");
    }
    refused(
        "[pool.mfa]\npolicy = \"required\"\nrequired_from = \"soon\"\n",
        7,
        "mfa.required_from",
        "does not fit",
    );
    refused("[pool.mfa]\npolicy = \"required\"\nskips = 0\n", 7, "mfa.skips", "out of range");
    refused("[pool.mfa]\nremember_days = 366\n", 6, "mfa.remember_days", "out of range");
}

#[test]
fn kinds_are_names_and_the_password_is_none_of_them() {
    for kind in ["TOTP", "", "1totp", "a b", "-x", "tötp"] {
        refused(
            &format!("[pool.mfa]\nfactors = [\"totp\", \"{kind}\"]\n"),
            6,
            "mfa.factors[1]",
            "not a kind",
        );
    }
    refused("[pool.mfa]\nfactors = [\"totp\", \"password\"]\n", 6, "mfa.factors[1]", "first factor");
    refused("[pool.mfa]\nfactors = [\"totp\", \"totp\"]\n", 6, "mfa.factors[1]", "there twice");
    refused("[pool.mfa]\ndistinct = [[\"password\"]]\n", 6, "mfa.distinct[0]", "keeps nothing apart");
    refused("[pool.mfa]\nenrol = \"passwort\"\n", 6, "mfa.enrol", "not allowed here");
}

#[test]
fn a_policy_that_lets_nobody_in_is_refused() {
    let none = "factors = []\n";
    refused(&format!("[pool.mfa]\npolicy = \"required\"\n{none}"), 7, "mfa.factors", "nobody could sign in");
    refused(&format!("[pool.mfa]\nmin_acr = \"mfa\"\n{none}"), 7, "mfa.factors", "nobody could sign in");
    assert!(problems(&format!("[pool.mfa]\nmin_acr = \"1fa\"\n{none}")).is_empty(), "nobody is asked");
    let rule = |pool: &str, asks: &str| {
        format!("[pool.mfa]\n{pool}[[pool.mfa.rule]]\nname = \"a\"\ngroups = [\"b\"]\n{asks}")
    };
    let totp = "factors = [\"totp\"]\n";
    refused(&rule("policy = \"required\"\n", none), 10, "mfa.rule[0].factors", "nobody could sign in");
    refused(&rule(none, "policy = \"required\"\n"), 10, "mfa.rule[0].policy", "nobody could sign in");
    let apart = rule(totp, "factors = [\"passkey\"]\nmin_acr = \"phr\"\n");
    refused(&apart, 10, "mfa.rule[0].factors", "nobody could sign in");
    assert!(problems(&rule(totp, "factors = [\"totp\", \"passkey\"]\npolicy = \"required\"\n")).is_empty());
    refused(
        "[pool.mfa]\npolicy = \"off\"\nafter_recovery = \"enrol\"\n",
        7,
        "mfa.after_recovery",
        "leads nowhere",
    );
}

#[test]
fn a_mailbox_never_opens_both_doors() {
    let mail = "[pool.mfa]\nfactors = [\"totp\", \"email\"]\n";
    refused(&format!("{MAIL}{mail}"), 7, "mfa.factors[1]", "open both factors");
    assert!(problems(mail).is_empty(), "without a reset by mail it is a second factor");
    assert!(problems(&format!("{MAIL}{mail}distinct = [[\"password\", \"email\"]]\n")).is_empty());
    let rule = "[[pool.mfa.rule]]\nname = \"a\"\ngroups = [\"b\"]\nfactors = [\"email\"]\n";
    refused(&format!("{MAIL}{rule}"), 9, "mfa.rule[0].factors[0]", "open both factors");
    assert!(
        problems(&format!("{MAIL}[pool.mfa]\nfactors = [\"totp\"]\n{rule}")).is_empty(),
        "a rule cannot allow what the pool does not"
    );
}

#[test]
fn an_experiment_has_somebody_to_turn_to() {
    refused("[pool.enrolment]\nexperimental = true\n", 6, "enrolment.experimental", "anybody to turn to");
}

struct Abacus;

impl FactorRules for Abacus {
    fn check_settings(&self, kind: &FactorKind, settings: &Value) -> Vec<Fault> {
        assert_eq!((kind.as_str(), settings), ("abacus", &json!({ "beads": 3, "rods": [1, 0] })));
        vec![Fault::new("an empty rod").below(&FieldPath::root().key("rods").index(1))]
    }

    fn is_mailbox(&self, _: &FactorKind) -> bool {
        false
    }
}

#[test]
fn own_words_are_read_under_the_keys_that_they_had_before() {
    let texts = "mail-code-used-lead = \"a\"\nmail-codes-low-lead = \"b\"\nmail-email-code-lead = \"c\"\n";
    let pool = pool(&format!("[pool.texts.en]\n{texts}login-passkey = \"d\"\n"));
    let words: Vec<(&str, &str)> = pool.texts["en"].iter().map(|(key, text)| (&**key, &**text)).collect();
    let expected = [
        ("factor-email-mail-lead", "c"),
        ("factor-passkey-sign-in", "d"),
        ("factor-recovery-low-lead", "b"),
        ("factor-recovery-used-lead", "a"),
    ];
    assert_eq!(words, expected);
    // What is wrong is told under the key that the file has.
    refused("[pool.texts.en]\nlogin-passkey = \"\"\n", 6, "texts.en.login-passkey", "");
}

#[test]
fn a_factor_judges_its_own_settings_and_is_told_with_the_line() {
    let text = format!("{POOL}[pool.factor.abacus]\nbeads = 3\nrods = [1,\n  0]\n");
    let error = PoolFile::parse(Some(Path::new("p.toml")), &text, &Abacus).err().unwrap();
    let [problem] = error.problems.as_slice() else { panic!("{error}") };
    assert_eq!((problem.line, problem.key.as_deref()), (Some(8), Some("pool[0].factor.abacus.rods[1]")));
    assert_eq!(problem.cause, "an empty rod");
}

#[test]
fn settings_of_factors_that_stood_elsewhere_are_told_their_place() {
    for (text, place) in [
        ("[pool.enrolment]\nrecovery_codes = 1\n", "`codes` in [pool.factor.recovery]"),
        ("[pool.enrolment]\nshow_secret = false\n", "[pool.factor.totp]"),
        ("[[pool.enrolment.authenticator]]\nname = \"Codes\"\n", "[[pool.factor.totp.authenticator]]"),
        ("[pool.webauthn]\naaguids = []\n", "[pool.factor.passkey]"),
    ] {
        let error = PoolFile::parse(None, &format!("{POOL}{text}"), &Factors).err().unwrap();
        assert!(error.to_string().contains(place), "{text}: {error}");
    }
}

#[test]
fn own_words_are_one_line_of_text() {
    refused("[pool.texts.English]\na = \"x\"\n", 5, "texts.English", "not a language");
    refused("[pool.texts.en]\na = \" \"\n", 6, "texts.en.a", "not a text");
    refused("[pool.texts.en]\na = \"x\\ny\"\n", 6, "texts.en.a", "not a text");
    refused(&format!("[pool.texts.en]\na = \"{}\"\n", "x".repeat(1001)), 6, "texts.en.a", "not a text");
    refused("admin_group = \"\"\n", 5, "admin_group", "not a name");
}
