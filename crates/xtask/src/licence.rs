//! Licence expressions as crates write them (SPDX specification, annex D: `MIT OR (Apache-2.0 AND ISC)`).

/// Whether the expression can be fulfilled with the allowed licences alone. An exception such as
/// `Apache-2.0 WITH LLVM-exception` is allowed only as a whole; an expression that cannot be read is not.
pub(crate) fn is_allowed(terms: &str, allowed: &[String]) -> bool {
    // Before SPDX, a slash between two licences was a choice.
    let spaced = terms.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut reader = Reader { words: spaced.split_whitespace().collect(), at: 0, allowed };
    let fulfilled = reader.choice();
    fulfilled == Some(true) && reader.at == reader.words.len()
}

/// Reads an expression from left to right; `None` is an expression that is wrong.
struct Reader<'a> {
    words: Vec<&'a str>,
    at: usize,
    allowed: &'a [String],
}

impl<'a> Reader<'a> {
    /// Takes the next word when it is this one.
    fn takes(&mut self, word: &str) -> bool {
        let there = self.words.get(self.at) == Some(&word);
        self.at += usize::from(there);
        there
    }

    fn next(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at).copied()?;
        self.at += 1;
        Some(word)
    }

    /// `a OR b`; binds weaker than `AND`.
    fn choice(&mut self) -> Option<bool> {
        let mut fulfilled = self.sum()?;
        while self.takes("OR") {
            fulfilled |= self.sum()?;
        }
        Some(fulfilled)
    }

    /// `a AND b`.
    fn sum(&mut self) -> Option<bool> {
        let mut fulfilled = self.one()?;
        while self.takes("AND") {
            fulfilled &= self.one()?;
        }
        Some(fulfilled)
    }

    /// One licence, with its exception if it has one, or an expression in parentheses.
    fn one(&mut self) -> Option<bool> {
        if self.takes("(") {
            let inner = self.choice()?;
            return self.takes(")").then_some(inner);
        }
        let licence = self.next().filter(|word| !["OR", "AND", "WITH", ")"].contains(word))?;
        let name =
            if self.takes("WITH") { format!("{licence} WITH {}", self.next()?) } else { licence.to_owned() };
        Some(self.allowed.contains(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(terms: &str) -> bool {
        let allowed = ["MIT", "ISC", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
        is_allowed(terms, &allowed)
    }

    #[test]
    fn choices_need_one_side_and_sums_both() {
        for good in [
            "MIT",
            "MIT OR GPL-3.0",
            "GPL-3.0 OR MIT",
            "MIT/GPL-3.0",
            "MIT AND ISC",
            "(MIT OR GPL-3.0) AND ISC",
            "GPL-3.0 AND MPL-2.0 OR MIT",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
            "MIT AND (ISC OR (GPL-3.0 AND MIT))",
        ] {
            assert!(allows(good), "{good}");
        }
        for bad in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT OR ISC) AND GPL-3.0",
            "MIT WITH LLVM-exception",
            "GPL-3.0 OR MIT AND GPL-2.0",
        ] {
            assert!(!allows(bad), "{bad}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_allowed() {
        for wrong in ["", "MIT OR", "OR MIT", "(MIT", "MIT)", "MIT ISC", "MIT WITH", "()", "AND"] {
            assert!(!allows(wrong), "{wrong}");
        }
    }
}
