//! What several pages say in the same words.

use crate::{
    paths::{self, NOTE},
    visit::Visit,
};
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vestibule_domain::{
    Because, FactorKind, Reason,
    password::Weakness,
    policy::{POOL_RULE, asked_by_application},
};
use vestibule_flows::{NoteReader, Revealed};
use vestibule_mfa::{FactorView, Hint};
use vestibule_pages::{Message, RevealPage, keys};

/// What a page says about what was just tried, and with which status. It travels sealed in the page's address, from the
/// answer to a form to the page that the answer leads to.
#[derive(Clone, Default)]
pub(crate) struct Said {
    pub(crate) status: StatusCode,
    /// What was done, or how it can be done.
    pub(crate) notice: Option<Message>,
    /// What is wrong.
    pub(crate) error: Option<Message>,
    /// Further reasons.
    pub(crate) more: Vec<Message>,
    /// Something is over, and this is its last page.
    pub(crate) ended: Option<Ended>,
    /// What was typed, by field.
    pub(crate) typed: BTreeMap<String, String>,
}

/// What is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ended {
    /// A mail is on its way.
    Mailed,
    /// What a mailed link was for is done; on with this sealed request, or with none.
    Done(String),
    /// Too many wrong answers; seconds until the next try.
    Locked(i64),
}

#[derive(Serialize, Deserialize)]
struct Note {
    status: u16,
    notice: Option<Message>,
    error: Option<Message>,
    more: Vec<Message>,
    ended: Option<Ended>,
    typed: BTreeMap<String, String>,
}

/// More of what was typed is not kept, in characters.
pub(crate) const LONGEST_TYPED: usize = 254;

impl Visit {
    /// Answers a form: the browser goes on to a page, which says what became of it. Whoever reloads that page, or goes back
    /// to it, sends nothing again.
    pub(crate) fn say(&self, page: &str, said: &Said) -> Response {
        let Said { notice, error, more, ended, typed, .. } = said.clone();
        let note = Note { status: said.status.as_u16(), notice, error, more, ended, typed };
        let note = serde_json::to_vec(&note).unwrap_or_default();
        let joint = if page.contains('?') { '&' } else { '?' };
        let reader = NoteReader { page: paths::bare(page), user: self.entered.get().copied() };
        let note = self.app().seal_note(&self.cx, &reader, &note);
        self.see_other(&format!("{page}{joint}{NOTE}={note}"))
    }

    /// What the page of this address has to say.
    pub(crate) fn said(&self) -> Said {
        let here = self.here();
        let reader = NoteReader { page: paths::bare(&here), user: self.entered.get().copied() };
        let open = |note| self.app().open_note(&self.cx, &reader, note);
        let note = self.note.as_deref().and_then(open);
        let note = note.and_then(|note| serde_json::from_slice::<Note>(&note).ok());
        note.map_or_else(Said::default, |note| {
            let Note { status, notice, error, more, ended, typed } = note;
            let status = StatusCode::from_u16(status).unwrap_or_default();
            Said { status, notice, error, more, ended, typed }
        })
    }
}

impl Said {
    /// Something is over.
    pub(crate) fn ended(ended: Ended) -> Self {
        Self { ended: Some(ended), ..Self::default() }
    }

    /// Keeps what was typed into a field, for the page to show it again. Never a secret.
    pub(crate) fn typed(mut self, field: &str, text: &str) -> Self {
        self.typed.insert(field.to_owned(), text.chars().take(LONGEST_TYPED).collect());
        self
    }

    /// The same for a field that takes more than a line: whole, or not at all. The caller bounds the sum of them.
    pub(crate) fn typed_whole(mut self, field: &str, text: &str) -> Self {
        self.typed.insert(field.to_owned(), text.to_owned());
        self
    }

    /// What was typed into a field before.
    pub(crate) fn again(&self, field: &str) -> Option<String> {
        self.typed.get(field).cloned()
    }

    /// Something was done.
    pub(crate) fn done(key: &'static str) -> Self {
        Self { notice: Some(Message::success(key)), ..Self::default() }
    }

    /// Something is wrong.
    pub(crate) fn wrong(status: StatusCode, error: Message) -> Self {
        Self { status, error: Some(error), ..Self::default() }
    }

    /// What was to be changed does not exist, or no longer.
    pub(crate) fn gone() -> Self {
        Self::wrong(StatusCode::NOT_FOUND, Message::error(keys::GONE))
    }
}

/// Too many attempts, and how long to wait.
pub(crate) fn too_many(seconds: i64) -> Said {
    Said::wrong(StatusCode::TOO_MANY_REQUESTS, throttled(seconds))
}

/// How long to wait, in the unit that people would use.
pub(crate) fn throttled(seconds: i64) -> Message {
    if seconds < 90 {
        Message::error(keys::THROTTLED_SECONDS).arg("seconds", seconds)
    } else {
        Message::error(keys::THROTTLED).arg("minutes", (seconds + 59) / 60)
    }
}

/// The challenge that was answered is not the one that waits.
pub(crate) fn stale() -> Said {
    Said::wrong(StatusCode::CONFLICT, Message::error(keys::CEREMONY_EXPIRED))
}

/// A factor says that the answer is wrong. Where it also says why, that is the advice, and not to try the next code.
pub(crate) fn wrong_answer(kind: &FactorKind, hint: Option<Hint>) -> Said {
    let Some(hint) = hint else {
        return Said::wrong(StatusCode::OK, Message::error(format!("factor-{kind}-wrong")));
    };
    let told = hint
        .args
        .into_iter()
        .fold(Message::notice(hint.key), |message, (name, value)| message.arg(&name, value));
    Said { notice: Some(told), ..Said::wrong(StatusCode::OK, Message::error(keys::CODE_REFUSED)) }
}

/// What is wrong with a new password.
pub(crate) fn weak(weakness: Weakness) -> Message {
    match weakness {
        Weakness::TooShort(min) => Message::error(keys::PASSWORD_TOO_SHORT).arg("min", min),
        Weakness::TooLong => Message::error(keys::PASSWORD_TOO_LONG),
        Weakness::Common => Message::error(keys::PASSWORD_COMMON),
        Weakness::Personal => Message::error(keys::PASSWORD_CONTAINS_IDENTITY),
    }
}

/// The least length of a password, for the page to say it.
pub(crate) fn password_min(visit: &Visit) -> u32 {
    u32::try_from(vestibule_flows::password_min(&visit.cx.pool.pool)).unwrap_or(0)
}

/// A factor's view as the pages know it.
pub(crate) fn shown(view: FactorView) -> vestibule_pages::FactorView {
    vestibule_pages::FactorView { template: view.template, data: view.data }
}

/// The view of a factor that is being enrolled, with the name that was typed for it before.
pub(crate) fn shown_again(view: FactorView, said: &Said) -> vestibule_pages::FactorView {
    let mut view = shown(view);
    if let (Some(label), Some(fields)) = (said.again("label"), view.data.as_object_mut()) {
        fields.insert("label_typed".to_owned(), label.into());
    }
    view
}

/// What is shown only once.
pub(crate) fn reveal(revealed: Revealed, action: &str, flow: Option<String>) -> RevealPage {
    let Revealed { kind, view, account } = revealed;
    let (kind, action) = (kind.to_string(), action.to_owned());
    RevealPage { view: shown(view), kind, action, flow, generated_for: account }
}

/// Why something is asked for, as the rule that decided says it.
pub(crate) fn reason(because: &Because, pool: &str, client: &str) -> Message {
    let for_everybody = because.rule == POOL_RULE;
    match because.reason {
        Reason::PoolRequires if for_everybody => {
            Message::notice(keys::REASON_POLICY_REQUIRED).arg("pool", pool)
        }
        Reason::PoolRequires => Message::notice(keys::REASON_POLICY_YOURS).arg("pool", pool),
        Reason::UserEnrolled => Message::notice(keys::REASON_ENROLLED),
        Reason::ApplicationRequires if asked_by_application(&because.rule) => {
            Message::notice(keys::REASON_APP_REQUIRES).arg("client", client)
        }
        // A class that the pool itself asks for, of everybody or by a rule.
        Reason::ApplicationRequires if for_everybody => {
            Message::notice(keys::REASON_POLICY_REQUIRED).arg("pool", pool)
        }
        Reason::ApplicationRequires => Message::notice(keys::REASON_POLICY_YOURS).arg("pool", pool),
        Reason::Requested => Message::notice(keys::REASON_REQUESTED).arg("client", client),
        Reason::Fresh => Message::notice(keys::REASON_FRESH),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_domain::{
        Acr, Effective, Facts, MfaMode, Policy, Requirement, Timestamp,
        policy::{Ask, REQUEST_RULE, Rule, When},
    };

    /// What decides, in all its combinations.
    #[derive(Clone, Copy, Debug)]
    struct World {
        everybody: MfaMode,
        everybody_acr: Option<Acr>,
        group: Option<MfaMode>,
        group_acr: Option<Acr>,
        application: Option<Acr>,
        member: bool,
        has: bool,
        requested: bool,
        fresh: bool,
    }

    fn worlds() -> Vec<World> {
        let modes = [MfaMode::Off, MfaMode::Optional, MfaMode::Required];
        let acrs = [None, Some(Acr::Mfa)];
        let mut all = Vec::new();
        for everybody in modes {
            for group in [None, Some(MfaMode::Optional), Some(MfaMode::Required)] {
                for (everybody_acr, group_acr, application) in
                    acrs.into_iter().flat_map(|a| acrs.into_iter().flat_map(move |b| acrs.map(|c| (a, b, c))))
                {
                    for bits in 0..16_u8 {
                        let [member, has, requested, fresh] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
                        all.push(World {
                            everybody,
                            everybody_acr,
                            group,
                            group_acr,
                            application,
                            member,
                            has,
                            requested,
                            fresh,
                        });
                    }
                }
            }
        }
        all
    }

    fn required(world: World) -> Requirement {
        let ask = |mode, min_acr| Ask { mode, min_acr, ..Ask::default() };
        let rule = Rule {
            name: "finance".to_owned(),
            when: When { groups: vec!["finance".to_owned()], ..When::default() },
            ask: ask(world.group, world.group_acr),
        };
        let policy = Policy {
            everybody: ask(Some(world.everybody), world.everybody_acr),
            rules: vec![rule],
            ..Policy::default()
        };
        let groups = if world.member { vec!["finance".to_owned()] } else { Vec::new() };
        let facts = Facts {
            application: Some("shop"),
            application_acr: world.application,
            groups: &groups,
            scopes: &[],
            skips_used: 0,
            now: Timestamp::EPOCH,
        };
        let mut requirement = Requirement::floor(&Effective::of(&policy, 1, &facts), world.has);
        if world.requested {
            requirement = requirement.at_least(Acr::Phr, Reason::Requested, REQUEST_RULE);
        }
        if world.fresh { requirement.because_fresh("default") } else { requirement }
    }

    #[test]
    fn fault_u15_every_reason_is_true_for_whom_it_is_told() {
        for world in worlds() {
            for because in &required(world).reasons {
                let told = reason(because, "Fjord", "Shop");
                let for_all = world.everybody == MfaMode::Required || world.everybody_acr.is_some();
                let by_group =
                    world.member && (world.group == Some(MfaMode::Required) || world.group_acr.is_some());
                let is_true = match told.key.as_ref() {
                    keys::REASON_POLICY_REQUIRED => for_all,
                    keys::REASON_POLICY_YOURS => by_group,
                    keys::REASON_APP_REQUIRES => world.application.is_some(),
                    keys::REASON_REQUESTED => world.requested,
                    keys::REASON_ENROLLED => world.has,
                    keys::REASON_FRESH => world.fresh,
                    other => panic!("{other} is no reason"),
                };
                assert!(is_true, "{} is not true for {world:?} ({because:?})", told.key);
            }
        }
    }
}
