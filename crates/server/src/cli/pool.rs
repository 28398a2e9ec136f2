//! `vestibule pool`.

use super::Common;
use crate::{cli::apply, console, specs};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use toml::{Table, Value};
use vestibule_config::PoolFile;
use vestibule_domain::{MfaMode, Pool};
use vestibule_flows::PoolSpec;

#[derive(Subcommand)]
pub(super) enum PoolCommand {
    /// Show all pools.
    #[command(after_help = "Examples:\n  vestibule pool list\n  vestibule pool list --json")]
    List,
    /// Make a pool, with signing keys of its own.
    #[command(
        after_help = "Examples:\n  vestibule pool create acme --origin https://acme.id.example.com --name Acme\n  vestibule pool create dev --origin http://localhost:8080 --registration true"
    )]
    Create {
        /// Short name used in commands: lower-case letters, digits and hyphens.
        slug: String,
        /// Where people reach it: https://host[:port] (http only for localhost).
        #[arg(long)]
        origin: String,
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
            Self::List => {
                let pools = app.pools().await?;
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
                let pool = app.pool_named(&slug).await?;
                if common.json {
                    console::json(&as_json(&pool));
                } else {
                    console::say(shown(&pool));
                }
            }
            Self::Create { slug, origin, looks } => {
                let name = looks.name.clone().unwrap_or_else(|| slug.clone());
                let mut table = Table::new();
                table.insert("slug".to_owned(), slug.into());
                table.insert("name".to_owned(), name.into());
                table.insert("origin".to_owned(), origin.into());
                table.insert("password_reset".to_owned(), true.into());
                let applied = app.create_pool(looks.over(table)?).await?;
                apply::report(common, &applied);
            }
            Self::Update { slug, origin, looks } => {
                let pool = app.pool_named(&slug).await?;
                let mut table = as_table(&pool);
                if let Some(origin) = origin {
                    table.insert("origin".to_owned(), origin.into());
                }
                apply::report(common, &app.apply(&[looks.over(table)?]).await?);
            }
        }
        Ok(())
    }
}

impl Looks {
    /// Lays what was said over a declaration, which then passes the checks of the pool file.
    fn over(self, mut table: Table) -> anyhow::Result<PoolSpec> {
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
        let policy = self.mfa.map(|mfa| match mfa {
            Mfa::Off => "off",
            Mfa::Optional => "optional",
            Mfa::Required => "required",
        });
        put("mfa", policy.map(|policy| Table::from_iter([("policy".to_owned(), policy.into())]).into()));
        let looks = [("accent", self.accent), ("support_email", self.support_email)];
        let mut branding = match table.remove("branding") {
            Some(Value::Table(branding)) => branding,
            _ => Table::new(),
        };
        branding.extend(looks.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.into()))));
        table.insert("branding".to_owned(), branding.into());
        checked(table)
    }
}

/// Passes a declaration of one pool through the checks of the pool file: a command refuses what a file refuses.
pub(super) fn checked(pool: Table) -> anyhow::Result<PoolSpec> {
    let mut file = Table::new();
    file.insert("pool".to_owned(), Value::Array(vec![pool.into()]));
    let file = PoolFile::parse(None, &toml::to_string(&file)?)?;
    let mut specs = specs::pool_specs(&file)?;
    specs.pop().ok_or_else(|| anyhow::anyhow!("no pool is declared"))
}

/// A pool as the pool file would declare it.
pub(super) fn as_table(pool: &Pool) -> Table {
    let settings = &pool.settings;
    let policy = match settings.mfa {
        MfaMode::Off => "off",
        MfaMode::Optional => "optional",
        MfaMode::Required => "required",
    };
    let looks = [("accent", &settings.accent), ("support_email", &settings.support_email)];
    let looks = looks.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?.into())));
    Table::from_iter([
        ("tenant".to_owned(), pool.tenant.clone().into()),
        ("slug".to_owned(), pool.slug.clone().into()),
        ("name".to_owned(), pool.name.clone().into()),
        ("origin".to_owned(), pool.origin.to_string().into()),
        ("locale".to_owned(), settings.locale.clone().into()),
        ("registration".to_owned(), settings.registration.into()),
        ("password_reset".to_owned(), settings.password_reset.into()),
        ("mfa".to_owned(), Table::from_iter([("policy".to_owned(), policy.into())]).into()),
        ("branding".to_owned(), looks.collect::<Table>().into()),
        ("lifetimes".to_owned(), Table::try_from(&settings.lifetimes).unwrap_or_default().into()),
    ])
}

fn as_json(pool: &Pool) -> serde_json::Value {
    json!({
        "id": pool.id, "tenant": pool.tenant, "slug": pool.slug, "name": pool.name, "origin": pool.origin,
        "issuer": pool.origin.issuer(), "settings": pool.settings,
    })
}

fn shown(pool: &Pool) -> String {
    let settings = toml::to_string(&pool.settings).unwrap_or_default();
    format!(
        "{} ({})\n  issuer     {}\n  discovery  {}/.well-known/openid-configuration\n  users      {}\n\n{settings}",
        console::bold(&pool.name),
        pool.slug,
        pool.origin.issuer(),
        pool.origin.issuer(),
        pool.origin.url("/u"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_domain::{Origin, PoolId, PoolSettings};

    #[test]
    fn a_pool_survives_the_way_through_its_declaration() {
        let pool = Pool {
            id: PoolId::from_uuid(uuid::Uuid::from_u128(1)),
            tenant: "acme-corp".to_owned(),
            slug: "acme".to_owned(),
            name: "Acme \"quoted\"".to_owned(),
            origin: Origin::parse("https://acme.example.com").unwrap(),
            settings: PoolSettings {
                registration: true,
                mfa: MfaMode::Required,
                accent: Some("#0f766e".to_owned()),
                ..PoolSettings::default()
            },
        };
        let spec = checked(as_table(&pool)).map_err(|error| error.to_string());
        let spec = spec.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            (spec.slug, spec.name, spec.origin, spec.settings),
            (pool.slug, pool.name, pool.origin, pool.settings)
        );
    }
}
