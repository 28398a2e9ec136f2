//! Codes of decimal digits, as people type them.

use vestibule_domain::typed::code_chars;
use zeroize::Zeroizing;

/// Reads what the user typed: `count` digits of any script, with separators anywhere, as ASCII digits.
/// `None` for anything else, before any secret is touched.
pub(crate) fn read(typed: Option<&str>, count: u8) -> Option<Zeroizing<String>> {
    let count = usize::from(count);
    let mut code = Zeroizing::new(String::with_capacity(count));
    for c in code_chars(typed?) {
        if !c.is_ascii_digit() || code.len() == count {
            return None;
        }
        code.push(c);
    }
    (code.len() == count).then_some(code)
}
