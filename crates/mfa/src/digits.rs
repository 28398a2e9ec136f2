//! Codes of decimal digits, as people type them.

use zeroize::Zeroizing;

/// Reads what the user typed: `count` ASCII digits, with white space wherever a display or the clipboard put it.
/// `None` for anything else, before any secret is touched.
pub(crate) fn read(typed: Option<&str>, count: u8) -> Option<Zeroizing<String>> {
    let count = usize::from(count);
    let mut code = Zeroizing::new(String::with_capacity(count));
    for c in typed?.chars().filter(|c| !c.is_ascii_whitespace()) {
        if !c.is_ascii_digit() || code.len() == count {
            return None;
        }
        code.push(c);
    }
    (code.len() == count).then_some(code)
}
