//! What an operator is told when something cannot be done: the facts come with the error, the commands are added here.

use vestibule_domain::password::Weakness;
use vestibule_flows::{AdminError, LockOut};

/// The whole text of an error, outermost cause first.
pub(super) fn text(error: &anyhow::Error) -> String {
    let told = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref().map_or_else(|| cause.to_string(), with_remedy)
    };
    error.chain().map(told).collect::<Vec<_>>().join(": ")
}

/// A refusal, and what can be done about it with commands and files.
fn with_remedy(error: &AdminError) -> String {
    match error {
        AdminError::Failure(_) | AdminError::Ended | AdminError::Name(_) => error.to_string(),
        AdminError::NoSuchPool(_) => format!("{error}; `vestibule pool list` shows the pools"),
        AdminError::NoSuchClient { pool, .. } => {
            format!("{error}; `vestibule application list --pool {pool}` shows them")
        }
        AdminError::NoSuchUser { pool, .. } => {
            format!("{error}; `vestibule user list --pool {pool}` shows them")
        }
        AdminError::NoSuchSession(_) => {
            format!("{error}; `vestibule user sessions` shows those that are alive")
        }
        AdminError::NoSuchFactor { .. } => format!("{error}; `vestibule user factors` shows what there is"),
        AdminError::Exists { .. } => {
            format!("{error}; choose another name, or change the existing one with `update`")
        }
        AdminError::OriginTaken { origin, pool } => {
            let owner = pool.as_ref().map_or("another pool".to_owned(), |pool| format!("pool {pool:?}"));
            format!("the origin {origin} belongs to {owner}; every pool needs an origin of its own")
        }
        AdminError::EmailTaken { .. } => format!("{error}; addresses are unique in a pool"),
        AdminError::EmailDiffers { .. } => format!(
            "{error}; an existing user's address is not changed this way, so declare the address the user has"
        ),
        AdminError::BadField { .. } => error.to_string(),
        AdminError::Sector { .. } => format!(
            "{error}; serve a JSON list of all its redirect URIs there as application/json, at a public https address \
             or one that `outbound.allow` names"
        ),
        AdminError::NoSecret(_) => format!("{error}; only confidential applications have one"),
        AdminError::LockOut(outs) => {
            let outs: Vec<String> = outs.iter().map(lock_out).collect();
            let remedy = "let them enrol a factor that the rule allows first, or leave one they have";
            format!("{}; {remedy}", outs.join("; "))
        }
        AdminError::Strands(_) => format!(
            "{error}: the rules ask for a second factor that could not be enrolled again; allow an enrolment first \
             (`policy` other than \"off\", and a factor in `factors`)"
        ),
        AdminError::LastAdmin(_) => format!("{error}; give another user the pool's admin group first"),
        AdminError::Weak(weakness) => format!("{error}: {}", weak(weakness)),
        AdminError::Conflict(_) => format!("{error}; look at the present state and try again"),
    }
}

fn lock_out(out: &LockOut) -> String {
    let to =
        out.application.as_ref().map_or("the user center".to_owned(), |id| format!("application {id:?}"));
    let when = if out.only_without_mail { " while no mail can be sent" } else { "" };
    format!(
        "{} users (such as {}) could no longer sign in to {to}{when}: rule {:?} asks for what they can neither give \
         nor enrol",
        out.users,
        out.sample.join(", "),
        out.rule,
    )
}

fn weak(weakness: &Weakness) -> String {
    match weakness {
        Weakness::TooShort(least) => format!("it needs at least {least} characters"),
        Weakness::TooLong => "it is too long".to_owned(),
        Weakness::Common => "it is too easy to guess".to_owned(),
        Weakness::Personal => "it contains the user's own name".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context as _;

    #[test]
    fn a_refusal_comes_with_its_remedy_wherever_it_stands() {
        let refusal = || AdminError::NoSuchPool("acme".to_owned());
        let told = "there is no pool \"acme\"; `vestibule pool list` shows the pools";
        assert_eq!(text(&refusal().into()), told);
        let within = Err::<(), _>(refusal()).context("case 1").unwrap_err();
        assert_eq!(text(&within), format!("case 1: {told}"));
        let other = anyhow::anyhow!("inner").context("outer");
        assert_eq!(text(&other), format!("{other:#}"));
    }
}
