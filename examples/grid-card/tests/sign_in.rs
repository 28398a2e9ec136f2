//! Somebody signs in with the card at the running product, which has never heard of it.

#![expect(clippy::indexing_slicing, clippy::expect_used, reason = "tests")]

use std::collections::BTreeMap;
use vestibule_domain::{FactorKind, MfaMode, Policy};
use vestibule_tests::{PASSWORD, Page, Setup};

fn setup() -> Setup {
    let vestibule::Extras { registry, extensions } = grid_card::extras().expect("one factor more");
    let mut policy = Policy::of(MfaMode::Required);
    policy.everybody.factors = Some(vec![FactorKind::new("grid-card")]);
    let mut setup = Setup { registry, extensions, ..Setup::default() };
    setup.settings.mfa = policy;
    setup.settings.factors.insert(FactorKind::new("grid-card"), serde_json::json!({ "cells": 4 }));
    setup
}

/// The card on the page, by cell.
fn card(page: &Page) -> BTreeMap<String, String> {
    let numbers = page.texts("#grid-card td.number");
    let cell = |index: usize| format!("{}{}", ["A", "B", "C", "D", "E"][index % 5], index / 5 + 1);
    numbers.into_iter().enumerate().map(|(index, number)| (cell(index), number)).collect()
}

/// The numbers that the page asks for.
fn asked(page: &Page, card: &BTreeMap<String, String>) -> String {
    let label = page.text("label[for=otp]");
    let cells = label.trim_start_matches("Numbers in ").split(", ");
    cells.map(|cell| card[cell.trim()].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_enrols_the_card_and_signs_in_with_it() {
    let server = setup().start().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    assert!(page.has_id("grid-card"), "{}", page.body);
    let card = card(&page);
    let form = page.form_of("#enrol-submit").with("code", &asked(&page, &card));
    let page = browser.submit(form).await;
    assert!(page.has_id("recovery-codes"), "{}", page.body);

    let mut browser = server.browser();
    let page = rp.authorize(&mut browser, &[]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let page = browser.answer(&page, "1").await;
    assert!(page.body.contains("Those are not the numbers on your card."), "{}", page.body);
    let page = browser.answer(&page, &asked(&page, &card)).await;
    let told = server.mails().await.into_iter().any(|mail| mail.subject.contains("Your grid card was used"));
    assert!(told, "the card says that it was used, and nobody else says it in its place");
    let claims = rp.verified(&rp.callback(&page)).await.claims();
    // The application calls the class "2".
    assert_eq!(claims["acr"], "2");
    assert_eq!(claims["amr"], serde_json::json!(["card", "mfa", "pwd"]));
}
