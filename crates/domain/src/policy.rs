//! What is asked of a user, by which rule, and the shortest way to give it.
//!
//! Two different things are required of a sign-in. The *second factor* is the tenant's own rule: somebody who has a
//! factor is asked for it, and a recovery code opens it. The *class* is what the relying party may rely on: a
//! recovery code does not count for it.
//!
//! [`rules`] holds the tenant's rule table and folds the rules that apply into one [`Effective`] policy, the strictest
//! of each knob, with the name of the rule that decided it. [`requirement`] says what that asks of one sign-in,
//! [`plan()`] finds the shortest way there, and [`ways`] whether there is a way at all.

mod check;
pub mod plan;
pub mod requirement;
pub mod rules;
pub mod ways;

pub use plan::{FactorOffer, Need, has_factor, plan, reachable, suggestion};
pub use requirement::{Because, LeastStrength, Reason, Requirement, Suggestion};
pub use rules::{
    AfterRecovery, Ask, DEFAULT_RULE, Decided, Effective, Facts, Obligation, POOL_RULE, Policy, Proof,
    REQUEST_RULE, Rule, When, asked_by_application,
};
pub use ways::way_in;
