//! The rules of a policy: what contradicts itself, and what would let nobody in.

use super::{AfterRecovery, Ask, DEFAULT_RULE, POOL_RULE, Policy, REQUEST_RULE, Rule};
use crate::{
    assurance::Acr,
    credential::FactorKind,
    field::{self, Fault, Faults, FieldPath},
    pool::MfaMode,
};
use std::collections::BTreeSet;

impl Policy {
    /// Everything that is wrong with this policy, as far as nobody has to be asked which factors there are; places are
    /// below `at`, by the names of the pool file.
    pub fn check(&self, at: &FieldPath, faults: &mut Faults) {
        self.everybody.check(at, faults);
        let rules = at.key("rule");
        let each = || self.rules.iter().enumerate().map(|(index, rule)| (rules.index(index), rule));
        for (at, rule) in each() {
            rule.check(&at, faults);
        }
        faults.unique("rule name", each().map(|(at, rule)| (at.key("name"), rule.name.to_lowercase())));
        if let Some(fault) = shut_out(&self.everybody, &self.everybody) {
            faults.add(&at.key("factors"), fault);
            return;
        }
        for (at, rule) in each() {
            if let Some(fault) = shut_out(&self.everybody, &rule.ask) {
                faults.add(&at.key(if rule.ask.factors.is_some() { "factors" } else { "policy" }), fault);
            }
        }
    }
}

impl Rule {
    fn check(&self, at: &FieldPath, faults: &mut Faults) {
        faults.judge(&at.key("name"), field::name(&self.name));
        let name = self.name.trim().to_lowercase();
        let reserved = [POOL_RULE, DEFAULT_RULE, REQUEST_RULE].contains(&name.as_str());
        faults.require(!reserved && !name.starts_with("application "), &at.key("name"), || {
            Fault::new("this name is taken")
                .expected("a name that says what the rule is for, such as \"staff need a passkey\"")
                .found(format!("{:?}", self.name))
                .hint("rename it: explanations use pool, default, request and \"application …\" for something else")
        });
        let conditions = [
            ("applications", &self.when.applications),
            ("groups", &self.when.groups),
            ("scopes", &self.when.scopes),
        ];
        faults.require(conditions.iter().any(|(_, listed)| !listed.is_empty()), at, || {
            Fault::new("a rule without a condition")
                .expected("at least one of applications, groups and scopes")
                .hint("say when it applies; what everybody is asked stands in [pool.mfa] itself")
        });
        for (key, listed) in conditions {
            for (index, text) in listed.iter().enumerate() {
                faults.judge(&at.key(key).index(index), field::name(text));
            }
        }
        faults.require(self.ask != Ask::default(), at, || {
            Fault::new("a rule that asks nothing")
                .expected("at least one knob, such as policy = \"required\"")
                .hint("say what it asks, or remove it; `vestibule schema pools` lists the knobs")
        });
        self.ask.check(at, faults);
    }
}

impl Ask {
    fn check(&self, at: &FieldPath, faults: &mut Faults) {
        let required = self.mode == Some(MfaMode::Required);
        for (key, given) in [("required_from", self.required_from.is_some()), ("skips", self.skips.is_some())]
        {
            faults.require(required || !given, &at.key(key), || {
                Fault::new(format!("`{key}` puts off something that is not required"))
                    .expected("policy = \"required\" in the same table")
                    .hint(format!("set policy = \"required\", or remove `{key}`"))
            });
        }
        for (key, given, least, most) in
            [("skips", self.skips, 1, 100), ("remember_days", self.remember_days, 0, 365)]
        {
            if let Some(number) = given {
                faults.judge(&at.key(key), field::range(number, least, most));
            }
        }
        self.check_factors(&at.key("factors"), faults);
        for (index, group) in self.distinct.iter().enumerate() {
            let at = at.key("distinct").index(index);
            check_kinds(group, &at, faults);
            faults.require(group.len() >= 2, &at, || {
                Fault::new("a list that keeps nothing apart")
                    .expected("at least two kinds that are one thing, such as [\"password\", \"email\"]")
                    .found(format!("{} of them", group.len()))
                    .hint("add the other kind, or remove the list")
            });
        }
        let nowhere = self.after_recovery == Some(AfterRecovery::Enrol) && self.mode == Some(MfaMode::Off);
        faults.require(!nowhere, &at.key("after_recovery"), || {
            Fault::new("a recovery code that leads nowhere")
                .expected("after_recovery = \"session\" where policy = \"off\"")
                .hint("a user with a recovery code would have to enrol, and enrolment is off: change one of the two")
        });
    }

    fn check_factors(&self, at: &FieldPath, faults: &mut Faults) {
        let Some(kinds) = &self.factors else { return };
        check_kinds(kinds, at, faults);
        if let Some(index) = kinds.iter().position(|kind| *kind == FactorKind::PASSWORD) {
            let fault = Fault::new("the password is the first factor, not a second factor")
                .expected("kinds such as \"totp\" or \"passkey\"")
                .found("\"password\"");
            faults.add(&at.index(index), fault.hint("remove it"));
        }
    }
}

fn check_kinds(kinds: &[FactorKind], at: &FieldPath, faults: &mut Faults) {
    for (index, kind) in kinds.iter().enumerate() {
        faults.judge(&at.index(index), kind.check());
    }
    let listed = kinds.iter().enumerate();
    faults.unique("kind", listed.map(|(index, kind)| (at.index(index), kind.to_string())));
}

/// Where one rule requires a second factor and another allows none, nobody to whom both apply gets in.
fn shut_out(everybody: &Ask, rule: &Ask) -> Option<Fault> {
    let demanded = [everybody, rule].into_iter().any(|ask| {
        ask.mode == Some(MfaMode::Required) || ask.min_acr.is_some_and(|acr| acr > Acr::OneFactor)
    });
    let named = [everybody, rule].into_iter().filter_map(|ask| ask.factors.as_deref());
    let allowed = named
        .map(|kinds| kinds.iter().collect::<BTreeSet<&FactorKind>>())
        .reduce(|one, other| one.intersection(&other).copied().collect())?;
    (demanded && allowed.is_empty()).then(|| {
        Fault::new("a second factor is demanded, and none is allowed: nobody could sign in")
            .expected("at least one kind in `factors` that the pool and the rule both allow")
            .found("none")
            .hint("add a kind such as \"totp\", or demand nothing (policy = \"optional\", no min_acr)")
    })
}
