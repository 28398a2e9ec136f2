//! Whether this program may change the machine that it runs on.

use std::io::{BufRead as _, IsTerminal as _};

use crate::{process, report};

/// Whether somebody agreed to installing system packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Yes: `--yes` was given, or this is continuous integration, whose machines are thrown away.
    Given,
    /// A person sits at the terminal and can be asked.
    Ask,
    /// No, and nobody is there to ask.
    Missing,
}

impl Consent {
    /// That of this run; `yes` is the flag.
    pub(crate) fn here(yes: bool) -> Self {
        let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        Self::of(yes, report::in_ci(), terminal)
    }

    fn of(yes: bool, ci: bool, terminal: bool) -> Self {
        if yes || ci {
            Self::Given
        } else if terminal {
            Self::Ask
        } else {
            Self::Missing
        }
    }

    /// Whether the answer to the question is yes. Errors when the terminal cannot be read, or somebody interrupts.
    pub(crate) fn to(self, question: &str) -> anyhow::Result<bool> {
        match self {
            Self::Given => Ok(true),
            Self::Missing => Ok(false),
            Self::Ask => {
                eprint!("{question} [y/N] ");
                let mut answer = String::new();
                std::io::stdin().lock().read_line(&mut answer)?;
                process::not_interrupted()?;
                Ok(is_yes(&answer))
            }
        }
    }
}

/// Only a clear yes is one.
fn is_yes(answer: &str) -> bool {
    ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_asked_and_nothing_is_assumed_without_one() {
        assert_eq!(Consent::of(false, false, true), Consent::Ask);
        assert_eq!(Consent::of(false, false, false), Consent::Missing);
        for (yes, ci) in [(true, false), (false, true), (true, true)] {
            for terminal in [true, false] {
                assert_eq!(Consent::of(yes, ci, terminal), Consent::Given);
            }
        }
        assert!(Consent::Given.to("?").unwrap());
        assert!(!Consent::Missing.to("?").unwrap());
    }

    #[test]
    fn only_a_clear_yes_is_one() {
        assert!(["y\n", "Y", " yes\r\n", "YES"].iter().all(|answer| is_yes(answer)));
        assert!(["", "\n", "n", "no", "yy", "of course"].iter().all(|answer| !is_yes(answer)));
    }
}
