//! `vestibule pool`.

use super::{
    Common,
    ask::{Concern, Loss, Sure, counted},
    export::{self, Contents},
    operator,
};
use crate::{cli::apply, console, problem::Problem, specs};
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use std::path::{Path, PathBuf};
use toml::{Table, Value};
use vestibule_config::PoolFile;
use vestibule_domain::{MfaMode, Pool, User};
use vestibule_flows::{App, PoolSpec};
use vestibule_mfa::Registry;
use vestibule_store::UserFilter;

#[derive(Subcommand)]
pub(super) enum PoolCommand {
    /// Show the pools.
    #[command(
        after_help = "Examples:\n  vestibule pool list\n  vestibule pool list --tenant acme-corp\n  vestibule pool list --json"
    )]
    List {
        /// Only those of this customer.
        #[arg(long)]
        tenant: Option<String>,
    },
    /// Make a pool, with signing keys of its own.
    #[command(
        visible_alias = "create",
        after_help = "Examples:\n  vestibule pool add acme --origin https://acme.id.example.com --name Acme\n  vestibule pool add dev --origin http://localhost:8080 --registration true\n  vestibule pool add acme --origin https://acme.id.example.com --preset preset.toml\n  vestibule pool add acme --origin https://acme.id.example.com --preset preset.toml --mfa required\n\nOf a preset the settings are taken: second factors, words, colours, lifetimes. Its slug, name, origin, tenant,\napplications and users are not; other options win over it. Any pool file with one pool can be one; docs/presets.md\nshows those that come along."
    )]
    Add {
        /// Short name used in commands: lower-case letters, digits and hyphens.
        slug: String,
        /// Where people reach it: https://host[:port] (http only for localhost).
        #[arg(long)]
        origin: String,
        /// A pool file with exactly one pool, whose settings are taken.
        #[arg(long, value_name = "FILE")]
        preset: Option<PathBuf>,
        #[command(flatten)]
        looks: Looks,
    },
    /// Show one pool.
    #[command(after_help = "Examples:\n  vestibule pool show acme")]
    Show {
        /// Its short name.
        slug: String,
    },
    /// Change a pool; what is not named stays.
    #[command(
        after_help = "Examples:\n  vestibule pool update acme --mfa required\n  vestibule pool update acme --name \"Acme Inc.\" --accent '#0f766e'"
    )]
    Update {
        /// Its short name.
        slug: String,
        /// Where people reach it. Changing it changes the issuer: applications have to follow.
        #[arg(long)]
        origin: Option<String>,
        #[command(flatten)]
        looks: Looks,
        /// Do not ask before a change of the origin.
        #[arg(long)]
        yes: bool,
    },
    /// Delete a pool with everything in it: users, applications, signing keys, the audit trail.
    #[command(
        after_help = "Examples:\n  vestibule pool delete acme             shows what goes, and asks\n  vestibule pool delete acme --dry-run\n  vestibule pool delete acme --yes"
    )]
    Delete {
        /// Its short name.
        slug: String,
        #[command(flatten)]
        sure: Sure,
    },
    /// Print a pool as a pool file that `apply` reads. Passwords are not in it, and secrets as digests only.
    #[command(
        after_help = "Examples:\n  vestibule pool export acme > acme.toml\n  vestibule pool export acme --users"
    )]
    Export {
        /// Its short name.
        slug: String,
        /// Its users as well.
        #[arg(long)]
        users: bool,
    },
}

/// What can be said of a pool.
#[derive(Args)]
pub(super) struct Looks {
    /// Short name of the customer whose pool it is; `default` where there is only one.
    #[arg(long)]
    tenant: Option<String>,
    /// Name shown to people.
    #[arg(long)]
    name: Option<String>,
    /// Language where the user's is not known, such as `en`.
    #[arg(long)]
    locale: Option<String>,
    /// Whether people may register themselves.
    #[arg(long, value_name = "true|false")]
    registration: Option<bool>,
    /// Whether a forgotten password can be reset by mail.
    #[arg(long, value_name = "true|false")]
    password_reset: Option<bool>,
    /// Who is asked for a second factor.
    #[arg(long, value_enum)]
    mfa: Option<Mfa>,
    /// Accent colour, #rrggbb.
    #[arg(long)]
    accent: Option<String>,
    /// Address that pages and mails tell people to write to.
    #[arg(long)]
    support_email: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mfa {
    /// Nobody new.
    Off,
    /// Whoever enrolled one.
    Optional,
    /// Everybody.
    Required,
}

impl PoolCommand {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        let app = common.app().await?;
        match self {
            Self::List { tenant } => {
                let mut pools = operator(&app).pools().await?;
                pools.retain(|pool| tenant.as_ref().is_none_or(|tenant| *tenant == pool.tenant));
                if common.json {
                    console::json(&json!({ "pools": pools.iter().map(as_json).collect::<Vec<_>>() }));
                    return Ok(());
                }
                let row = |pool: &Pool| {
                    vec![pool.slug.clone(), pool.tenant.clone(), pool.name.clone(), pool.origin.to_string()]
                };
                console::say(console::table(
                    &["SLUG", "TENANT", "NAME", "ORIGIN"],
                    &pools.iter().map(row).collect::<Vec<_>>(),
                ));
            }
            Self::Show { slug } => {
                let pool = operator(&app).pool_named(&slug).await?;
                if common.json {
                    console::json(&as_json(&pool));
                } else {
                    console::say(shown(&pool)?);
                }
            }
            Self::Add { slug, origin, preset, looks } => {
                let name = looks.name.clone().unwrap_or_else(|| slug.clone());
                let mut table = match preset {
                    Some(file) => preset_table(&file, app.registry())?,
                    None => Table::from_iter([("password_reset".to_owned(), true.into())]),
                };
                table.insert("slug".to_owned(), slug.into());
                table.insert("name".to_owned(), name.into());
                table.insert("origin".to_owned(), origin.into());
                let applied = operator(&app).create_pool(looks.over(table, app.registry())?).await?;
                apply::report(common, &applied);
            }
            Self::Update { slug, origin, looks, yes } => {
                let pool = operator(&app).pool_named(&slug).await?;
                let mut table = specs::as_declared(&pool)?;
                if let Some(origin) = origin {
                    table.insert("origin".to_owned(), origin.into());
                }
                let spec = looks.over(table, app.registry())?;
                if !concerned(&app, &pool, &spec).await?.confirmed(common, yes)? {
                    return Ok(());
                }
                apply::report(common, &operator(&app).apply(&[spec]).await?);
            }
            Self::Delete { slug, sure } => delete(common, &app, &slug, &sure).await?,
            Self::Export { slug, users } => {
                let pool = operator(&app).pool_named(&slug).await?;
                let clients = operator(&app).clients_of(&slug).await?;
                let users = if users { everybody(&app, &slug).await? } else { Vec::new() };
                export::print(common, &pool, Contents { clients, users })?;
            }
        }
        Ok(())
    }
}

/// Whom a change of a pool concerns.
async fn concerned(app: &App, pool: &Pool, spec: &PoolSpec) -> anyhow::Result<Concern> {
    let mut lines = Vec::new();
    let totals = operator(app).holdings_of_pool(&pool.slug).await?;
    if spec.origin != pool.origin && totals.clients + totals.users > 0 {
        lines.push(format!(
            "The origin goes from {} to {}: {} have to be set up for the new issuer, {} sign in again, and passkeys and \
             security keys of the old host stop working ({} enrolled).",
            pool.origin,
            spec.origin,
            counted(totals.clients, "application"),
            counted(totals.users, "user"),
            counted(totals.credentials, "factor"),
        ));
    }
    let (before, after) = (pool.settings.mfa.mode(), spec.settings.mfa.mode());
    if before != after && totals.users > 0 {
        let without = operator(app).users_without_factor(&pool.slug).await?;
        lines.push(match after {
            MfaMode::Required => format!(
                "The second factor becomes required of everybody: {} have none and must enrol one.",
                counted(without, "user")
            ),
            MfaMode::Optional => format!(
                "The second factor is asked of those who have one, and of nobody else: {} have none.",
                counted(without, "user")
            ),
            MfaMode::Off => format!(
                "Nobody new is asked for a second factor any more: {} have none, {} who have one go on with it.",
                counted(without, "user"),
                counted(totals.users.saturating_sub(without), "user"),
            ),
        });
    }
    Ok(Concern { lines })
}

/// Every user of a pool.
pub(super) async fn everybody(app: &App, pool: &str) -> anyhow::Result<Vec<User>> {
    const PAGE: u64 = 1000;
    let (mut users, mut after) = (Vec::new(), None);
    loop {
        let page = operator(app).users_of(pool, &UserFilter::default(), after, PAGE).await?;
        users.extend(page.items);
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(users),
        }
    }
}

async fn delete(common: &Common, app: &App, slug: &str, sure: &Sure) -> anyhow::Result<()> {
    let totals = operator(app).holdings_of_pool(slug).await?;
    let loss = Loss {
        name: slug,
        text: format!(
            "Pool {slug} goes with everything in it: {}, {}, {}, its signing keys, and {} of its audit trail.",
            counted(totals.users, "user"),
            counted(totals.clients, "application"),
            counted(totals.sessions, "session"),
            counted(totals.audit, "line"),
        ),
        json: json!({
            "pool": slug, "users": totals.users, "applications": totals.clients, "sessions": totals.sessions,
            "audit": totals.audit,
        }),
    };
    if !sure.ask(common, &loss)? {
        return Ok(());
    }
    operator(app).delete_pool(slug).await?;
    if common.json {
        console::json(&json!({ "done": true, "gone": loss.json }));
    } else {
        console::say(format_args!("pool {slug} was deleted"));
    }
    Ok(())
}

impl Looks {
    /// Changes a declaration by the arguments, and then checks it as a pool file is checked.
    fn over(self, mut table: Table, registry: &Registry) -> anyhow::Result<PoolSpec> {
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                table.insert(key.to_owned(), value);
            }
        };
        put("tenant", self.tenant.map(Value::from));
        put("name", self.name.map(Value::from));
        put("locale", self.locale.map(Value::from));
        put("registration", self.registration.map(Value::from));
        put("password_reset", self.password_reset.map(Value::from));
        let looks = [("accent", self.accent), ("support_email", self.support_email)];
        let looks = looks.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.into())));
        within(&mut table, "branding", |branding| branding.extend(looks));
        if let Some(mfa) = self.mfa {
            within(&mut table, "mfa", |policy| turn(policy, mfa));
        }
        checked(table, registry)
    }
}

/// Changes the table below, made where it is missing.
fn within(table: &mut Table, key: &str, change: impl FnOnce(&mut Table)) {
    let mut below = match table.remove(key) {
        Some(Value::Table(below)) => below,
        _ => Table::new(),
    };
    change(&mut below);
    table.insert(key.to_owned(), below.into());
}

/// Turns the pool's switch; its other knobs stay, except those that only postpone what is required.
fn turn(policy: &mut Table, mfa: Mfa) {
    let word = match mfa {
        Mfa::Off => "off",
        Mfa::Optional => "optional",
        Mfa::Required => "required",
    };
    policy.insert("policy".to_owned(), word.into());
    if !matches!(mfa, Mfa::Required) {
        policy.remove("required_from");
        policy.remove("skips");
    }
}

/// The settings of a preset: those of the only pool in a pool file, without its name, address and applications.
fn preset_table(file: &Path, registry: &Registry) -> anyhow::Result<Table> {
    // Read as a pool file first: what is wrong is told with its line there.
    PoolFile::load(file, registry)?;
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let mut pools = match text.parse::<Table>()?.remove("pool") {
        Some(Value::Array(pools)) => pools,
        _ => Vec::new(),
    };
    let (Some(Value::Table(mut pool)), true) = (pools.pop(), pools.is_empty()) else {
        let cause = format!("{} declares more than one pool", file.display());
        let remedy = "a preset is a pool file with exactly one; `vestibule apply` takes files with several";
        return Err(Problem::new(cause, remedy).into());
    };
    for own in ["tenant", "slug", "name", "origin", "client", "user"] {
        pool.remove(own);
    }
    Ok(pool)
}

/// Passes a declaration of one pool through the checks of the pool file: a command refuses what a file refuses.
pub(super) fn checked(pool: Table, registry: &Registry) -> anyhow::Result<PoolSpec> {
    let mut file = Table::new();
    file.insert("pool".to_owned(), Value::Array(vec![pool.into()]));
    let file = PoolFile::parse(None, &toml::to_string(&file)?, registry)?;
    let mut specs = specs::pool_specs(&file, registry)?;
    specs.pop().ok_or_else(|| anyhow::anyhow!("no pool is declared"))
}

fn as_json(pool: &Pool) -> serde_json::Value {
    json!({
        "id": pool.id, "tenant": pool.tenant, "slug": pool.slug, "name": pool.name, "origin": pool.origin,
        "issuer": pool.origin.issuer(), "settings": pool.settings,
    })
}

/// A pool for people: where it is, and its settings as a pool file would have them.
fn shown(pool: &Pool) -> anyhow::Result<String> {
    let mut settings = specs::as_declared(pool)?;
    for above in ["tenant", "slug", "name", "origin"] {
        settings.remove(above);
    }
    Ok(format!(
        "{} ({})\n  tenant     {}\n  issuer     {}\n  discovery  {}/.well-known/openid-configuration\n  users      {}\n\n{}",
        console::bold(&pool.name),
        pool.slug,
        pool.tenant,
        pool.origin.issuer(),
        pool.origin.issuer(),
        pool.origin.url(vestibule_web::paths::ACCOUNT),
        toml::to_string(&settings)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_domain::{Origin, PoolId, Timestamp};

    const DECLARED: &str = r##"
        [[pool]]
        slug = "acme"
        tenant = "acme-corp"
        name = "Acme \"quoted\""
        origin = "https://acme.example.com"
        registration = true
        admin_group = "admins"
        [pool.mfa]
        policy = "required"
        required_from = 2027-01-01
        skips = 2
        locked = true
        factors = ["totp", "recovery"]
        distinct = [["password", "recovery"]]
        disable = "password-and-factor"
        after_recovery = "enrol"
        spare_forced = true
        [[pool.mfa.rule]]
        name = "staff"
        groups = ["staff"]
        remember_days = 0
        min_acr = "mfa"
        [pool.branding]
        accent = "#0f766e"
        [pool.factor.recovery]
        codes = 1
        [pool.factor.totp]
        show_secret = false
        [[pool.factor.totp.authenticator]]
        name = "Codes"
        ios = "https://apps.apple.com/app/id1"
        [pool.factor.passkey]
        aaguids = ["2fc0579f-8113-47ea-b116-bb5a8db9202a"]
        [pool.texts.en]
        totp-code = "Token"
        [[pool.client]]
        id = "shop"
        name = "Shop"
        kind = "public"
        redirect_uris = ["https://shop.example.com/callback"]
        [[pool.user]]
        username = "jo"
        email = "jo@example.com"
    "##;

    fn declared() -> PoolSpec {
        let registry = Registry::builtin();
        specs::pool_specs(&PoolFile::parse(None, DECLARED, &registry).unwrap(), &registry).unwrap().remove(0)
    }

    fn pool() -> Pool {
        let spec = declared();
        Pool {
            id: PoolId::from_uuid(uuid::Uuid::from_u128(1)),
            tenant: spec.tenant,
            slug: spec.slug,
            name: spec.name,
            origin: spec.origin,
            settings: spec.settings,
            version: 1,
        }
    }

    fn looks(mfa: Option<Mfa>) -> Looks {
        Looks {
            tenant: None,
            name: None,
            locale: None,
            registration: None,
            password_reset: None,
            mfa,
            accent: None,
            support_email: None,
        }
    }

    #[test]
    fn a_pool_survives_the_way_through_its_declaration() {
        let pool = pool();
        assert_eq!(pool.settings.mfa.everybody.required_from, Some(Timestamp::from_seconds(1_798_761_600)));
        let spec = checked(specs::as_declared(&pool).unwrap(), &Registry::builtin())
            .unwrap_or_else(|error| panic!("{error:#}"));
        assert_eq!(
            (spec.tenant, spec.slug, spec.name, spec.origin, spec.settings),
            (pool.tenant, pool.slug, pool.name, pool.origin, pool.settings)
        );
    }

    #[test]
    fn the_switch_leaves_the_other_knobs_alone() {
        let table = || specs::as_declared(&pool()).unwrap();
        let before = declared().settings.mfa;
        let after = looks(Some(Mfa::Required)).over(table(), &Registry::builtin()).unwrap().settings.mfa;
        assert_eq!(after, before);
        let mut expected = before;
        expected.everybody.mode = Some(MfaMode::Optional);
        // What postponed the enrolment goes with what required it.
        expected.everybody.required_from = None;
        expected.everybody.skips = None;
        assert_eq!(
            looks(Some(Mfa::Optional)).over(table(), &Registry::builtin()).unwrap().settings.mfa,
            expected
        );
    }

    #[test]
    fn a_preset_gives_its_settings_and_nothing_else() {
        let directory = std::env::temp_dir().join(format!("vestibule-preset-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let file = directory.join("preset.toml");
        std::fs::write(&file, DECLARED).unwrap();
        let mut table = preset_table(&file, &Registry::builtin()).unwrap();
        for (key, value) in [("slug", "mine"), ("name", "Mine"), ("origin", "https://mine.example.com")] {
            table.insert(key.to_owned(), value.into());
        }
        let spec = looks(None).over(table, &Registry::builtin()).unwrap();
        assert_eq!(spec.settings, declared().settings);
        assert_eq!((spec.slug.as_str(), spec.tenant.as_str()), ("mine", "default"));
        assert_eq!(spec.origin, Origin::parse("https://mine.example.com").unwrap());
        assert!(spec.clients.is_empty() && spec.users.is_empty());

        let second = "[[pool]]\nslug = \"b\"\nname = \"B\"\norigin = \"https://b.example.com\"\n";
        std::fs::write(&file, format!("{DECLARED}\n{second}")).unwrap();
        assert!(
            preset_table(&file, &Registry::builtin()).unwrap_err().to_string().contains("more than one pool")
        );
        std::fs::write(&file, DECLARED.replace("skips = 2", "skip = 2")).unwrap();
        let told = preset_table(&file, &Registry::builtin()).unwrap_err().to_string();
        assert!(told.contains("preset.toml:12:") && told.contains("did you mean `skips`"), "{told}");
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
