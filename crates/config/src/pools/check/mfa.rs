//! The second-factor policy: what contradicts itself, and what would let nobody in.

use std::collections::BTreeSet;

use super::{Report, check_text};
use crate::document::KeyPath;
use crate::error::Problem;
use crate::pools::{AcrLevel, AfterRecoveryKind, Knobs, MfaPolicyKind, PoolSpec, RuleSpec};

/// Names under which something else than a rule of the table is explained.
const RESERVED: [&str; 3] = ["pool", "default", "request"];

/// The kind of the first factor, and the one whose code is mailed to where a password reset is mailed, too.
const PASSWORD: &str = "password";
const EMAIL: &str = "email";

pub(super) fn check(report: &mut Report<'_, '_>, pool_path: &KeyPath, pool: &PoolSpec) {
    let path = pool_path.key("mfa");
    let everybody = pool.mfa.knobs();
    check_knobs(report, &path, &everybody);
    let rules = path.key("rule");
    let each = || pool.mfa.rule.iter().enumerate().map(|(index, rule)| (rules.index(index), rule));
    for (path, rule) in each() {
        check_rule(report, &path, rule);
    }
    report.unique("rule name", each().map(|(path, rule)| (path.key("name"), rule.name.to_lowercase())));

    if let Some(problem) = shut_out(&everybody, &everybody) {
        report.add(&path.key("factors"), problem);
    } else {
        for (path, rule) in each() {
            let asked = rule.knobs();
            if let Some(problem) = shut_out(&everybody, &asked) {
                let key = if asked.factors.is_some() { "factors" } else { "policy" };
                report.add(&path.key(key), problem);
            }
        }
    }
    check_mailbox(report, pool_path, pool, &everybody);
}

fn check_rule(report: &mut Report<'_, '_>, path: &KeyPath, rule: &RuleSpec) {
    check_text(report, &path.key("name"), &rule.name);
    let name = rule.name.trim().to_lowercase();
    let reserved = RESERVED.contains(&name.as_str()) || name.starts_with("application ");
    report.require(!reserved, &path.key("name"), || {
        Problem::new("this name is taken")
            .expected("a name that says what the rule is for, such as \"staff need a passkey\"")
            .found(format!("{:?}", rule.name))
            .hint(
                "rename it: explanations use pool, default, request and \"application …\" for something else",
            )
    });
    let conditions =
        [("applications", &rule.applications), ("groups", &rule.groups), ("scopes", &rule.scopes)];
    report.require(conditions.iter().any(|(_, listed)| !listed.is_empty()), path, || {
        Problem::new("a rule without a condition")
            .expected("at least one of applications, groups and scopes")
            .hint("say when it applies; what everybody is asked stands in [pool.mfa] itself")
    });
    for (key, listed) in conditions {
        for (index, text) in listed.iter().enumerate() {
            check_text(report, &path.key(key).index(index), text);
        }
    }
    let knobs = rule.knobs();
    report.require(knobs != Knobs::default(), path, || {
        Problem::new("a rule that asks nothing")
            .expected("at least one knob, such as policy = \"required\"")
            .hint("say what it asks, or remove it; `vestibule schema pools` lists the knobs")
    });
    check_knobs(report, path, &knobs);
}

fn check_knobs(report: &mut Report<'_, '_>, path: &KeyPath, knobs: &Knobs) {
    let required = knobs.policy == Some(MfaPolicyKind::Required);
    for (key, given) in [("required_from", knobs.required_from.is_some()), ("skips", knobs.skips.is_some())] {
        report.require(required || !given, &path.key(key), || {
            Problem::new(format!("`{key}` puts off something that is not required"))
                .expected("policy = \"required\" in the same table")
                .hint(format!("set policy = \"required\", or remove `{key}`"))
        });
    }
    within(report, &path.key("skips"), knobs.skips, 1, 100);
    within(report, &path.key("remember_days"), knobs.remember_days, 0, 365);
    if let Some(kinds) = &knobs.factors {
        let path = path.key("factors");
        check_kinds(report, &path, kinds);
        if let Some(index) = kinds.iter().position(|kind| kind == PASSWORD) {
            let problem = Problem::new("the password is the first factor, not a second factor")
                .expected("kinds such as \"totp\" or \"passkey\"")
                .found("\"password\"");
            report.add(&path.index(index), problem.hint("remove it"));
        }
    }
    for (index, group) in knobs.distinct.iter().enumerate() {
        let path = path.key("distinct").index(index);
        check_kinds(report, &path, group);
        report.require(group.len() >= 2, &path, || {
            Problem::new("a list that keeps nothing apart")
                .expected("at least two kinds that are one thing, such as [\"password\", \"email\"]")
                .found(format!("{} of them", group.len()))
                .hint("add the other kind, or remove the list")
        });
    }
    let nowhere =
        knobs.after_recovery == Some(AfterRecoveryKind::Enrol) && knobs.policy == Some(MfaPolicyKind::Off);
    report.require(!nowhere, &path.key("after_recovery"), || {
        Problem::new("a recovery code that leads nowhere")
            .expected("after_recovery = \"session\" where policy = \"off\"")
            .hint("who uses a code would have to enrol, and enrolment is off: change one of the two")
    });
}

fn check_kinds(report: &mut Report<'_, '_>, path: &KeyPath, kinds: &[String]) {
    for (index, kind) in kinds.iter().enumerate() {
        let mut letters = kind.chars();
        let fits = letters.next().is_some_and(|first| first.is_ascii_lowercase())
            && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        report.require(fits, &path.index(index), || {
            Problem::new("not a kind of factor")
                .expected("lower-case letters, digits and hyphens, such as \"totp\" or \"security-key\"")
                .found(format!("{kind:?}"))
                .hint("correct the name")
        });
    }
    report.unique("kind", kinds.iter().enumerate().map(|(index, kind)| (path.index(index), kind.clone())));
}

fn within(report: &mut Report<'_, '_>, path: &KeyPath, value: Option<u32>, least: u32, most: u32) {
    let Some(value) = value else { return };
    report.require((least..=most).contains(&value), path, || {
        Problem::new("out of range")
            .expected(format!("{least} to {most}"))
            .found(value.to_string())
            .hint("correct the number, or remove the line")
    });
}

/// Where a second factor is demanded and none is allowed, nobody whom both tables are for gets in.
fn shut_out(everybody: &Knobs, rule: &Knobs) -> Option<Problem> {
    let demanded = [everybody, rule].into_iter().any(|knobs| {
        knobs.policy == Some(MfaPolicyKind::Required)
            || knobs.min_acr.is_some_and(|acr| acr > AcrLevel::OneFactor)
    });
    let named = [everybody, rule].into_iter().filter_map(|knobs| knobs.factors.as_deref());
    let allowed = named
        .map(|kinds| kinds.iter().collect::<BTreeSet<&String>>())
        .reduce(|one, other| one.intersection(&other).copied().collect())?;
    (demanded && allowed.is_empty()).then(|| {
        Problem::new("a second factor is demanded, and none is allowed: nobody could sign in")
            .expected("at least one kind in `factors` that the pool and the rule both allow")
            .found("none")
            .hint("add a kind such as \"totp\", or demand nothing (policy = \"optional\", no min_acr)")
    })
}

/// Who reads a mailbox must not get through both factors by it: a password reset by mail and a code by mail.
fn check_mailbox(report: &mut Report<'_, '_>, pool_path: &KeyPath, pool: &PoolSpec, everybody: &Knobs) {
    let one_thing =
        |group: &Vec<String>| [PASSWORD, EMAIL].iter().all(|kind| group.iter().any(|listed| listed == kind));
    if !pool.password_reset || everybody.distinct.iter().any(one_thing) {
        return;
    }
    let place =
        |kinds: &Option<Vec<String>>| kinds.as_ref().map(|kinds| kinds.iter().position(|kind| kind == EMAIL));
    let path = pool_path.key("mfa");
    let found: Vec<KeyPath> = match place(&everybody.factors) {
        Some(Some(index)) => vec![path.key("factors").index(index)],
        // A rule cannot allow what the pool does not.
        Some(None) => Vec::new(),
        None => {
            let rules = pool.mfa.rule.iter().enumerate();
            let with_mail = rules.filter_map(|(at, rule)| Some((at, place(&rule.factors)??)));
            with_mail.map(|(at, index)| path.key("rule").index(at).key("factors").index(index)).collect()
        }
    };
    for path in found {
        let problem = Problem::new("a mailbox alone would open both factors")
            .expected("no \"email\" among the factors while password_reset = true")
            .found("\"email\", and passwords that are reset by mail");
        report.add(
            &path,
            problem.hint(
                "set password_reset = false, or remove \"email\", or add distinct = [[\"password\", \"email\"]] to [pool.mfa]",
            ),
        );
    }
}
