//! What went wrong, why, and what to do about it.

use std::fmt;

/// A failure with its remedy. The cause, where there is one, is the error it was made from.
#[derive(Debug)]
pub(crate) struct Problem {
    what: String,
    remedy: String,
}

impl Problem {
    /// An error that says `what` could not be done and how to put it right.
    pub(crate) fn error(what: impl Into<String>, remedy: impl Into<String>) -> anyhow::Error {
        anyhow::Error::new(Self { what: what.into(), remedy: remedy.into() })
    }

    /// Wraps a `cause` with what could not be done because of it, and the remedy.
    pub(crate) fn because(
        cause: impl Into<anyhow::Error>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> anyhow::Error {
        cause.into().context(Self { what: what.into(), remedy: remedy.into() })
    }

    /// The text a person reads: the failure, its chain of causes, and the remedy.
    pub(crate) fn render(error: &anyhow::Error) -> String {
        let mut text = format!("xtask: error: {error}");
        for cause in error.chain().skip(1) {
            text.push_str(&format!("\n  cause: {cause}"));
        }
        if let Some(problem) = error.downcast_ref::<Self>() {
            text.push_str(&format!("\n  remedy: {}", problem.remedy));
        }
        text
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_shown_with_its_cause_and_its_remedy() {
        let cause = std::io::Error::other("no such user");
        let text = Problem::render(&Problem::because(cause, "cannot start", "create the user"));
        assert_eq!(text, "xtask: error: cannot start\n  cause: no such user\n  remedy: create the user");
    }
}
