//! Characters that are good in some places only (RFC 5892 Appendix A, as RFC 8264 §9.6 and §9.8 name them).

use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed,
    props::{CanonicalCombiningClass, JoiningType, Script},
};

const COMBINING: CodePointMapDataBorrowed<'static, CanonicalCombiningClass> = CodePointMapData::new();
const JOINING: CodePointMapDataBorrowed<'static, JoiningType> = CodePointMapData::new();
const SCRIPT: CodePointMapDataBorrowed<'static, Script> = CodePointMapData::new();

/// Whether the character at that place, which needs the right company, has it.
pub(super) fn fits(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| chars.get(before)).copied();
    let after = chars.get(at + 1).copied();
    let is = |c: Option<char>, script: Script| c.is_some_and(|c| SCRIPT.get(c) == script);
    let virama = before.is_some_and(|c| COMBINING.get(c) == CanonicalCombiningClass::Virama);
    match chars.get(at) {
        Some('\u{200c}') => virama || joins(chars, at),
        Some('\u{200d}') => virama,
        Some('\u{b7}') => before == Some('l') && after == Some('l'),
        Some('\u{375}') => is(after, Script::Greek),
        Some('\u{5f3}' | '\u{5f4}') => is(before, Script::Hebrew),
        Some('\u{30fb}') => {
            let japanese = [Script::Hiragana, Script::Katakana, Script::Han];
            chars.iter().any(|c| japanese.contains(&SCRIPT.get(*c)))
        }
        Some('\u{660}'..='\u{669}') => !chars.iter().any(|c| matches!(c, '\u{6f0}'..='\u{6f9}')),
        Some('\u{6f0}'..='\u{6f9}') => !chars.iter().any(|c| matches!(c, '\u{660}'..='\u{669}')),
        _ => false,
    }
}

/// Whether a zero-width non-joiner parts two letters that would join (RFC 5892 Appendix A.1).
fn joins(chars: &[char], at: usize) -> bool {
    let kind = |c: &char| JOINING.get(*c);
    let solid = |kind: &JoiningType| *kind != JoiningType::Transparent;
    let before = chars.iter().take(at).rev().map(kind).find(solid);
    let after = chars.iter().skip(at + 1).map(kind).find(solid);
    matches!(before, Some(JoiningType::LeftJoining | JoiningType::DualJoining))
        && matches!(after, Some(JoiningType::RightJoining | JoiningType::DualJoining))
}
