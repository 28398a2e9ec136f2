//! What a second-factor policy has to be besides what its own checks see: it names factors that there are, and somebody
//! new gets in.

use crate::problem::Problem;
use vestibule_domain::{
    Effective, Evidence, FactorKind, Facts, Policy, PoolSettings, Requirement, Timestamp,
    policy::{Ask, Rule, way_in},
};
use vestibule_mfa::{Registry, SecondFactor};

/// A moment after every date that a rule can name (9999-12-31).
const AFTER_EVERY_DATE: Timestamp = Timestamp::from_seconds(253_402_300_799);

/// What the pool asks of everybody and what each rule asks, with a name for messages.
fn asks(policy: &Policy) -> impl Iterator<Item = (String, &Ask)> {
    let rules = policy.rules.iter().map(|rule| (format!("rule {:?}", rule.name), &rule.ask));
    std::iter::once(("[pool.mfa]".to_owned(), &policy.everybody)).chain(rules)
}

/// Checks that every kind of factor that a policy names is in the registry.
///
/// # Errors
/// [`Problem`] with the kinds that there are.
pub(super) fn known_kinds(policy: &Policy, registry: &Registry) -> Result<(), Problem> {
    for (place, ask) in asks(policy) {
        let unknown = |kind: &&FactorKind| registry.get(kind).is_none();
        let named = ask.factors.iter().flatten();
        // The first factor can be told apart from a factor, though it is none.
        let apart = ask.distinct.iter().flatten().filter(|kind| **kind != FactorKind::PASSWORD);
        if let Some(kind) = named.chain(apart).find(unknown) {
            let known: Vec<String> = registry.iter().map(|factor| factor.kind().to_string()).collect();
            return Err(Problem::new(
                format!("{place} names a factor {:?}, and there is none of that kind", kind.as_str()),
                format!("use one of {}", known.join(", ")),
            ));
        }
    }
    Ok(())
}

/// Each rule together with what is asked of everybody has to be one that a user who has nothing yet can meet, once it
/// can no longer be postponed. Rules for different people may exclude each other, so they are not looked at together.
pub(super) fn can_be_met(settings: &PoolSettings, registry: &Registry) -> Result<(), Problem> {
    let policy = &settings.mfa;
    let alone = |rules: Vec<Rule>| Policy { rules, ..policy.clone() };
    let tables = policy.rules.iter().map(|rule| (format!("rule {:?}", rule.name), alone(vec![rule.clone()])));
    for (place, table) in std::iter::once(("[pool.mfa]".to_owned(), alone(Vec::new()))).chain(tables) {
        if !newcomer_gets_in(&PoolSettings { mfa: table, ..settings.clone() }, registry) {
            return Err(Problem::new(
                format!(
                    "{place} asks for what none of the allowed factors can give: nobody new could sign in"
                ),
                "allow a kind that reaches it in `factors`, lower `min_acr`, or check `distinct` and policy = \"off\"",
            ));
        }
    }
    Ok(())
}

fn newcomer_gets_in(settings: &PoolSettings, registry: &Registry) -> bool {
    let policy = &settings.mfa;
    let when = policy.rules.first().map(|rule| rule.when.clone()).unwrap_or_default();
    let facts = Facts {
        application: when.applications.first().map(String::as_str),
        application_acr: None,
        groups: &when.groups,
        scopes: &when.scopes,
        skips_used: u32::MAX,
        now: AFTER_EVERY_DATE,
    };
    let effective = Effective::of(policy, 0, &facts).with_default_factors(registry.on_by_default());
    let enrollable = if effective.offers_enrolment() {
        let allowed = |factor: &dyn SecondFactor| effective.allows(&factor.kind());
        registry.enrollable(settings, &[], allowed)
    } else {
        Vec::new()
    };
    let requirement = Requirement::floor(&effective, false);
    let password = Evidence::password();
    way_in(&requirement, &FactorKind::PASSWORD, &password, &[], &enrollable, AFTER_EVERY_DATE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_config::{PoolFile, PoolSpec};
    use vestibule_domain::{
        Acr, MfaMode,
        policy::{AfterRecovery, Proof, When},
    };

    fn spec(text: &str) -> PoolSpec {
        let pool = "[[pool]]\nslug = \"acme\"\nname = \"Acme\"\norigin = \"https://acme.example\"\n";
        let file = PoolFile::parse(None, &format!("{pool}[pool.mfa]\n{text}"), &Registry::builtin())
            .map_err(|e| e.to_string());
        file.unwrap().pool.remove(0)
    }

    fn read(text: &str) -> Result<Policy, Problem> {
        let registry = Registry::builtin();
        let settings = PoolSettings { mfa: spec(text).mfa, ..PoolSettings::default() };
        known_kinds(&settings.mfa, &registry)?;
        can_be_met(&settings, &registry)?;
        Ok(settings.mfa)
    }

    fn refused(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn every_knob_arrives_and_comes_back() {
        let declared = spec(
            r#"
            policy = "required"
            required_from = "2027-01-01T08:00:00Z"
            skips = 3
            min_acr = "mfa"
            locked = true
            factors = ["totp", "recovery"]
            distinct = [["password", "totp"]]
            enrol = "recent"
            remove = "password"
            disable = "factor"
            regenerate = "password-and-factor"
            after_recovery = "enrol"
            remember_days = 14
            spare_forced = true
            [[pool.mfa.rule]]
            name = "staff"
            applications = ["shop"]
            groups = ["staff"]
            scopes = ["transfer"]
            policy = "optional"
            min_acr = "phrh"
            after_recovery = "session"
            "#,
        );
        assert_eq!(
            declared.mfa.everybody,
            Ask {
                mode: Some(MfaMode::Required),
                required_from: Some(Timestamp::from_seconds(1_798_790_400)),
                skips: Some(3),
                min_acr: Some(Acr::Mfa),
                locked: Some(true),
                factors: Some(vec![FactorKind::new("totp"), FactorKind::new("recovery")]),
                distinct: vec![vec![FactorKind::PASSWORD, FactorKind::new("totp")]],
                enrol: Some(Proof::Recent),
                remove: Some(Proof::Password),
                disable: Some(Proof::Factor),
                regenerate: Some(Proof::PasswordAndFactor),
                after_recovery: Some(AfterRecovery::Enrol),
                remember_days: Some(14),
            }
        );
        let rules = vec![Rule {
            name: "staff".to_owned(),
            when: When {
                applications: vec!["shop".to_owned()],
                groups: vec!["staff".to_owned()],
                scopes: vec!["transfer".to_owned()],
            },
            ask: Ask {
                mode: Some(MfaMode::Optional),
                min_acr: Some(Acr::Phrh),
                after_recovery: Some(AfterRecovery::Session),
                ..Ask::default()
            },
        }];
        assert_eq!(declared.mfa.rules, rules);
        assert!(declared.mfa.spare_forced);
        let written = toml::Table::try_from(&declared).unwrap();
        assert_eq!(toml::from_str::<PoolSpec>(&written.to_string()).unwrap().mfa, declared.mfa);
    }

    #[test]
    fn what_is_not_said_stays_undecided() {
        let read = read("[[pool.mfa.rule]]\nname = \"a\"\ngroups = [\"b\"]\nlocked = true\n").unwrap();
        assert_eq!(read.everybody, Policy::default().everybody);
        assert_eq!(read.rules[0].ask, Ask { locked: Some(true), ..Ask::default() });
        assert_eq!(read.rules[0].when.groups, ["b"]);
    }

    #[test]
    fn unknown_kinds_are_refused_with_the_known_ones() {
        for text in ["factors = [\"totp\", \"abacus\"]", "distinct = [[\"password\", \"abacus\"]]"] {
            let told = refused(text);
            assert!(
                told.contains("\"abacus\"") && told.contains("totp") && told.contains("recovery"),
                "{told}"
            );
        }
        let told = refused("[[pool.mfa.rule]]\nname = \"a\"\ngroups = [\"b\"]\nfactors = [\"abacus\"]\n");
        assert!(told.contains("rule \"a\""), "{told}");
        assert!(read("distinct = [[\"password\", \"totp\"]]").is_ok());
    }

    #[test]
    fn what_nobody_could_meet_is_refused() {
        for text in [
            // Codes for emergencies are no factor.
            "policy = \"required\"\nfactors = [\"recovery\"]",
            "policy = \"required\"\nfactors = [\"recovery\"]\nrequired_from = \"2999-01-01\"",
            "policy = \"required\"\nfactors = [\"totp\"]\ndistinct = [[\"password\", \"totp\"]]",
            "min_acr = \"phrh\"\nfactors = [\"totp\"]",
            "policy = \"off\"\nmin_acr = \"mfa\"",
        ] {
            let told = refused(text);
            assert!(told.contains("[pool.mfa]") && told.contains("nobody new"), "{text}: {told}");
        }
        let rule = "[[pool.mfa.rule]]\nname = \"a\"\napplications = [\"x\"]\nscopes = [\"y\"]\n";
        assert!(refused(&format!("factors = [\"totp\"]\n{rule}min_acr = \"phr\"")).contains("rule \"a\""));
        let fine = format!("policy = \"off\"\n{rule}policy = \"required\"\nmin_acr = \"mfa\"");
        assert!(read(&fine).is_ok());
    }
}
