//! Where the transaction of a group of changes stands.

/// Every change has a savepoint. The steps between changes are sent along with the first statement of the next one.
/// Two names take turns, so that a step which failed never makes one change's undoing hit the change before it.
pub(super) struct Savepoints {
    begun: bool,
    /// Some change was kept.
    kept: bool,
    /// Whether the savepoint is released with the next change's opening.
    release: bool,
    /// Which of the two names the present savepoint has.
    odd: bool,
}

impl Savepoints {
    pub(super) const fn new() -> Self {
        Self { begun: false, kept: false, release: false, odd: false }
    }

    /// What has to be said before the first statement of the next change.
    pub(super) const fn opening(&self) -> Option<&'static str> {
        match (self.begun, self.release, self.odd) {
            (false, _, _) => Some("BEGIN IMMEDIATE; SAVEPOINT even"),
            (true, false, _) => None,
            (true, true, false) => Some("RELEASE even; SAVEPOINT odd"),
            (true, true, true) => Some("RELEASE odd; SAVEPOINT even"),
        }
    }

    /// The opening was said, or tried.
    pub(super) const fn enter(&mut self) {
        if self.begun && self.release {
            self.odd = !self.odd;
            self.release = false;
        }
        self.begun = true;
    }

    pub(super) const fn keep(&mut self) {
        self.kept = true;
        self.release = true;
    }

    /// Undoes the present change.
    pub(super) const fn undo(&self) -> &'static str {
        if self.odd { "ROLLBACK TO odd" } else { "ROLLBACK TO even" }
    }

    /// Whether the transaction has anything to commit.
    pub(super) const fn has_kept(&self) -> bool {
        self.kept
    }

    /// Ends the transaction, if there is one.
    pub(super) const fn end(&self) -> Option<&'static str> {
        match (self.begun, self.kept) {
            (false, _) => None,
            (true, true) => Some("COMMIT"),
            (true, false) => Some("ROLLBACK"),
        }
    }
}
