//! The card under the contract that every factor keeps.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use grid_card::GridCard;
use std::collections::BTreeMap;
use vestibule_domain::Timestamp;
use vestibule_mfa::{
    FactorInput, FactorView, SecondFactor,
    contract::{ContractDriver, Device, check},
};

/// The printed card, as its owner reads it.
#[derive(Default)]
struct Card(BTreeMap<String, String>);

impl Card {
    fn read(&self, shown: &FactorView) -> String {
        let cells = shown.data.get("cells").unwrap().as_array().unwrap();
        cells.iter().map(|cell| self.0.get(cell.as_str().unwrap()).unwrap().as_str()).collect()
    }
}

fn typed(code: &str) -> FactorInput {
    [("code", code)].into_iter().collect()
}

impl Device for Card {
    fn enrol(&mut self, shown: &FactorView, _: Timestamp) -> FactorInput {
        for (row, numbers) in shown.data.get("rows").unwrap().as_array().unwrap().iter().enumerate() {
            for (column, number) in ["A", "B", "C", "D", "E"].iter().zip(numbers.as_array().unwrap()) {
                self.0.insert(format!("{column}{}", row + 1), number.as_str().unwrap().to_owned());
            }
        }
        typed(&self.read(shown))
    }
    fn keep(&mut self, _: &FactorView) {
        unreachable!("the card is shown while it is enrolled");
    }
    fn answer(&mut self, shown: &FactorView, _: Timestamp) -> FactorInput {
        typed(&self.read(shown))
    }
    fn wrong(&mut self, shown: &FactorView, _: Timestamp) -> FactorInput {
        typed(if self.read(shown) == "000000" { "111111" } else { "000000" })
    }
}

struct Driver;

impl ContractDriver for Driver {
    fn device(&self) -> Box<dyn Device> {
        Box::new(Card::default())
    }
    fn pause(&self) -> i64 {
        0
    }
}

#[test]
fn the_card_keeps_the_contract() {
    check(&GridCard, &Driver).unwrap();
}

#[test]
fn the_card_judges_its_settings() {
    let faults = |cells| GridCard.check_settings(&serde_json::json!({ "cells": cells }));
    assert!(faults(4).is_empty());
    assert!(faults(1).iter().any(|fault| fault.at.to_string() == "cells" && fault.cause == "out of range"));
}
