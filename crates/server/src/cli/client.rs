//! `vestibule application`.

mod certificate;
mod exchange;
mod grants;
mod logouts;
mod registration;
mod traits;

use self::{logouts::Logouts, registration::RegistrationToken, traits::Traits};
use super::{
    Common,
    ask::{Loss, Sure, counted},
    export::{self, Contents},
    operator, pool,
};
use crate::{cli::apply, console};
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::BufRead as _;
use toml::{Table, Value};
use vestibule_config::ClientSpec;
use vestibule_domain::{Client, ClientKind, Pool};
use vestibule_flows::{Admin, App, Applied};
use zeroize::Zeroizing;

#[derive(Subcommand)]
pub(super) enum ClientCommand {
    /// Show the applications of a pool.
    #[command(
        after_help = "Examples:\n  vestibule application list --pool acme\n  vestibule application list --pool acme --kind public --json"
    )]
    List {
        /// Slug of the pool.
        #[arg(long)]
        pool: String,
        /// Only those that can, or cannot, keep a secret.
        #[arg(long, value_parser = ["confidential", "public"])]
        kind: Option<String>,
    },
    /// Show one application.
    #[command(after_help = "Examples:\n  vestibule application show --pool acme shop")]
    Show(Which),
    /// Register an application that is not there yet. A generated secret is shown once.
    Add(Box<Add>),
    /// Change an application; what is not named stays. Shows each value before and after.
    Update(Box<Update>),
    /// Delete an application: its tokens end, and what users agreed to is forgotten.
    #[command(
        visible_alias = "remove",
        after_help = "Examples:\n  vestibule application delete --pool acme shop             shows what goes, and asks\n  vestibule application delete --pool acme shop --dry-run\n  vestibule application delete --pool acme shop --yes"
    )]
    Delete {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        sure: Sure,
    },
    /// Print applications as a pool file that `apply` reads. Secrets are in it as digests only.
    #[command(
        after_help = "Examples:\n  vestibule application export --pool acme > applications.toml\n  vestibule application export --pool acme shop"
    )]
    Export {
        /// Slug of the pool.
        #[arg(long)]
        pool: String,
        /// Client id; all applications without one.
        id: Option<String>,
    },
    /// Show what an application was told about sessions that ended, and what it is still to be told.
    Logouts(Logouts),
    /// Make an initial access token: with it one application may register by itself. Shown once.
    RegistrationToken(RegistrationToken),
    /// Replace the secret of an application; the old one is worth nothing at once.
    #[command(after_help = "Examples:\n  vestibule application rotate-secret --pool acme shop")]
    RotateSecret(Which),
}

/// Which application.
#[derive(Args)]
pub(super) struct Which {
    /// Slug of the pool.
    #[arg(long)]
    pool: String,
    /// Its client id.
    id: String,
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule application add --pool acme shop --name \"Acme Shop\" --redirect-uri https://shop.example.com/callback\n  vestibule application add --pool acme phone --public --redirect-uri com.example.acme:/callback\n  vestibule application add --pool acme bank --redirect-uri https://bank.example.com/cb --min-acr mfa --first-party\n  vestibule application add --pool acme batch --grant client_credentials --scope orders.read --api https://orders.example.com\n  vestibule application add --pool acme tv --public --grant device_code --grant refresh_token\n  vestibule application add --pool acme orders-api --grant none --introspects https://orders.example.com\n  vestibule application update --pool acme orders-api --grant token_exchange --api https://ledger.example.com --scope ledger.read --exchange \"audience=https://orders.example.com api=https://ledger.example.com scope=ledger.read=orders.read\""
)]
pub(super) struct Add {
    #[command(flatten)]
    which: Which,
    /// It runs in a browser or on a device and cannot keep a secret.
    #[arg(long)]
    public: bool,
    /// Where people return to after sign-in. May be repeated. Not needed where `--grant` leaves out authorization_code.
    #[arg(long, required_unless_present = "grant", value_name = "URI")]
    redirect_uri: Vec<String>,
    /// It belongs to the pool's owner: people are not asked for consent.
    #[arg(long)]
    first_party: bool,
    #[command(flatten)]
    traits: Traits,
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule application update --pool acme shop --min-acr mfa\n  vestibule application update --pool acme shop --min-acr none --first-party false\n  vestibule application update --pool acme shop --redirect-uri https://a.example.com/cb --redirect-uri https://b.example.com/cb\n\nA list that is named replaces the one that is there. `--min-acr none`, `--default-max-age none`, `--strict none`,\n`--backchannel-logout-uri none`, `--frontchannel-logout-uri none` and `--acr-alias none` take a value away."
)]
pub(super) struct Update {
    #[command(flatten)]
    which: Which,
    /// Whether it can keep a secret.
    #[arg(long, value_parser = ["confidential", "public"])]
    kind: Option<String>,
    /// Where people return to after sign-in. May be repeated; replaces all that are there.
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// Whether it belongs to the pool's owner, so that people are not asked for consent.
    #[arg(long, value_name = "true|false")]
    first_party: Option<bool>,
    #[command(flatten)]
    traits: Traits,
}

/// Stands for no value where one can be taken away.
pub(super) const NONE: &str = "none";

impl ClientCommand {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        let app = common.app().await?;
        let admin = operator(&app);
        match self {
            Self::List { pool, kind } => {
                let mut clients = admin.clients_of(&pool).await?;
                clients.retain(|client| kind.as_ref().is_none_or(|kind| kind_of(client) == kind));
                list(common, &clients);
            }
            Self::Show(which) => show(common, &admin.client_named(&which.pool, &which.id).await?)?,
            Self::Add(add) => {
                let there = admin.pool_named(&add.which.pool).await?;
                let client = add.table()?;
                apply::report(
                    common,
                    &admin.create_client(&there.slug, declared(&app, &there, client)?).await?,
                );
            }
            Self::Update(update) => {
                let there = admin.pool_named(&update.which.pool).await?;
                let client = admin.client_named(&there.slug, &update.which.id).await?;
                let client = update.over(Table::try_from(ClientSpec::of(&client))?)?;
                apply::report(common, &admin.put_client(&there.slug, declared(&app, &there, client)?).await?);
            }
            Self::Delete { which, sure } => delete(common, &admin, &which, &sure).await?,
            Self::Export { pool, id } => {
                let there = admin.pool_named(&pool).await?;
                let clients = match id {
                    Some(id) => vec![admin.client_named(&pool, &id).await?],
                    None => admin.clients_of(&pool).await?,
                };
                export::print(common, &there, Contents { clients, users: Vec::new() })?;
            }
            Self::Logouts(logouts) => logouts.show(common, &admin).await?,
            Self::RegistrationToken(token) => token.make(common, &admin).await?,
            Self::RotateSecret(which) => {
                let secret = admin.rotate_client_secret(&which.pool, &which.id).await?;
                apply::report(
                    common,
                    &Applied { plan: vestibule_flows::Plan::default(), secrets: vec![secret] },
                );
            }
        }
        Ok(())
    }
}

/// A declaration of the pool with this application, through the checks of the pool file.
fn declared(app: &App, pool: &Pool, client: Table) -> anyhow::Result<vestibule_flows::ClientSpec> {
    let mut table = crate::specs::as_declared(pool)?;
    table.insert("client".to_owned(), Value::Array(vec![client.into()]));
    let mut spec = pool::checked(table, app.registry())?;
    spec.clients.pop().ok_or_else(|| anyhow::anyhow!("no application is declared"))
}

async fn delete(common: &Common, admin: &Admin<'_>, which: &Which, sure: &Sure) -> anyhow::Result<()> {
    let Which { pool, id } = which;
    let given = admin.holdings_of_client(pool, id).await?;
    let loss = Loss {
        name: id,
        text: format!(
            "Application {id} of pool {pool} goes, with {} and {}: it can sign nobody in any more.",
            counted(given.consents, "consent"),
            counted(given.grants, "grant"),
        ),
        json: json!({ "pool": pool, "application": id, "consents": given.consents, "grants": given.grants }),
    };
    if !sure.ask(common, &loss)? {
        return Ok(());
    }
    admin.remove_client(pool, id).await?;
    if common.json {
        console::json(&json!({ "done": true, "gone": loss.json }));
    } else {
        console::say(format_args!("application {id} was deleted from pool {pool}"));
    }
    Ok(())
}

fn kind_of(client: &Client) -> &'static str {
    if client.kind == ClientKind::Public { "public" } else { "confidential" }
}

fn list(common: &Common, clients: &[Client]) {
    if common.json {
        let all: Vec<serde_json::Value> = clients.iter().map(as_json).collect();
        return console::json(&json!({ "clients": all }));
    }
    let row = |client: &Client| {
        let kind = kind_of(client).to_owned();
        vec![client.id.clone(), client.name.clone(), kind, client.redirect_uris.join(" ")]
    };
    console::say(console::table(
        &["ID", "NAME", "KIND", "REDIRECT URIS"],
        &clients.iter().map(row).collect::<Vec<_>>(),
    ));
}

fn show(common: &Common, client: &Client) -> anyhow::Result<()> {
    if common.json {
        console::json(&as_json(client));
        return Ok(());
    }
    let mut table = Table::try_from(ClientSpec::of(client))?;
    table.remove("secret_sha256");
    let secret = if client.secret_sha256.is_some() { "set" } else { "none" };
    console::say(format_args!("{}\n# secret: {secret}", toml::to_string(&table)?.trim_end()));
    Ok(())
}

/// An application without even the digest of its secret.
fn as_json(client: &Client) -> serde_json::Value {
    let mut value = json!(client);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("secret_sha256");
        if let Some(registered) = fields.get_mut("registered").and_then(serde_json::Value::as_object_mut) {
            registered.remove("token_sha256");
        }
        fields.insert("has_secret".to_owned(), client.secret_sha256.is_some().into());
    }
    value
}

fn texts(texts: Vec<String>) -> Value {
    Value::Array(texts.into_iter().map(Value::from).collect())
}

impl Add {
    /// The application as a pool file would declare it.
    fn table(self) -> anyhow::Result<Table> {
        let mut client = Table::new();
        client.insert("name".to_owned(), self.which.id.clone().into());
        client.insert("id".to_owned(), self.which.id.into());
        client.insert("kind".to_owned(), if self.public { "public" } else { "confidential" }.into());
        client.insert("redirect_uris".to_owned(), texts(self.redirect_uri));
        client.insert("first_party".to_owned(), self.first_party.into());
        client.insert("scopes".to_owned(), texts(self.traits.usual_scopes()));
        self.traits.lay_over(client)
    }
}

impl Update {
    fn over(self, mut client: Table) -> anyhow::Result<Table> {
        let becomes = self.kind.filter(|kind| client.get("kind").and_then(Value::as_str) != Some(kind));
        if let Some(kind) = becomes {
            // What belongs to the other kind goes with it.
            client.remove("token_endpoint_auth_method");
            client.remove("secret_sha256");
            client.insert("kind".to_owned(), kind.into());
        }
        if !self.redirect_uri.is_empty() {
            client.insert("redirect_uris".to_owned(), texts(self.redirect_uri));
        }
        if let Some(first_party) = self.first_party {
            client.insert("first_party".to_owned(), first_party.into());
        }
        self.traits.lay_over(client)
    }
}

/// The first line of standard input, for secrets: arguments are visible to everybody on a machine.
pub(super) fn first_line() -> anyhow::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
