//! A second factor that is not the product's own: a printed card of two-digit numbers, of which a challenge names three.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{borrow::Cow, sync::Arc};
use vestibule::{Extras, Registry};
use vestibule_domain::{
    Category, Credential, Entropy, Evidence, FactorKind, Fault, Faults, FieldPath, credential::Public, field,
};
use vestibule_mfa::{
    Ceremony, CeremonyState, Effect, Enrolment, FactorCx, FactorError, FactorInput, FactorSettings,
    FactorTraits, FactorView, NewCredential, RegistryError, Replaces, SecondFactor, UseMails, Verified,
    secret_ad,
};
use vestibule_pages::Extension;
use vestibule_seal::{AssociatedData, Sealed, ct_eq};

/// The factor.
pub struct GridCard;

/// Cells of a card, row by row.
const CELLS: u8 = 25;
const KIND: FactorKind = FactorKind::new("grid-card");

/// Everything that the product needs to know of it.
pub fn extras() -> Result<Extras, RegistryError> {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let enrol = file("factors/grid-card/enrol.html", include_str!("../templates/enrol.html"));
    let verify = file("factors/grid-card/verify.html", include_str!("../templates/verify.html"));
    let locales = vec![file("en", include_str!("../locales/en.ftl"))];
    let extension = Extension { templates: vec![enrol, verify], locales };
    Ok(Extras { registry: Registry::builtin().with(Arc::new(GridCard))?, extensions: vec![extension] })
}

/// What a pool decides about the card.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CardSettings {
    /// How many cells a challenge names.
    #[schemars(range(min = 2, max = 10))]
    pub cells: usize,
}

impl Default for CardSettings {
    fn default() -> Self {
        Self { cells: 3 }
    }
}

impl FactorSettings for CardSettings {
    fn check(&self, faults: &mut Faults) {
        faults.judge(&FieldPath::root().key("cells"), field::range(self.cells, 2, 10));
    }
}

/// What a challenge remembers: its cells, the card's counter when it was made, and while enrolling the card itself.
#[derive(Serialize, Deserialize)]
struct State {
    cells: Vec<u8>,
    counter: i64,
    card: Vec<u8>,
}

fn internal(cause: impl ToString) -> FactorError {
    FactorError::Internal(cause.to_string())
}

fn state_ad(cx: &FactorCx<'_>, purpose: &str) -> AssociatedData {
    let ad = AssociatedData::new("grid-card").with(cx.pool.id.as_bytes());
    ad.with(cx.subject.user.as_bytes()).with(purpose)
}

/// Random numbers below `below`, without favouring any.
fn draw(entropy: &dyn Entropy, below: u8, count: usize) -> Vec<u8> {
    let fair = u8::MAX - u8::MAX % below;
    let bytes = std::iter::repeat_with(|| vestibule_seal::bytes::<32>(entropy)).flatten();
    bytes.filter(|byte| *byte < fair).map(|byte| byte % below).take(count).collect()
}

fn challenge(
    cx: &FactorCx<'_>,
    template: &str,
    card: Vec<u8>,
    counter: i64,
) -> Result<Ceremony, FactorError> {
    let cells = draw(cx.entropy, CELLS, CardSettings::of(&cx.pool.settings, &KIND)?.cells);
    let name = |cell: &u8| format!("{}{}", char::from(b'A' + cell % 5), cell / 5 + 1);
    let rows: Vec<Vec<String>> =
        card.chunks(5).map(|row| row.iter().map(|number| format!("{number:02}")).collect()).collect();
    let data = json!({ "cells": cells.iter().map(name).collect::<Vec<_>>(), "rows": rows });
    let plain = serde_json::to_vec(&State { cells, counter, card }).map_err(internal)?;
    let state = CeremonyState(cx.keys.seal(cx.entropy, &state_ad(cx, template), &plain).into_bytes());
    let view = FactorView { template: format!("factors/grid-card/{template}.html"), data };
    Ok(Ceremony { state, view, outbox: Vec::new() })
}

fn read_state(cx: &FactorCx<'_>, state: &CeremonyState, purpose: &str) -> Result<State, FactorError> {
    let opened = cx.keys.open(&state_ad(cx, purpose), &Sealed::from_bytes(state.0.clone())).ok();
    opened.and_then(|plain| serde_json::from_slice(&plain).ok()).ok_or(FactorError::StateInvalid)
}

fn check(card: &[u8], cells: &[u8], input: &FactorInput) -> Result<(), FactorError> {
    let number = |cell: &u8| card.get(usize::from(*cell)).map(|number| format!("{number:02}"));
    let right: Option<String> = cells.iter().map(number).collect();
    let typed: String = input.get("code").unwrap_or_default().split_whitespace().collect();
    let fits = right.filter(|right| ct_eq(right.as_bytes(), typed.as_bytes()));
    fits.map(drop).ok_or(FactorError::Wrong)
}

fn evidence() -> Evidence {
    Evidence { category: Category::Possession, amr: vec![Cow::Borrowed("card")], ..Evidence::password() }
}

fn mine<'a>(cx: &FactorCx<'_>, own: &'a [Credential]) -> Result<&'a Credential, FactorError> {
    let mine = own.iter().find(|one| one.user == cx.subject.user && one.kind == KIND);
    mine.ok_or(FactorError::NotEnrolled)
}

impl SecondFactor for GridCard {
    fn kind(&self) -> FactorKind {
        KIND
    }

    fn traits(&self) -> FactorTraits {
        FactorTraits {
            use_mails: Some(UseMails { used: "factor-grid-card-used", low: None }),
            ..FactorTraits::of(evidence())
        }
    }

    fn check_settings(&self, settings: &Value) -> Vec<Fault> {
        CardSettings::faults(settings)
    }

    fn settings_schema(&self) -> Option<Value> {
        Some(CardSettings::schema())
    }

    fn sample_views(&self) -> Vec<FactorView> {
        let data = json!({ "cells": ["A1", "C2", "E5"], "rows": [["01", "02", "03", "04", "05"]] });
        let view = |name: &str| FactorView {
            template: format!("factors/grid-card/{name}.html"),
            data: data.clone(),
        };
        vec![view("enrol"), view("verify")]
    }

    fn begin_enrol(&self, cx: &FactorCx<'_>, _: &[Credential]) -> Result<Ceremony, FactorError> {
        challenge(cx, "enrol", draw(cx.entropy, 100, usize::from(CELLS)), 0)
    }

    fn finish_enrol(
        &self,
        cx: &FactorCx<'_>,
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Enrolment, FactorError> {
        let State { cells, card, .. } = read_state(cx, state, "enrol")?;
        check(&card, &cells, input)?;
        let secret = Some(cx.keys.seal(cx.entropy, &secret_ad(cx.pool.id, cx.subject.user, &KIND), &card));
        let credential =
            NewCredential { label: String::new(), public: Public::default(), secret, counter: 0 };
        Ok(Enrolment {
            credentials: vec![credential],
            replaces: Replaces::AllOfKind,
            evidence: Some(evidence()),
            reveal: None,
            label: String::new(),
        })
    }

    fn begin_verify(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        challenge(cx, "verify", Vec::new(), mine(cx, own)?.counter)
    }

    fn verify(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError> {
        let State { cells, counter, .. } = read_state(cx, state, "verify")?;
        let mine = mine(cx, own)?;
        // A challenge is older than the last right answer only when it was that answer's own.
        if counter != mine.counter {
            return Err(FactorError::Wrong);
        }
        let sealed = mine.secret.as_ref().ok_or_else(|| internal("the card is missing"))?;
        let ad = secret_ad(cx.pool.id, cx.subject.user, &KIND);
        let card = cx.keys.open(&ad, sealed).map_err(internal)?;
        check(&card, &cells, input)?;
        let effect = Effect::RaiseCounter { to: counter + 1 };
        Ok(Verified { credential: mine.id, effect, evidence: evidence() })
    }
}
