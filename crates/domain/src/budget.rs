//! Budgets: what strangers can make the server do, and how much of it. One table of all that are kept in the database.
//!
//! A budget counts what was granted. The first grant opens its time; when that is over the next one opens another. What is
//! refused costs nothing and counts nothing.
//!
//! What is counted elsewhere has its numbers there: guesses at passwords and codes in [`crate::attempts`], waiting for a hash
//! and open connections where they wait. `docs/security.md` lists all of them, and a test compares.

use crate::ids::FlowId;
use std::collections::BTreeMap;

/// Whose use is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// An address, or a network of IPv6: [`crate::Source`]. The networks around one are counted, too, and get more.
    Source,
    /// A mailbox, however it is written: [`mailbox`]. For a name that nobody has, the name.
    Mailbox,
    /// A browser in which its user has signed in before, for that user.
    KnownBrowser,
    /// A user.
    Account,
    /// A mailed link.
    Link,
    /// An application.
    Application,
    /// Everybody at a pool.
    Pool,
}

impl By {
    /// What it is called in the documentation.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Mailbox => "mailbox",
            Self::KnownBrowser => "known browser and account",
            Self::Account => "account",
            Self::Link => "link",
            Self::Application => "application",
            Self::Pool => "pool",
        }
    }
}

/// How much, how long, and what then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Its name in the database.
    pub name: &'static str,
    /// What is done, for the documentation.
    pub what: &'static str,
    /// Whose use is counted together.
    pub by: By,
    /// So many are granted…
    pub most: u32,
    /// …in so many seconds.
    pub seconds: i64,
    /// What happens when it is used up, and what a person sees, for the documentation.
    pub then: &'static str,
}

macro_rules! budgets {
    ($($(#[$doc:meta])+ $budget:ident = $name:literal, $what:literal, $by:ident, $most:literal in $seconds:expr, $then:literal;)+) => {
        /// Something that is counted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Budget {
            $($(#[$doc])+ $budget,)+
        }

        impl Budget {
            /// Every budget.
            pub const ALL: &'static [Self] = &[$(Self::$budget),+];

            /// Its numbers.
            pub const fn terms(self) -> Terms {
                match self {
                    $(Self::$budget => Terms {
                        name: $name, what: $what, by: By::$by, most: $most, seconds: $seconds, then: $then,
                    },)+
                }
            }
        }
    };
}

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

budgets! {
    /// Mails with a link to reset a password, to one mailbox.
    ResetToMailbox = "reset-mailbox", "mail to reset a password", Mailbox, 5 in HOUR,
        "no further mail; the page says that only a few go to one address";
    /// The same, asked for in a browser that its user is known in.
    ResetFromKnownBrowser = "reset-browser", "the same, when its mailbox has had enough", KnownBrowser, 3 in HOUR,
        "as above";
    /// The same, asked for from one source.
    ResetFromSource = "reset-source", "mail to reset a password", Source, 30 in HOUR,
        "429 with the time to wait";
    /// The same, at one pool.
    ResetAtPool = "reset-pool", "mail to reset a password", Pool, 2000 in HOUR,
        "429 with the time to wait";
    /// Mails with a link to register, to one mailbox.
    RegistrationToMailbox = "registration-mailbox", "mail to register", Mailbox, 5 in HOUR,
        "no further mail; the page says that only a few go to one address";
    /// The same, asked for from one source.
    RegistrationFromSource = "registration-source", "mail to register", Source, 30 in HOUR,
        "429 with the time to wait";
    /// The same, at one pool.
    RegistrationAtPool = "registration-pool", "mail to register", Pool, 2000 in HOUR,
        "429 with the time to wait";
    /// Mailed codes of a second factor, to one mailbox.
    CodeToMailbox = "code-mailbox", "mailed code of a second factor", Mailbox, 10 in HOUR,
        "no further code; the page says so";
    /// The same, asked for from one source.
    CodeFromSource = "code-source", "mailed code of a second factor", Source, 1000 in HOUR,
        "no further code; the page says so";
    /// The same, at one pool.
    CodeAtPool = "code-pool", "mailed code of a second factor", Pool, 20000 in HOUR,
        "no further code; the page says so";
    /// Mails about a new address for an account, to one mailbox.
    AddressToMailbox = "address-mailbox", "mail about a new address for an account", Mailbox, 5 in HOUR,
        "no further mail; the page says that only a few go to one address";
    /// The same, asked for from one source.
    AddressFromSource = "address-source", "mail about a new address for an account", Source, 30 in HOUR,
        "429 with the time to wait";
    /// The same, asked for by one account.
    AddressByAccount = "address-account", "mail about a new address for an account", Account, 10 in HOUR,
        "429 with the time to wait";
    /// The same, at one pool.
    AddressAtPool = "address-pool", "mail about a new address for an account", Pool, 2000 in HOUR,
        "429 with the time to wait";
    /// Codes that prove a new address, tried by one account.
    AddressCodeByAccount = "address-code", "code that proves a new address, tried", Account, 10 in HOUR,
        "429 with the time to wait";
    /// New passwords, and user names, that are tried with one link.
    PasswordByLink = "password-link", "new password tried with a mailed link", Link, 20 in DAY,
        "429; the page says to ask for a new link";
    /// New passwords that a signed-in user tries.
    PasswordByAccount = "password-account", "new password tried in the user center", Account, 20 in HOUR,
        "429 with the time to wait";
    /// Wrong passwords from one source.
    WrongPasswordFromSource = "wrong-password-source", "wrong password", Source, 1000 in HOUR,
        "429 with the time to wait, except in browsers that are known to the account";
    /// Rows about wrong passwords at one pool.
    WrongPasswordAtPool = "wrong-password-pool", "audit row of a wrong password", Pool, 20000 in HOUR,
        "no further row; the attempts are counted all the same";
    /// Notices about attacks on an account.
    NoticeToAccount = "notice-account", "notice of wrong codes behind a right password", Account, 1 in DAY,
        "no further mail; the audit trail has the rows";
    /// Notices of what was done with an account without changing it.
    NoticeOfSignIn = "notice-sign-in", "notice of a sign-in", Account, 10 in HOUR,
        "one mail says that notices are held back; the audit trail names each";
    /// Notices of what was changed in an account.
    NoticeOfChange = "notice-change", "notice of a change of the account", Account, 20 in HOUR,
        "one mail says that notices are held back; the audit trail names each";
    /// Notices to an address that is not proved: whoever set it may have set that of a stranger.
    NoticeToUnproved = "notice-unproved", "notice to an address that is not proved", Mailbox, 10 in HOUR,
        "no further mail; the audit trail names each";
    /// Notices at one pool.
    NoticeAtPool = "notice-pool", "notice", Pool, 20000 in HOUR,
        "one mail says that notices are held back; the audit trail names each";
    /// Mails that tell that notices are held back.
    NoticesHeldBack = "notices-held-back", "mail that says that notices are held back", Account, 1 in HOUR,
        "no further mail; the audit trail names each notice";
    /// Requests of devices, from one source.
    DeviceFromSource = "device-source", "request of a device", Source, 100 in HOUR,
        "`temporarily_unavailable` with the time to wait";
    /// The same, in the name of one application.
    DeviceOfApplication = "device-application", "request of a device", Application, 10000 in HOUR,
        "`temporarily_unavailable` with the time to wait";
    /// Codes of devices that a signed-in user types.
    DeviceCodeByAccount = "device-code-account", "code of a device, typed", Account, 30 in HOUR,
        "429 with the time to wait";
    /// The same, from one source.
    DeviceCodeFromSource = "device-code-source", "code of a device, typed", Source, 100 in HOUR,
        "429 with the time to wait";
    /// Tokens for the word of trusted issuers, for one application: each is a row until it ends.
    AssertionOfApplication = "assertion-application", "token for an assertion", Application, 10000 in HOUR,
        "`temporarily_unavailable` with the time to wait";
    /// Rows about tokens that one application exchanged, and about such that it gave back.
    ExchangeRowOfApplication = "exchange-row-application", "audit row of an exchanged token, and of one that is given back", Application, 10000 in HOUR,
        "no further row, but a line of the log; tokens are exchanged all the same";
    /// Rows about what was refused to one application. They take nothing from the rows about what it got.
    RefusalRowOfApplication = "refusal-row-application", "audit row of a refused exchange or assertion", Application, 1000 in HOUR,
        "no further row; the log has a line";
    /// Rows of the audit trail about what was not even looked at, of one source.
    RowBySource = "row-source", "audit row of a throttled guess, a wrong passkey or a wrong client secret", Source, 100 in HOUR,
        "no further row; the log has a line";
    /// The same, at one pool.
    RowAtPool = "row-pool", "audit row of a throttled guess, a wrong passkey or a wrong client secret", Pool, 1000 in HOUR,
        "no further row; the log has a line";
    /// Applications that register by themselves, from one source, and documents of unknown ones that are asked for.
    ApplicationFromSource = "application-source", "application that registers by itself, where anybody may, or that nobody knows yet and a document describes", Source, 10 in HOUR,
        "503 `temporarily_unavailable`";
    /// What such applications change or delete of themselves, from one source: every node reads its pools again after each.
    ApplicationChangeFromSource = "application-change-source", "change of an application by itself", Source, 30 in HOUR,
        "503 `temporarily_unavailable`";
}

/// What is kept at most of rows that somebody who is signed in can add without end. When the newest row is one of those that
/// [`Kept::is_looked_at`] picks, all but the newest are deleted: looking at every addition would cost each sign-in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Grants of one session at one application.
    Grants,
    /// Sign-ins under way of one user.
    Flows,
}

impl Kept {
    /// So many of the newest are kept.
    pub const fn most(self) -> u32 {
        match self {
            Self::Grants => 100,
            Self::Flows => 50,
        }
    }

    /// Whether it is time to look, by the random end of the identifier that the new row got: one time in sixteen, and nobody
    /// outside can know which.
    pub fn is_looked_at(id: &[u8]) -> bool {
        id.last().is_some_and(|byte| byte % 16 == 0)
    }
}

/// A sign-in under way, as far as it matters which of a user's have to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// Its identifier; later ones are greater.
    pub id: FlowId,
    /// Digest of the browser that began it.
    pub browser: [u8; 32],
    /// Whether its user has signed in before in that browser.
    pub known: bool,
}

/// So many of the newest sign-ins under way of one browser come before all others of their user.
const FLOWS_OF_BROWSER: usize = 10;

/// Which of a user's sign-ins under way have to go when `new` has come: those beyond [`Kept::most`]. The newest few of each
/// browser stay before all others, and among them those of browsers that the user is known in: somebody who has the password
/// alone, and begins any number of sign-ins in any number of browsers, does not drive the user out of their own.
pub fn surplus(mut under_way: Vec<UnderWay>, new: FlowId) -> Vec<FlowId> {
    under_way.sort_by_key(|one| std::cmp::Reverse(one.id));
    let mut of_browser: BTreeMap<[u8; 32], usize> = BTreeMap::new();
    let mut ranked: Vec<(bool, bool, FlowId)> = under_way
        .iter()
        .filter(|one| one.id != new)
        .map(|one| {
            let before = of_browser.entry(one.browser).or_default();
            *before += 1;
            (*before > FLOWS_OF_BROWSER, !one.known, one.id)
        })
        .collect();
    // A stable sort: within each rank the newest still come first.
    ranked.sort_by_key(|(too_many, stranger, _)| (*too_many, *stranger));
    let others = usize::try_from(Kept::Flows.most()).map_or(usize::MAX, |most| most.saturating_sub(1));
    ranked.into_iter().skip(others).map(|(_, _, id)| id).collect()
}

/// The mailbox that an address leads to, as far as anybody outside can tell: without regard to case, to dots, and to what
/// follows a plus sign. Only for counting: nothing is ever sent to it. A text that is no address stands for itself.
pub fn mailbox(address: &str) -> String {
    let folded = address.trim().to_lowercase();
    let Some((local, domain)) = folded.rsplit_once('@') else { return folded };
    let base = local.split_once('+').map_or(local, |(base, _)| base);
    let bare: String = base.chars().filter(|c| *c != '.').collect();
    // An address whose local part is a tag alone stays apart from others of that kind.
    format!("{}@{domain}", if bare.is_empty() { local } else { &bare })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const PAGE: &str = include_str!("../../../docs/security.md");

    fn duration(seconds: i64) -> &'static str {
        match seconds {
            HOUR => "hour",
            DAY => "day",
            _ => "",
        }
    }

    #[test]
    fn every_budget_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = Budget::ALL.iter().map(|budget| budget.terms().name).collect();
        assert_eq!(names.len(), Budget::ALL.len());
    }

    #[test]
    fn the_page_lists_exactly_the_budgets_that_there_are() {
        let (_, table) = PAGE
            .split_once("| what | counted by | at most | when it is used up |\n|---|---|---|---|\n")
            .unwrap();
        let listed: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
        let rows: Vec<String> = Budget::ALL
            .iter()
            .map(|budget| budget.terms())
            .map(|terms| {
                let Terms { what, most, then, .. } = terms;
                format!(
                    "| {what} | {} | {most} in a{} {} | {then} |",
                    terms.by.as_str(),
                    if terms.seconds == HOUR { "n" } else { "" },
                    duration(terms.seconds)
                )
            })
            .collect();
        assert_eq!(listed, rows, "\n{}", rows.join("\n"));
    }

    /// The sign-ins of these browsers, in the order in which they began.
    fn begun(browsers: &[(u8, bool)]) -> Vec<UnderWay> {
        let id = |number: usize| FlowId::from_uuid(uuid::Uuid::from_u128(number as u128));
        let all = browsers.iter().enumerate();
        all.map(|(number, (browser, known))| UnderWay {
            id: id(number),
            browser: [*browser; 32],
            known: *known,
        })
        .collect()
    }

    #[test]
    fn threat_a46_strangers_sign_ins_go_before_those_of_known_browsers() {
        let most = usize::try_from(Kept::Flows.most()).unwrap();
        // The owner's came first; then a stranger begins one after the other, each in a browser of its own.
        let strangers: Vec<(u8, bool)> = (0..100).map(|number| (100 + number, false)).collect();
        let all = begun(&[&[(1, true), (1, true), (2, true)], strangers.as_slice()].concat());
        let gone = surplus(all.clone(), all[all.len() - 1].id);
        assert_eq!(gone.len(), all.len() - most);
        let oldest_strangers: BTreeSet<_> = all[3..=gone.len() + 2].iter().map(|one| one.id).collect();
        assert_eq!(gone.into_iter().collect::<BTreeSet<_>>(), oldest_strangers);
        // A stranger who stays in one browser does not even drive out those of other strangers.
        let all = begun(&[&[(1, true), (3, false)], [(9, false); 100].as_slice()].concat());
        let gone = surplus(all.clone(), all[all.len() - 1].id);
        assert!(!gone.contains(&all[0].id) && !gone.contains(&all[1].id));
        // Nor does a known browser have all places to itself.
        let all = begun(&[&[(3, false)], [(1, true); 100].as_slice()].concat());
        assert!(!surplus(all.clone(), all[all.len() - 1].id).contains(&all[0].id));
    }

    #[test]
    fn the_sign_in_that_has_just_begun_stays_and_few_are_left_alone() {
        let all = begun(&[[(1, false)].as_slice(), [(2, true); 100].as_slice()].concat());
        assert!(!surplus(all.clone(), all[0].id).contains(&all[0].id), "whatever the clock of its node");
        let few = begun(&[(1, false); 50]);
        assert_eq!(surplus(few.clone(), few[49].id), []);
    }

    #[test]
    fn fault_s9_ways_to_write_a_mailbox_are_one() {
        for same in ["a.b@x.test", "AB@x.test", "ab+1@x.test", " a.b+anything+else@X.test "] {
            assert_eq!(mailbox(same), "ab@x.test", "{same}");
        }
        for (one, other) in [("a@x.test", "b@x.test"), ("a@x.test", "a@y.test"), ("+1@x.test", "+2@x.test")] {
            assert_ne!(mailbox(one), mailbox(other));
        }
        assert_eq!(mailbox("Alice"), "alice");
    }
}
