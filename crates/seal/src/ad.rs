//! What a sealed value is bound to.

/// The context a value is sealed in: its kind and whose it is. Opening under any other context fails, so a row
/// cannot be copied onto another user or into another column.
///
/// The encoding is injective: every part is preceded by its length, so `("ab", "c")` and `("a", "bc")` differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssociatedData(Vec<u8>);

impl AssociatedData {
    /// Starts a context. `domain` names the kind of thing sealed, such as `"totp-secret"`; it is unique in the
    /// product and never changes once values exist.
    #[must_use]
    pub fn new(domain: &str) -> Self {
        Self(Vec::with_capacity(64)).with(domain)
    }

    /// Binds one more part, in order: an identifier, a version, the purpose.
    #[must_use]
    pub fn with(mut self, part: impl AsRef<[u8]>) -> Self {
        push_part(&mut self.0, part.as_ref());
        self
    }

    /// The encoded context.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Appends `part` after its length as eight big-endian bytes.
pub(crate) fn push_part(out: &mut Vec<u8>, part: &[u8]) {
    out.extend_from_slice(&(part.len() as u64).to_be_bytes());
    out.extend_from_slice(part);
}

#[cfg(test)]
mod tests {
    use super::AssociatedData;

    #[test]
    fn parts_cannot_be_confused() {
        let joined = [
            AssociatedData::new("a").with("bc"),
            AssociatedData::new("ab").with("c"),
            AssociatedData::new("abc"),
            AssociatedData::new("abc").with(""),
            AssociatedData::new("").with("abc"),
            AssociatedData::new("a").with("b").with("c"),
            AssociatedData::new("a").with("c").with("b"),
            AssociatedData::new("a").with([0, 0, 0, 0, 0, 0, 0, 1, b'b']),
            AssociatedData::new("a").with("b"),
        ];
        for (i, left) in joined.iter().enumerate() {
            for (j, right) in joined.iter().enumerate() {
                assert_eq!(left == right, i == j, "{i} against {j}");
            }
        }
    }
}
