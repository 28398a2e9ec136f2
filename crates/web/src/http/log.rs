//! What strangers wrote, as it may stand in a log.
//!
//! A terminal obeys control characters, and characters that change the direction of text make a line look like another
//! one. Both are written as escapes.

use std::{
    error::Error,
    fmt::{self, Write as _},
};

/// A text of somebody else's.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| {
            if is_harmless(c) { f.write_char(c) } else { fmt::Display::fmt(&c.escape_unicode(), f) }
        })
    }
}

/// An error with everything that caused it, outermost first.
pub(crate) struct Causes<'a>(pub(crate) &'a (dyn Error + 'static));

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = self.0.to_string();
        Escaped(&last).fmt(f)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            // Many errors say their cause themselves.
            if !last.ends_with(&text) {
                f.write_str(": ")?;
                Escaped(&text).fmt(f)?;
            }
            last = text;
            next = cause.source();
        }
        Ok(())
    }
}

/// Neither a control character nor one that is invisible or turns text around (Unicode TR 36 §3.3).
const fn is_harmless(c: char) -> bool {
    !matches!(
        c,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_s15_what_a_terminal_obeys_is_escaped() {
        let evil = "/a\r\n\u{1b}[2J\u{202e}gpj.\u{2066}\u{200b}é漢";
        let log = Escaped(evil).to_string();
        assert_eq!(log, "/a\\u{d}\\u{a}\\u{1b}[2J\\u{202e}gpj.\\u{2066}\\u{200b}é漢");
    }

    #[derive(Debug)]
    struct Outer(std::io::Error);
    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the key is refused")
        }
    }
    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn causes_are_told_in_their_order_and_escaped() {
        let error = Outer(std::io::Error::other("line\n7"));
        assert_eq!(Causes(&error).to_string(), "the key is refused: line\\u{a}7");
    }
}
