//! Names and passwords of every script: the PRECIS framework (RFC 8264) and its profiles for user names and passwords
//! (RFC 8265), over the character database that ICU4X keeps.
//!
//! The properties of code points are derived by the algorithm of RFC 8264 §8 from today's Unicode, so that scripts that
//! came after the RFC's own tables are letters as well.

mod bidi;
mod context;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed, CodePointSetData, CodePointSetDataBorrowed,
    props::{
        DefaultIgnorableCodePoint, EastAsianWidth, GeneralCategory, GeneralCategoryGroup, HangulSyllableType,
        JoinControl, NoncharacterCodePoint,
    },
};
use zeroize::Zeroizing;

const CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::new();
const WIDTH: CodePointMapDataBorrowed<'static, EastAsianWidth> = CodePointMapData::new();
const SYLLABLE: CodePointMapDataBorrowed<'static, HangulSyllableType> = CodePointMapData::new();
const JOINS: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<JoinControl>();
const IGNORABLE: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<DefaultIgnorableCodePoint>();
const NONCHARACTER: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<NoncharacterCodePoint>();

/// What a code point is worth in an identifier (RFC 8264 §8).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Worth {
    Valid,
    Context,
    Disallowed,
}

/// `UsernameCasePreserved` (RFC 8265 §3.4): the form in which a name is kept and shown. `None`: not a name.
pub(crate) fn username_preserved(text: &str) -> Option<String> {
    enforce(text, str::to_owned)
}

/// `UsernameCaseMapped` (RFC 8265 §3.3): the form in which names are compared. `None`: not a name.
pub(crate) fn username_mapped(text: &str) -> Option<String> {
    enforce(text, str::to_lowercase)
}

/// `OpaqueString` (RFC 8265 §4.2): the form in which a password is hashed. Spaces of all kinds are spaces, and what looks
/// the same is the same whichever keyboard made it. Nothing is refused here: a password is never shown to anybody, and one
/// that was good yesterday opens its account today.
pub fn opaque_string(text: &str) -> Zeroizing<String> {
    let is_space = |c: char| CATEGORY.get(c) == GeneralCategory::SpaceSeparator;
    let spaced = text.chars().map(|c| if is_space(c) { ' ' } else { c });
    let mut normal = Zeroizing::new(String::with_capacity(text.len() * 3));
    normal.extend(ComposingNormalizerBorrowed::new_nfc().normalize_iter(spaced));
    normal
}

/// A text in composed characters (NFC), so that what looks the same is the same.
pub(crate) fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

/// The rules of a user name in their order: width, case, composition (RFC 8265 §3.3.2), then the class and the direction.
/// They are applied until nothing changes any more, as RFC 8264 §7 has it.
fn enforce(text: &str, case: impl Fn(&str) -> String) -> Option<String> {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let once = |text: &str| nfc.normalize(&case(&narrow(text))).into_owned();
    let mut normal = once(text);
    for _ in 0..3 {
        let again = once(&normal);
        if again == normal {
            return (is_identifier(&normal) && bidi::fits(&normal)).then_some(normal);
        }
        normal = again;
    }
    None
}

/// Full-width and half-width characters as the usual ones (RFC 8264 §5.2.1).
pub(crate) fn narrow(text: &str) -> String {
    let nfkd = DecomposingNormalizerBorrowed::new_nfkd();
    let mut narrowed = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(WIDTH.get(c), EastAsianWidth::Fullwidth | EastAsianWidth::Halfwidth) {
            narrowed.extend(nfkd.normalize_iter(std::iter::once(c)));
        } else {
            narrowed.push(c);
        }
    }
    narrowed
}

/// The `IdentifierClass` (RFC 8264 §4.2).
fn is_identifier(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    !chars.is_empty()
        && chars.iter().enumerate().all(|(at, c)| match worth(*c) {
            Worth::Valid => true,
            Worth::Context => context::fits(&chars, at),
            Worth::Disallowed => false,
        })
}

/// The algorithm of RFC 8264 §8, for the `IdentifierClass`.
fn worth(c: char) -> Worth {
    if let Some(exception) = exception(c) {
        return exception;
    }
    let category = CATEGORY.get(c);
    if category == GeneralCategory::Unassigned && !NONCHARACTER.contains(c) {
        Worth::Disallowed
    } else if c.is_ascii_graphic() {
        Worth::Valid
    } else if JOINS.contains(c) {
        Worth::Context
    } else if is_old_hangul(c)
        || IGNORABLE.contains(c)
        || NONCHARACTER.contains(c)
        || c.is_control()
        || has_compat(c)
    {
        Worth::Disallowed
    } else if is_letter_or_digit(category) {
        Worth::Valid
    } else {
        Worth::Disallowed
    }
}

/// RFC 8264 §9.6.
const fn exception(c: char) -> Option<Worth> {
    match c {
        '\u{df}' | '\u{3c2}' | '\u{6fd}' | '\u{6fe}' | '\u{f0b}' | '\u{3007}' => Some(Worth::Valid),
        '\u{b7}'
        | '\u{375}'
        | '\u{5f3}'
        | '\u{5f4}'
        | '\u{30fb}'
        | '\u{660}'..='\u{669}'
        | '\u{6f0}'..='\u{6f9}' => Some(Worth::Context),
        '\u{640}' | '\u{7fa}' | '\u{302e}' | '\u{302f}' | '\u{3031}'..='\u{3035}' | '\u{303b}' => {
            Some(Worth::Disallowed)
        }
        _ => None,
    }
}

/// RFC 8264 §9.1: `Ll`, `Lu`, `Lo`, `Nd`, `Lm`, `Mn` and `Mc`.
fn is_letter_or_digit(category: GeneralCategory) -> bool {
    matches!(
        category,
        GeneralCategory::LowercaseLetter
            | GeneralCategory::UppercaseLetter
            | GeneralCategory::OtherLetter
            | GeneralCategory::DecimalNumber
            | GeneralCategory::ModifierLetter
            | GeneralCategory::NonspacingMark
            | GeneralCategory::SpacingMark
    )
}

/// RFC 8264 §9.9.
fn is_old_hangul(c: char) -> bool {
    matches!(
        SYLLABLE.get(c),
        HangulSyllableType::LeadingJamo | HangulSyllableType::VowelJamo | HangulSyllableType::TrailingJamo
    )
}

/// RFC 8264 §9.17: the character is not its own NFKC form.
fn has_compat(c: char) -> bool {
    let mut form = ComposingNormalizerBorrowed::new_nfkc().normalize_iter(std::iter::once(c));
    form.next() != Some(c) || form.next().is_some()
}

/// Whether a character is invisible or steers the text around it: control characters, line separators, the marks that
/// turn the direction. Joiners, variation selectors and the like are part of how words and pictures are written.
pub(crate) fn steers(c: char) -> bool {
    let category = CATEGORY.get(c);
    let joiner =
        JOINS.contains(c) || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}' | '\u{ad}');
    let group = GeneralCategoryGroup::Control
        .union(GeneralCategoryGroup::Format)
        .union(GeneralCategoryGroup::LineSeparator)
        .union(GeneralCategoryGroup::ParagraphSeparator);
    !joiner && (group.contains(category) || NONCHARACTER.contains(c))
}
