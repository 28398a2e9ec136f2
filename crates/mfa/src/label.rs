//! The names that users give to their factors.

use crate::factor::FactorError;
use vestibule_domain::{Credential, field::is_one_line};

/// The longest name, in characters.
pub(crate) const MAX_CHARS: usize = 40;

/// Reads a name from a form: trimmed, and `suggestion` where nothing was typed.
pub(crate) fn read(typed: Option<&str>, suggestion: &str) -> Result<String, FactorError> {
    let label = typed.unwrap_or_default().trim();
    if label.is_empty() {
        return Ok(suggestion.to_owned());
    }
    if label.chars().count() > MAX_CHARS || !is_one_line(label) {
        return Err(FactorError::LabelInvalid);
    }
    Ok(label.to_owned())
}

/// The names that a page does not propose once more. What it proposes it says in the reader's language.
pub(crate) fn taken(own: &[Credential]) -> Vec<&str> {
    own.iter().map(|one| one.label.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_bounded_and_printable() {
        assert_eq!(read(None, "App").unwrap(), "App");
        assert_eq!(read(Some(" \t "), "App").unwrap(), "App");
        assert_eq!(read(Some("  Ännis Händy  "), "App").unwrap(), "Ännis Händy");
        let longest = "ü".repeat(MAX_CHARS);
        assert_eq!(read(Some(&longest), "App").unwrap(), longest);
        for bad in [format!("{longest}ü"), "a\nb".to_owned(), "a\0".to_owned(), "a\u{202E}b".to_owned()] {
            assert_eq!(read(Some(&bad), "App"), Err(FactorError::LabelInvalid), "{bad:?}");
        }
    }
}
