//! What the registry offers to whom.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use vestibule_domain::{
    Credential, CredentialId, Evidence, FactorKind, FactorRules, PoolSettings, Timestamp, UserId,
    credential::Public, policy::has_factor,
};
use vestibule_mfa::{
    Ceremony, CeremonyState, EmailCode, Enrolment, FactorCx, FactorError, FactorInput, FactorTraits,
    FactorView, RecoveryCodes, Registry, RegistryError, SecondFactor, Totp, Verified, WebAuthn,
};
use vestibule_seal::testing::SeededEntropy;

fn credential(kind: FactorKind) -> Credential {
    let (now, entropy) = (Timestamp::from_seconds(1), SeededEntropy::new(1));
    Credential {
        id: CredentialId::new(now, &entropy),
        user: UserId::new(now, &entropy),
        kind,
        label: String::new(),
        public: Public::default(),
        secret: None,
        counter: 0,
        chosen: true,
        created_at: now,
        last_used_at: None,
    }
}

fn offered(registry: &Registry, own: &[Credential], disabled: &[FactorKind]) -> Vec<(String, bool, bool)> {
    let offers = registry.offers(&PoolSettings::default(), own, |factor| !disabled.contains(&factor.kind()));
    offers.into_iter().map(|one| (one.kind.to_string(), one.disabled, one.evidence.is_recovery())).collect()
}

#[test]
fn kinds_are_unique_and_found() {
    let registry = Registry::builtin();
    let kinds: Vec<FactorKind> = registry.iter().map(|factor| factor.kind()).collect();
    let preferred =
        [WebAuthn::PASSKEY, WebAuthn::SECURITY_KEY, Totp::KIND, EmailCode::KIND, RecoveryCodes::KIND];
    assert_eq!(kinds, preferred);
    for kind in kinds {
        assert_eq!(registry.get(&kind).unwrap().kind(), kind);
        assert!(registry.get(&FactorKind::from_text(kind.to_string())).is_some());
    }
    assert!(registry.get(&FactorKind::PASSWORD).is_none());
    let twice = Registry::new(vec![Arc::new(Totp), Arc::new(RecoveryCodes), Arc::new(Totp)]);
    assert_eq!(twice.err(), Some(RegistryError::DuplicateKind(Totp::KIND)));
    assert_eq!(Registry::new(vec![Arc::new(RecoveryCodes)]).unwrap().iter().count(), 1);
}

/// Fails wherever it is asked to describe itself: once it has said what it is, the registry remembers.
struct Fickle(AtomicBool);

impl SecondFactor for Fickle {
    fn kind(&self) -> FactorKind {
        assert!(!self.0.swap(true, Ordering::Relaxed), "asked twice");
        FactorKind::new("fickle")
    }
    fn traits(&self) -> FactorTraits {
        Totp.traits()
    }
    fn available(&self, _: &FactorCx<'_>) -> bool {
        unreachable!("no description")
    }
    fn potential(&self, _: &PoolSettings) -> Evidence {
        unreachable!("no description")
    }
    fn sample_views(&self) -> Vec<FactorView> {
        Vec::new()
    }
    fn begin_enrol(&self, _: &FactorCx<'_>, _: &[Credential]) -> Result<Ceremony, FactorError> {
        Err(FactorError::Wrong)
    }
    fn finish_enrol(
        &self,
        _: &FactorCx<'_>,
        _: &CeremonyState,
        _: &FactorInput,
    ) -> Result<Enrolment, FactorError> {
        Err(FactorError::Wrong)
    }
    fn begin_verify(&self, _: &FactorCx<'_>, _: &[Credential]) -> Result<Ceremony, FactorError> {
        Err(FactorError::Wrong)
    }
    fn verify(
        &self,
        _: &FactorCx<'_>,
        _: &[Credential],
        _: &CeremonyState,
        _: &FactorInput,
    ) -> Result<Verified, FactorError> {
        Err(FactorError::Wrong)
    }
}

#[test]
fn a_factor_says_once_what_it_is_and_fails_at_the_start_by_its_name() {
    let registry = Registry::builtin().with(Arc::new(Fickle(AtomicBool::new(false)))).unwrap();
    let fickle = registry.get(&FactorKind::new("fickle")).unwrap();
    assert_eq!((fickle.kind(), fickle.traits()), (FactorKind::new("fickle"), Totp.traits()));
    assert_eq!(fickle.potential(&PoolSettings::default()), Totp.traits().evidence);
    let broken = Registry::builtin().with(Arc::new(Fickle(AtomicBool::new(true)))).err().unwrap().to_string();
    assert!(broken.contains("Fickle") && broken.contains("asked twice"), "{broken}");
}

#[test]
fn what_is_enrolled_is_offered_once_and_in_order() {
    let registry = Registry::builtin();
    let own = [RecoveryCodes::KIND, RecoveryCodes::KIND, Totp::KIND, Totp::KIND].map(credential);
    let row = |kind: &str, disabled, backup| (kind.to_owned(), disabled, backup);
    assert_eq!(offered(&registry, &own, &[]), [row("totp", false, false), row("recovery", false, true)]);
    assert_eq!(
        offered(&registry, &own, &[Totp::KIND]),
        [row("totp", true, false), row("recovery", false, true)]
    );
    assert_eq!(offered(&registry, &[], &[Totp::KIND]), []);
}

#[test]
fn a_factor_out_of_service_is_disabled_and_not_absent() {
    let registry = Registry::new(vec![Arc::new(RecoveryCodes)]).unwrap();
    let own = [Totp::KIND, Totp::KIND].map(credential);
    assert_eq!(offered(&registry, &own, &[]), [("totp".to_owned(), true, false)]);
    assert!(has_factor(&registry.offers(&PoolSettings::default(), &own, |_| true)));
}

#[test]
fn only_factors_that_count_and_are_allowed_can_be_enrolled() {
    let registry = Registry::builtin();
    let app_only = |own: &[Credential]| -> Vec<FactorKind> {
        let may = |factor: &dyn SecondFactor| [Totp::KIND, RecoveryCodes::KIND].contains(&factor.kind());
        registry.enrollable(&PoolSettings::default(), own, may).into_iter().map(|offer| offer.kind).collect()
    };
    assert_eq!(app_only(&[]), [Totp::KIND]);
    assert_eq!(app_only(&[credential(Totp::KIND)]), [Totp::KIND]);
    let all = registry.enrollable(&PoolSettings::default(), &[], |_| true);
    let all: Vec<FactorKind> = all.into_iter().map(|offer| offer.kind).collect();
    assert!(all.starts_with(&[WebAuthn::PASSKEY, WebAuthn::SECURITY_KEY, Totp::KIND]));
    assert!(!all.contains(&RecoveryCodes::KIND));
    // One address is one factor: there is no second.
    let mailed = |own: &[Credential]| {
        registry
            .enrollable(&PoolSettings::default(), own, |_| true)
            .iter()
            .any(|offer| offer.kind == EmailCode::KIND)
    };
    assert!(mailed(&[credential(Totp::KIND)]) && !mailed(&[credential(EmailCode::KIND)]));
    let by_default: Vec<FactorKind> =
        registry.iter().filter(|factor| factor.traits().on_by_default).map(|factor| factor.kind()).collect();
    assert!(!by_default.contains(&EmailCode::KIND) && by_default.contains(&Totp::KIND));
}

#[test]
fn a_registry_answers_for_its_factors_when_a_pool_is_declared() {
    let registry = Registry::builtin();
    let mailboxes: Vec<FactorKind> =
        registry.iter().map(SecondFactor::kind).filter(|kind| registry.is_mailbox(kind)).collect();
    assert_eq!(mailboxes, [FactorKind::new("email")]);
    let faults = |kind, settings| registry.check_settings(&FactorKind::new(kind), &settings);
    assert!(faults("recovery", serde_json::json!({ "codes": 5 })).is_empty());
    assert!(faults("email", serde_json::json!({})).is_empty(), "nothing is said");
    assert_eq!(faults("email", serde_json::json!({ "digits": 9 }))[0].cause, "this factor has no settings");
    assert!(faults("abacus", serde_json::json!({}))[0].cause.contains("no factor of kind \"abacus\""));
}
