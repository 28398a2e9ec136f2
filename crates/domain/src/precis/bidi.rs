//! The Bidi Rule (RFC 5893 §2), which RFC 8265 §3.3.2 asks of names with right-to-left letters.

use icu_properties::{CodePointMapData, CodePointMapDataBorrowed, props::BidiClass};

const CLASS: CodePointMapDataBorrowed<'static, BidiClass> = CodePointMapData::new();

/// Whether a text cannot be shown in another order than it is read. A text without right-to-left letters always fits.
pub(super) fn fits(text: &str) -> bool {
    let classes: Vec<BidiClass> = text.chars().map(|c| CLASS.get(c)).collect();
    let right = |class: &BidiClass| matches!(*class, BidiClass::R | BidiClass::AL);
    if !classes.iter().any(|class| right(class) || *class == BidiClass::AN) {
        return true;
    }
    let last = classes.iter().rev().find(|class| **class != BidiClass::NSM);
    match classes.first() {
        // Conditions 2 to 4.
        Some(first) if right(first) => {
            let has = |wanted: BidiClass| classes.contains(&wanted);
            classes.iter().all(|class| {
                right(class) || neutral(*class) || matches!(*class, BidiClass::AN | BidiClass::EN)
            }) && last.is_some_and(|last| right(last) || matches!(*last, BidiClass::AN | BidiClass::EN))
                && !(has(BidiClass::EN) && has(BidiClass::AN))
        }
        // Conditions 5 and 6: no right-to-left letter at all may stand in such a text.
        _ => false,
    }
}

fn neutral(class: BidiClass) -> bool {
    matches!(
        class,
        BidiClass::ES | BidiClass::CS | BidiClass::ET | BidiClass::ON | BidiClass::BN | BidiClass::NSM
    )
}
