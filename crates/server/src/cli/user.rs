//! `vestibule user`.

mod details;
mod holdings;

use super::{
    Common, apply,
    ask::Sure,
    client::{NONE, first_line},
    export::{self, Contents},
    moment, operator,
    pool::everybody,
};
use crate::{ambient::SystemEntropy, console, problem::Problem};
use clap::{Args, Subcommand};
use details::Details;
use serde_json::json;
use vestibule_domain::{Email, SessionId, User, UserId, UserProfile, UserStatus, Username, user::fold};
use vestibule_flows::{AdminError, App, ResetAnswer, UserSpec};
use vestibule_store::{Page, UserFilter};
use zeroize::Zeroizing;

/// Whether an account may be used.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum Status {
    Active,
    Disabled,
}

impl From<Status> for UserStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Active => Self::Active,
            Status::Disabled => Self::Disabled,
        }
    }
}

#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Show the users of a pool.
    #[command(
        after_help = "Examples:\n  vestibule user list --pool acme\n  vestibule user list --pool acme --status disabled\n  vestibule user list --pool acme --group staff --begins jo\n  vestibule user list --pool acme --after 019a8c2e-6f31-7c1a-9f0e-2b7c4d5e6f70 --limit 100 --json"
    )]
    List {
        /// Slug of the pool.
        #[arg(long)]
        pool: String,
        /// Only those whose account is active, or disabled.
        #[arg(long)]
        status: Option<Status>,
        /// Only members of this group.
        #[arg(long)]
        group: Option<String>,
        /// Only those whose user name or address begins with this.
        #[arg(long, value_name = "TEXT")]
        begins: Option<String>,
        /// Begin behind the user with this identifier.
        #[arg(long, value_name = "ID")]
        after: Option<vestibule_domain::UserId>,
        /// How many at most.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1000))]
        limit: u64,
    },
    /// Show one user, with sessions, factors and applications.
    #[command(
        after_help = "Examples:\n  vestibule user show --pool acme jo\n  vestibule user show --pool acme jo --json"
    )]
    Show(Whom),
    /// Show whom an application means by a `sub`, public or pairwise, and which applications know the user by it.
    #[command(
        after_help = "Examples:\n  vestibule user by-subject --pool acme SlGaAZWHnrcUQm5dzSZNYUQm5dzSZNYUQm5dzSZNYUQ\n  vestibule user by-subject --pool acme 019a8c2e-6f31-7c1a-9f0e-2b7c4d5e6f70 --json"
    )]
    BySubject {
        /// Slug of the pool.
        #[arg(long)]
        pool: String,
        /// The identifier, as the application has it.
        #[arg(allow_hyphen_values = true)]
        subject: String,
    },
    /// Make a user. Without --password-stdin or --no-password a password is generated and shown once.
    Add(Box<Add>),
    /// Change a user; what is not named stays. Shows each value before and after.
    Update(Box<Update>),
    /// Delete a user with everything that is theirs. The audit trail keeps what it tells.
    #[command(
        after_help = "Examples:\n  vestibule user delete --pool acme jo             shows what goes, and asks\n  vestibule user delete --pool acme jo --dry-run\n  vestibule user delete --pool acme jo --yes"
    )]
    Delete {
        #[command(flatten)]
        whom: Whom,
        #[command(flatten)]
        sure: Sure,
    },
    /// Print users as a pool file that `apply` reads, without passwords.
    #[command(
        after_help = "Examples:\n  vestibule user export --pool acme > users.toml\n  vestibule user export --pool acme jo"
    )]
    Export {
        /// Slug of the pool.
        #[arg(long)]
        pool: String,
        /// User name, address or identifier; all users without one.
        user: Option<String>,
    },
    /// Show the sessions of a user.
    #[command(
        after_help = "Examples:\n  vestibule user sessions --pool acme jo\n  vestibule user sessions --pool acme jo --json"
    )]
    Sessions(Whom),
    /// End the sessions of a user, with their tokens: all of them, or one.
    #[command(
        after_help = "Examples:\n  vestibule user end-sessions --pool acme jo\n  vestibule user end-sessions --pool acme jo --session 019a8c2e-6f31-7c1a-9f0e-2b7c4d5e6f70\n  vestibule user end-sessions --pool acme --everybody --yes   after a backup was restored"
    )]
    EndSessions(EndSessions),
    /// Show the second factors of a user.
    #[command(
        after_help = "Examples:\n  vestibule user factors --pool acme jo\n  vestibule user factors --pool acme jo --json"
    )]
    Factors(Whom),
    /// Take one second factor of a user away, or all of a kind. Every session ends, and the user is told by mail.
    #[command(
        after_help = "Examples:\n  vestibule user remove-factor --pool acme jo totp\n  vestibule user remove-factor --pool acme jo 019a8c2e-6f31-7c1a-9f0e-2b7c4d5e6f70"
    )]
    RemoveFactor {
        #[command(flatten)]
        whom: Whom,
        /// Identifier of the factor, or its kind, as `user factors` shows them.
        factor: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Disable an account: its sessions and tokens end at once.
    #[command(after_help = "Examples:\n  vestibule user disable --pool acme jo")]
    Disable(Whom),
    /// Enable an account again.
    #[command(after_help = "Examples:\n  vestibule user enable --pool acme jo@example.com")]
    Enable(Whom),
    /// Give an account another password: its sessions and tokens end, and the user is told by mail.
    #[command(
        after_help = "Examples:\n  vestibule user set-password --pool acme jo\n  vestibule user set-password --pool acme jo --password-stdin < file"
    )]
    SetPassword {
        #[command(flatten)]
        whom: Whom,
        /// Read the password from the first line of standard input instead of generating one.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Remove all second factors of an account, for somebody who lost them. Make sure first that it is them.
    #[command(
        after_help = "Examples:\n  vestibule user reset-factors --pool acme jo          shows what goes, and asks\n  vestibule user reset-factors --pool acme jo --yes"
    )]
    ResetFactors {
        #[command(flatten)]
        whom: Whom,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

/// Which account.
#[derive(Args)]
pub(super) struct Whom {
    /// Slug of the pool.
    #[arg(long)]
    pool: String,
    /// User name, address or identifier.
    user: String,
}

/// Whose sessions.
#[derive(Args)]
pub(super) struct EndSessions {
    /// Slug of the pool.
    #[arg(long)]
    pool: String,
    /// User name, address or identifier.
    #[arg(required_unless_present = "everybody")]
    user: Option<String>,
    /// Only this one, as `user sessions` shows it.
    #[arg(long, value_name = "ID")]
    session: Option<SessionId>,
    /// Those of every user of the pool.
    #[arg(long, conflicts_with_all = ["user", "session"])]
    everybody: bool,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule user update --pool acme jo --email-verified true\n  vestibule user update --pool acme jo --email jo@example.org --email-verified false\n  vestibule user update --pool acme jo --group staff --group finance\n  vestibule user update --pool acme jo --name none --group none\n  vestibule user update --pool acme jo --set given_name=Jo --set address.locality=Berlin\n  vestibule user update --pool acme jo --role approver --attribute department=Finance\n\nGroups that are named replace those that are there; `none` takes a value away. Another address counts as\nnot verified unless --email-verified true says that it is known to be the user's. It ends sessions,\ntokens, sign-ins under way and mailed links."
)]
pub(super) struct Update {
    #[command(flatten)]
    whom: Whom,
    /// Address to sign in with and to write to.
    #[arg(long)]
    email: Option<String>,
    /// Whether the address is known to be the user's. Applications such as oauth2-proxy and kube-apiserver refuse users
    /// whose address is not.
    #[arg(long, value_name = "true|false")]
    email_verified: Option<bool>,
    /// Full name.
    #[arg(long)]
    name: Option<String>,
    /// Language, such as `en`.
    #[arg(long)]
    locale: Option<String>,
    /// Group. May be repeated; replaces all that are there.
    #[arg(long)]
    group: Vec<String>,
    #[command(flatten)]
    details: Details,
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule user add --pool acme jo --email jo@example.com --email-verified --name \"Jo Example\"\n  vestibule user add --pool acme jo --email jo@example.com --password-stdin < file\n  vestibule user add --pool acme jo --email jo@example.com --no-password     Jo sets one by mail"
)]
pub(super) struct Add {
    /// Slug of the pool.
    #[arg(long)]
    pool: String,
    /// Name to sign in with.
    username: String,
    /// Address to sign in with and to write to.
    #[arg(long)]
    email: String,
    /// The address is known to be the user's. Without it, `email_verified` is false in what applications read, and some
    /// refuse the user.
    #[arg(long)]
    email_verified: bool,
    /// Full name.
    #[arg(long)]
    name: Option<String>,
    /// Language, such as `en`.
    #[arg(long)]
    locale: Option<String>,
    /// Group. May be repeated.
    #[arg(long)]
    group: Vec<String>,
    #[command(flatten)]
    details: Details,
    /// Read the password from the first line of standard input.
    #[arg(long, conflicts_with = "no_password")]
    password_stdin: bool,
    /// Make the user without a password; a reset by mail sets one.
    #[arg(long)]
    no_password: bool,
}

impl UserCommand {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        let app = common.app().await?;
        match self {
            Self::List { pool, status, group, begins, after, limit } => {
                let begins = begins.map(|text| fold(&text));
                let filter = UserFilter { status: status.map(UserStatus::from), group, begins };
                list(common, &operator(&app).users_of(&pool, &filter, after, limit).await?);
            }
            Self::Show(whom) => holdings::show(common, &app, &whom).await?,
            Self::BySubject { pool, subject } => holdings::known_as(common, &app, &pool, &subject).await?,
            Self::Add(add) => add.run(common, &app).await?,
            Self::Update(update) => update.run(common, &app).await?,
            Self::Delete { whom, sure } => holdings::delete(common, &app, &whom, &sure).await?,
            Self::Export { pool, user } => {
                let there = operator(&app).pool_named(&pool).await?;
                let users = match user {
                    Some(user) => vec![operator(&app).user_named(&pool, &user).await?],
                    None => everybody(&app, &pool).await?,
                };
                export::print(common, &there, Contents { clients: Vec::new(), users })?;
            }
            Self::Sessions(whom) => holdings::sessions(common, &app, &whom).await?,
            Self::EndSessions(which) => holdings::end_sessions(common, &app, which).await?,
            Self::Factors(whom) => holdings::factors(common, &app, &whom).await?,
            Self::RemoveFactor { whom, factor, yes } => {
                holdings::remove_factor(common, &app, &whom, &factor, yes).await?;
            }
            Self::Disable(whom) => status(common, &app, &whom, UserStatus::Disabled).await?,
            Self::Enable(whom) => status(common, &app, &whom, UserStatus::Active).await?,
            Self::SetPassword { whom, password_stdin } => {
                let generated = !password_stdin;
                let password = if password_stdin { first_line()? } else { new_password() };
                operator(&app).set_user_password(&whom.pool, &whom.user, password.clone()).await?;
                tell_password(common, &whom.user, generated.then_some(&password));
            }
            Self::ResetFactors { whom, yes } => {
                if !holdings::may_reset(common, &app, &whom, yes).await? {
                    return Ok(());
                }
                let reset = match operator(&app).reset_factors(&whom.pool, &whom.user).await? {
                    ResetAnswer::Done(reset) => reset,
                    ResetAnswer::Unknown => {
                        return Err(AdminError::NoSuchUser { pool: whom.pool, user: whom.user }.into());
                    }
                    ResetAnswer::Blocked { username } => return Err(AdminError::Strands(username).into()),
                    ResetAnswer::Oneself => {
                        let remedy = "have another administrator do it, or use your own security page";
                        return Err(
                            Problem::new("nobody takes their own factors away like this", remedy).into()
                        );
                    }
                };
                if common.json {
                    console::json(
                        &json!({ "user": whom.user, "removed": reset.removed, "sessions": reset.sessions }),
                    );
                } else {
                    let removed = reset.removed.iter().map(|(kind, count)| format!("{count} {kind}"));
                    let removed = removed.collect::<Vec<_>>().join(", ");
                    let removed = if removed.is_empty() {
                        "nothing was enrolled".to_owned()
                    } else {
                        format!("removed: {removed}")
                    };
                    console::say(format_args!("{removed}; {} sessions ended", reset.sessions));
                }
            }
        }
        Ok(())
    }
}

impl Add {
    async fn run(self, common: &Common, app: &App) -> anyhow::Result<()> {
        let generated = !self.password_stdin && !self.no_password;
        let password = match (self.no_password, self.password_stdin) {
            (true, _) => None,
            (false, true) => Some(first_line()?),
            (false, false) => Some(new_password()),
        };
        let attributes = operator(app).pool_named(&self.pool).await?.settings.attributes;
        let mut profile = UserProfile::default();
        self.details.read(&attributes)?.apply(&mut profile);
        let spec = UserSpec {
            username: Username::parse(&self.username)?,
            email: Some(Email::parse(&self.email)?),
            email_verified: self.email_verified,
            name: self.name,
            locale: self.locale,
            groups: self.group,
            profile,
            seen: UserProfile::default(),
            password: password.clone(),
            exact: false,
        };
        let user = operator(app).create_user(&self.pool, spec).await?;
        if !common.json {
            console::say(format_args!("user {} was made ({})", user.username, user.id));
        }
        tell_password(common, &user.username, password.as_ref().filter(|_| generated));
        if !user.email_verified {
            console::complain(format_args!(
                "note: the address is not verified, and applications are told so; some (oauth2-proxy, kube-apiserver) refuse \
                 such a user.\n  to do: if you know that it is theirs, `vestibule user update --pool {} {} --email-verified true`",
                self.pool, user.username
            ));
        }
        Ok(())
    }
}

impl Update {
    async fn run(self, common: &Common, app: &App) -> anyhow::Result<()> {
        let email = self.email.as_deref().map(Email::parse).transpose()?;
        let given = |text: String| (text != NONE).then_some(text);
        let Whom { pool, user } = &self.whom;
        let attributes = operator(app).pool_named(pool).await?.settings.attributes;
        let details = self.details.read(&attributes)?;
        let change = |spec: &mut UserSpec| {
            if let Some(email) = email {
                let same = spec.email.as_ref().map(Email::key) == Some(email.key());
                spec.email_verified &= same;
                spec.email = Some(email);
            }
            spec.email_verified = self.email_verified.unwrap_or(spec.email_verified);
            if let Some(name) = self.name {
                spec.name = given(name);
            }
            if let Some(locale) = self.locale {
                spec.locale = given(locale);
            }
            if !self.group.is_empty() {
                spec.groups = self.group.into_iter().filter(|group| group != NONE).collect();
            }
            details.apply(&mut spec.profile);
        };
        let applied = operator(app).update_user(pool, user, change).await?;
        apply::report(common, &applied);
        Ok(())
    }
}

async fn status(common: &Common, app: &App, whom: &Whom, status: UserStatus) -> anyhow::Result<()> {
    let changed = operator(app).set_user_status(&whom.pool, &whom.user, status).await?;
    let word = if status == UserStatus::Active { "active" } else { "disabled" };
    if common.json {
        console::json(&json!({ "user": whom.user, "status": word, "changed": changed }));
    } else if changed {
        console::say(format_args!("user {} is {word}", whom.user));
    } else {
        console::say(format_args!("user {} is {word} already", whom.user));
    }
    Ok(())
}

fn list(common: &Common, page: &Page<User, UserId>) {
    let users = &page.items;
    if common.json {
        let all: Vec<serde_json::Value> = users.iter().map(as_json).collect();
        return console::json(&json!({ "users": all, "next": page.next }));
    }
    let row = |user: &User| {
        let status = if user.status == UserStatus::Active { "active" } else { "disabled" };
        vec![
            user.username.clone(),
            user.email.clone().unwrap_or_default(),
            status.to_owned(),
            moment(user.created_at.as_seconds()),
            user.id.to_string(),
        ]
    };
    console::say(console::table(
        &["USER", "EMAIL", "STATUS", "CREATED", "ID"],
        &users.iter().map(row).collect::<Vec<_>>(),
    ));
}

fn as_json(user: &User) -> serde_json::Value {
    json!({
        "id": user.id, "username": user.username, "email": user.email, "email_verified": user.email_verified,
        "name": user.name, "locale": user.locale, "groups": user.groups, "profile": user.profile, "status": user.status,
        "created_at": user.created_at, "updated_at": user.updated_at,
    })
}

fn tell_password(common: &Common, user: &str, password: Option<&Zeroizing<String>>) {
    match (common.json, password) {
        (true, Some(password)) => console::json(&json!({ "user": user, "password": password.as_str() })),
        (true, None) => console::json(&json!({ "user": user })),
        (false, Some(password)) => {
            console::say(format_args!("password, shown once: {}", console::bold(password)));
        }
        (false, None) => console::say("done"),
    }
}

/// A password that can be read out: four groups of four letters and digits that are not mistaken for one another,
/// 79 bits.
pub(crate) fn new_password() -> Zeroizing<String> {
    const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let random = vestibule_seal::bytes::<16>(&SystemEntropy);
    let mut password = Zeroizing::new(String::with_capacity(19));
    for (place, byte) in random.iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            password.push('-');
        }
        // 31 letters over 256 values: the bias costs less than a tenth of a bit in all.
        let letter = LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().unwrap_or(b'x');
        password.push(char::from(letter));
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_passwords_pass_the_policy_and_differ() {
        let passwords: std::collections::BTreeSet<String> =
            (0..50).map(|_| new_password().to_string()).collect();
        assert_eq!(passwords.len(), 50);
        for password in &passwords {
            assert_eq!(password.len(), 19);
            let least = vestibule_domain::password::MIN_LENGTH;
            assert!(vestibule_domain::password::judge(password, least, &["alice"]).is_ok(), "{password}");
        }
    }
}
