//! How much each page or action of the user center asks for.

/// How much a page or an action of the user center asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// What the pool asks of every sign-in.
    View,
    /// To have everything about factors at hand: what each of its changes asks for is asked once, on the way in.
    Manage,
    /// To add a factor: all of it, and recent.
    Enrol,
    /// To remove a factor: one at least as strong, and recent.
    Remove,
    /// To switch the second factor off.
    Disable,
    /// To get new recovery codes.
    Regenerate,
}

impl Gate {
    /// The gate before a path. A sign-in that was started for a path has to satisfy the same gate at its end.
    pub fn of_path(path: &str) -> Self {
        let gates = [
            ("/u/security/manage", Self::Manage),
            ("/u/security/enrol", Self::Enrol),
            ("/u/security/enable", Self::Enrol),
            ("/u/security/remove", Self::Remove),
            ("/u/security/disable", Self::Disable),
            ("/u/security/regenerate", Self::Regenerate),
            // Who may change what everybody has to prove has just proved all of it.
            ("/u/settings/", Self::Enrol),
        ];
        let found = gates.into_iter().find(|(prefix, _)| path.starts_with(prefix));
        found.map_or(Self::View, |(_, gate)| gate)
    }
}
