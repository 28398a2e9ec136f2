//! Codes as people type them: in the digits of their own script, with whatever a display, a keyboard or the clipboard
//! put between the groups.

use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed, CodePointSetData, CodePointSetDataBorrowed,
    props::{Dash, DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, WhiteSpace},
};

const CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::new();
const DASH: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<Dash>();
const SPACE: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<WhiteSpace>();
const INVISIBLE: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<DefaultIgnorableCodePoint>();

/// The characters of a typed code: every decimal digit of Unicode (`Nd`) as the ASCII digit of its value, full-width
/// letters as ASCII letters, and nothing for what separates. Everything else comes through as it is, for the code to
/// refuse.
pub fn code_chars(typed: &str) -> impl Iterator<Item = char> + '_ {
    typed.chars().filter(|c| !separates(*c)).map(|c| digit(c).unwrap_or_else(|| narrow_letter(c)))
}

/// White space, dashes, and what cannot be seen: zero-width characters, the marks of direction and the like.
fn separates(c: char) -> bool {
    let category = CATEGORY.get(c);
    SPACE.contains(c)
        || DASH.contains(c)
        || INVISIBLE.contains(c)
        || GeneralCategoryGroup::Separator.contains(category)
        || category == GeneralCategory::Format
}

/// The ASCII digit with the value of a decimal digit. Unicode keeps the ten digits of a script together, from 0 upwards
/// (The Unicode Standard §4.6), so the place within its run of digits is the value.
fn digit(c: char) -> Option<char> {
    let is_digit = |code: u32| CATEGORY.get32(code) == GeneralCategory::DecimalNumber;
    let code = u32::from(c);
    if c.is_ascii_digit() || !is_digit(code) {
        return c.is_ascii_digit().then_some(c);
    }
    let before = (0..code).rev().take_while(|before| is_digit(*before)).count();
    u32::try_from(before % 10).ok().and_then(|value| char::from_digit(value, 10))
}

/// The ASCII form of a full-width letter.
fn narrow_letter(c: char) -> char {
    match c {
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> String {
        code_chars(typed).collect()
    }

    #[test]
    fn fault_u7_every_decimal_digit_of_unicode_has_its_value() {
        let digits: Vec<char> = (0..=u32::from(char::MAX))
            .filter_map(char::from_u32)
            .filter(|c| CATEGORY.get(*c) == GeneralCategory::DecimalNumber)
            .collect();
        assert!(digits.len() >= 700 && digits.len().is_multiple_of(10), "{}", digits.len());
        for (index, c) in digits.iter().enumerate() {
            assert_eq!(read(&c.to_string()), (index % 10).to_string(), "{c:?}");
        }
        // As their names in the character database say.
        for (typed, value) in [
            ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
            ("۴۵۶", "456"),
            ("१२३", "123"),
            ("௭", "7"),
            ("０９", "09"),
            ("𝟘𝟡𝟬𝟿", "0909"),
        ] {
            assert_eq!(read(typed), value);
        }
    }

    #[test]
    fn fault_u7_every_separator_is_passed_over() {
        let separators = [
            " ", "\t", "\r\n", "\u{b}", "\u{85}", "\u{a0}", "\u{1680}", "\u{2000}", "\u{2003}", "\u{2007}",
            "\u{2009}", "\u{200a}", "\u{2028}", "\u{202f}", "\u{205f}", "\u{3000}", "-", "\u{ad}", "\u{58a}",
            "\u{5be}", "\u{2010}", "\u{2011}", "\u{2012}", "–", "—", "\u{2015}", "\u{2212}", "\u{301c}",
            "\u{30a0}", "\u{fe58}", "\u{fe63}", "\u{ff0d}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}",
            "\u{feff}", "\u{fe0f}", "\u{200e}", "\u{200f}", "\u{61c}", "\u{202a}", "\u{202b}", "\u{202c}",
            "\u{202d}", "\u{202e}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}",
        ];
        for one in separators {
            assert_eq!(read(&format!("{one}12{one}{one}3{one}")), "123", "{one:?}");
        }
        // What means something else is not passed over.
        for odd in ["+", ".", ",", "/", "\0", "\u{7}", "½", "Ⅷ", "²", "①", "_"] {
            assert_ne!(read(&format!("1{odd}2")), "12", "{odd:?}");
        }
    }

    #[test]
    fn full_width_letters_are_letters() {
        assert_eq!(read("ＡＢｃｚ"), "ABcz");
    }
}
