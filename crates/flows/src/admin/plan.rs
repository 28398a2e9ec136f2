//! The difference between what is declared and what is there. Pure.

use crate::admin::{
    AdminError,
    spec::{ClientSpec, PoolSpec, SecretSpec, UserSpec},
};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use vestibule_domain::{
    Client, ClientKind, Email, Faults, FieldPath, Pool, Timestamp, TokenAlg, User, UserProfile, field,
    time::moment,
};
use vestibule_seal::sha256;

/// What applying would do, or did, step by step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Every declared thing, in the order of the declaration.
    pub steps: Vec<PlanStep>,
}

impl Plan {
    /// Whether nothing would change.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.steps.iter().all(|step| step.action == PlanAction::Unchanged)
    }

    /// How many steps are of that kind.
    #[must_use]
    pub fn count(&self, action: PlanAction) -> usize {
        self.steps.iter().filter(|step| step.action == action).count()
    }
}

/// One declared thing, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanStep {
    /// What happens.
    pub action: PlanAction,
    /// `pool`, `signing key`, `client` or `user`.
    pub kind: &'static str,
    /// Its name: `pool` or `pool/thing`.
    pub name: String,
    /// What changes, one line each; never a secret.
    pub changes: Vec<String>,
}

/// What happens to a declared thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PlanAction {
    /// It is made.
    Create,
    /// It is changed.
    Update,
    /// It is as declared.
    Unchanged,
}

impl PlanAction {
    /// Its name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Unchanged => "unchanged",
        }
    }
}

/// What is there of a declared pool.
#[derive(Default)]
pub(super) struct Present {
    pub(super) pool: Option<Pool>,
    pub(super) clients: Vec<Client>,
    /// Algorithms with an active key.
    pub(super) algs: Vec<TokenAlg>,
    /// Declared users that exist, by the folded name.
    pub(super) users: HashMap<String, User>,
    /// Who has the declared addresses, by the folded address.
    pub(super) addresses: HashMap<String, User>,
}

/// What has to be written for one pool.
pub(super) struct Work<'a> {
    pub(super) pool: PlanAction,
    /// What changes of the pool itself.
    pub(super) pool_changes: Vec<String>,
    pub(super) algs: Vec<TokenAlg>,
    pub(super) clients: Vec<ClientWork>,
    pub(super) users: Vec<UserWork<'a>>,
}

/// An application to write.
pub(super) struct ClientWork {
    pub(super) client: Client,
    pub(super) action: PlanAction,
    /// Whether a secret has to be drawn.
    pub(super) draw_secret: bool,
    pub(super) changes: Vec<String>,
}

/// A user to write.
pub(super) enum UserWork<'a> {
    /// One who is not there yet, with the profile as it is kept.
    New(&'a UserSpec, Box<UserProfile>),
    Changed {
        was: Box<User>,
        user: Box<User>,
        changes: Vec<String>,
    },
}

impl UserWork<'_> {
    /// The user as changed, where it is there already.
    pub(super) fn changed(&self) -> Option<&User> {
        match self {
            Self::New(..) => None,
            Self::Changed { user, .. } => Some(user),
        }
    }
}

/// Compares a declaration with what is there.
pub(super) fn compare<'a>(
    spec: &'a PoolSpec,
    present: &Present,
    steps: &mut Vec<PlanStep>,
) -> Result<Work<'a>, AdminError> {
    let (pool, changes) = compare_pool(spec, present.pool.as_ref());
    steps.push(PlanStep { action: pool, kind: "pool", name: spec.slug.clone(), changes: changes.clone() });
    let algs: Vec<TokenAlg> = TokenAlg::ALL.into_iter().filter(|alg| !present.algs.contains(alg)).collect();
    for alg in &algs {
        steps.push(step(PlanAction::Create, "signing key", spec, alg.as_str(), Vec::new()));
    }
    let mut clients = Vec::new();
    for wanted in &spec.clients {
        let there = present.clients.iter().find(|client| client.id == wanted.client.id);
        let work = compare_client(wanted, there);
        steps.push(step(work.action, "client", spec, &work.client.id, work.changes.clone()));
        if work.action != PlanAction::Unchanged {
            clients.push(work);
        }
    }
    let mut users = Vec::new();
    for wanted in &spec.users {
        let (action, work) = compare_user(spec, wanted, present)?;
        let changes = match &work {
            Some(UserWork::Changed { changes, .. }) => changes.clone(),
            Some(UserWork::New(..)) | None => Vec::new(),
        };
        steps.push(step(action, "user", spec, wanted.username.as_str(), changes));
        users.extend(work);
    }
    Ok(Work { pool, pool_changes: changes, algs, clients, users })
}

fn step(
    action: PlanAction,
    kind: &'static str,
    pool: &PoolSpec,
    name: &str,
    changes: Vec<String>,
) -> PlanStep {
    PlanStep { action, kind, name: format!("{}/{name}", pool.slug), changes }
}

fn compare_pool(spec: &PoolSpec, there: Option<&Pool>) -> (PlanAction, Vec<String>) {
    let Some(there) = there else {
        return (PlanAction::Create, vec![format!("origin: {}", spec.origin)]);
    };
    let mut changes = Vec::new();
    if there.name != spec.name {
        changes.push(format!("name: {:?} → {:?}", there.name, spec.name));
    }
    if there.tenant != spec.tenant {
        changes.push(format!("tenant: {} → {}", there.tenant, spec.tenant));
    }
    if there.origin != spec.origin {
        changes.push(format!("origin: {} → {}", there.origin, spec.origin));
    }
    fields("", &as_value(&there.settings), &as_value(&spec.settings), &mut changes);
    (updated(&changes), changes)
}

/// What comes of another subject type or sector.
const RENAMES: &str =
    "WARNING: every `sub` changes: the application takes all its users for strangers, and its tokens end";

fn compare_client(wanted: &ClientSpec, there: Option<&Client>) -> ClientWork {
    let mut client = wanted.client.clone();
    let old = there.and_then(|client| client.secret_sha256);
    // Where it came from stays, however it is changed: its users are asked as before.
    client.registered = there.and_then(|client| client.registered.clone());
    client.secret_sha256 = match (&wanted.secret, client.kind) {
        (_, ClientKind::Public) => None,
        (SecretSpec::Given(secret), ClientKind::Confidential) => Some(sha256(secret.as_bytes())),
        (SecretSpec::Sha256(digest), ClientKind::Confidential) => Some(*digest),
        (SecretSpec::Keep, ClientKind::Confidential) => old,
    };
    let draw_secret = client.needs_secret() && client.secret_sha256.is_none();
    let Some(there) = there else {
        let changes = if draw_secret { vec!["a secret is generated".to_owned()] } else { Vec::new() };
        return ClientWork { client, action: PlanAction::Create, draw_secret, changes };
    };
    let mut changes = Vec::new();
    let bare = |client: &Client| as_value(&Client { secret_sha256: None, ..client.clone() });
    fields("", &bare(there), &bare(&client), &mut changes);
    match (old, client.secret_sha256) {
        (Some(_), None) if !draw_secret => changes.push("secret: removed".to_owned()),
        (None, None) if draw_secret => changes.push("a secret is generated".to_owned()),
        (old, new) if old != new => changes.push("secret: replaced".to_owned()),
        _ => {}
    }
    if client.sector() != there.sector() {
        changes.push(RENAMES.to_owned());
    }
    if let Some(registered) = client.registered.as_mut().filter(|_| !changes.is_empty()) {
        registered.taken_over = true;
    }
    ClientWork { client, action: updated(&changes), draw_secret, changes }
}

fn compare_user<'a>(
    spec: &PoolSpec,
    wanted: &'a UserSpec,
    present: &Present,
) -> Result<(PlanAction, Option<UserWork<'a>>), AdminError> {
    check_user(wanted)?;
    let there = present.users.get(&wanted.username.key());
    let profile = checked_profile(spec, wanted, there)?;
    if let Some(email) = &wanted.email {
        let owner = present.addresses.get(&email.key());
        if owner.is_some_and(|owner| there.is_none_or(|there| there.id != owner.id)) {
            return Err(AdminError::EmailTaken { pool: spec.slug.clone(), email: email.as_str().to_owned() });
        }
    }
    let Some(there) = there else {
        return Ok((PlanAction::Create, Some(UserWork::New(wanted, Box::new(profile)))));
    };
    let folded = |email: &String| vestibule_domain::user::fold(email);
    let differs = wanted.email.as_ref().map(Email::key) != there.email.as_ref().map(folded);
    if !wanted.exact && wanted.email.is_some() && differs {
        return Err(AdminError::EmailDiffers { pool: spec.slug.clone(), user: there.username.clone() });
    }
    let mut user = there.clone();
    let mut changes = Vec::new();
    let address = wanted.email.as_ref().map(|email| email.as_str().to_owned());
    if wanted.exact && address != user.email {
        changes.push(format!("email: {} → {}", shown(user.email.as_ref()), shown(address.as_ref())));
        user.email = address;
    }
    if (wanted.exact || wanted.name.is_some()) && wanted.name != user.name {
        changes.push(format!("name: {} → {}", shown(user.name.as_ref()), shown(wanted.name.as_ref())));
        user.name.clone_from(&wanted.name);
    }
    if (wanted.exact || wanted.locale.is_some()) && wanted.locale != user.locale {
        changes.push(format!("locale: {} → {}", shown(user.locale.as_ref()), shown(wanted.locale.as_ref())));
        user.locale.clone_from(&wanted.locale);
    }
    if wanted.groups != user.groups {
        changes.push(format!("groups: {:?} → {:?}", user.groups, wanted.groups));
        user.groups.clone_from(&wanted.groups);
    }
    let profile = if wanted.exact {
        user.profile.clone().rebased(&wanted.seen, &profile)
    } else {
        user.profile.clone().with(&profile)
    };
    // The values are the user's own affair: a trail that is kept for long tells which they are, and no more.
    changes
        .extend(user.profile.differences(&profile).iter().map(|field| format!("profile.{field}: changed")));
    user.profile = profile;
    let verified = wanted.email_verified && user.email.is_some();
    if verified != user.email_verified && (wanted.exact || verified) {
        changes.push(format!("email_verified: {} → {verified}", user.email_verified));
        user.email_verified = verified;
    }
    let action = updated(&changes);
    let work = (action == PlanAction::Update).then(|| UserWork::Changed {
        was: Box::new(there.clone()),
        user: Box::new(user),
        changes,
    });
    Ok((action, work))
}

/// The rules of the fields of a user, for files, commands and whatever else declares one.
fn check_user(wanted: &UserSpec) -> Result<(), AdminError> {
    let (mut faults, at) = (Faults::default(), FieldPath::root());
    if let Some(name) = &wanted.name {
        faults.judge(&at.key("name"), field::name(name));
    }
    if let Some(tag) = &wanted.locale {
        faults.judge(&at.key("locale"), field::locale(tag));
    }
    for (index, group) in wanted.groups.iter().enumerate() {
        faults.judge(&at.key("groups").index(index), field::name(group));
    }
    let user = wanted.username.as_str();
    faults
        .into_vec()
        .into_iter()
        .next()
        .map_or(Ok(()), |fault| Err(AdminError::BadField { user: user.to_owned(), fault: Box::new(fault) }))
}

/// The profile that is declared, in the form in which it is kept.
fn checked_profile(
    spec: &PoolSpec,
    wanted: &UserSpec,
    there: Option<&User>,
) -> Result<UserProfile, AdminError> {
    let was = there.map(|user| user.profile.clone()).unwrap_or_default();
    let at = FieldPath::root().key("profile");
    let checked = wanted.profile.checked(&spec.settings.attributes, &was, &at);
    checked.map_err(|faults| AdminError::BadField {
        user: wanted.username.as_str().to_owned(),
        fault: Box::new(faults.into_iter().next().unwrap_or_default()),
    })
}

fn shown(text: Option<&String>) -> String {
    text.map_or_else(|| "none".to_owned(), |text| format!("{text:?}"))
}

fn updated(changes: &[String]) -> PlanAction {
    if changes.is_empty() { PlanAction::Unchanged } else { PlanAction::Update }
}

fn as_value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// Fields that are moments, in seconds since the Unix epoch.
const MOMENTS: [&str; 1] = ["required_from"];

/// Every field whose value differs, as `path: old → new`, for people.
fn fields(path: &str, old: &Value, new: &Value, changes: &mut Vec<String>) {
    if old == new {
        return;
    }
    let (old, new) = (by_name(old), by_name(new));
    let (Value::Object(left), Value::Object(right)) = (old.as_ref(), new.as_ref()) else {
        changes.push(format!("{path}: {} → {}", readable(path, &old), readable(path, &new)));
        return;
    };
    let names: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for name in names {
        let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let of = |map: &serde_json::Map<String, Value>| map.get(name).cloned().unwrap_or(Value::Null);
        fields(&below, &of(left), &of(right), changes);
    }
}

/// A list of things with names as a table of them; anything else as it is.
fn by_name(value: &Value) -> std::borrow::Cow<'_, Value> {
    let Value::Array(items) = value else { return std::borrow::Cow::Borrowed(value) };
    let named = items.iter().map(|item| {
        let mut rest = item.as_object()?.clone();
        let name = rest.remove("name")?.as_str()?.to_owned();
        Some((name, Value::Object(rest)))
    });
    match named.collect::<Option<serde_json::Map<String, Value>>>() {
        Some(table) if !items.is_empty() && table.len() == items.len() => {
            std::borrow::Cow::Owned(Value::Object(table))
        }
        _ => std::borrow::Cow::Borrowed(value),
    }
}

/// A value as people read it: nothing as `none`, moments as RFC 3339 text, tables as `key = value`.
fn readable(path: &str, value: &Value) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match value {
        Value::Null => "none".to_owned(),
        Value::Number(number) if MOMENTS.iter().any(|name| path.ends_with(name)) => number
            .as_i64()
            .map_or_else(|| number.to_string(), |seconds| moment(Timestamp::from_seconds(seconds))),
        Value::Array(items) => {
            format!("[{}]", list(items.iter().map(|item| readable(path, item)).collect()))
        }
        Value::Object(fields) => {
            let there = fields.iter().filter(|(_, value)| !value.is_null());
            let pairs: Vec<String> =
                there.map(|(name, value)| format!("{name} = {}", readable(name, value))).collect();
            if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", list(pairs)) }
        }
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests;
