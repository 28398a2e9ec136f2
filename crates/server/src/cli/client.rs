//! `vestibule client`.

use super::{Common, keys, operator, pool};
use crate::{cli::apply, console};
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::BufRead as _;
use toml::{Table, Value};
use vestibule_domain::{Client, ClientKind, TokenAlg};
use vestibule_flows::Applied;
use zeroize::Zeroizing;

#[derive(Subcommand)]
pub(super) enum ClientCommand {
    /// Show the applications of a pool.
    #[command(
        after_help = "Examples:\n  vestibule client list --pool acme\n  vestibule client list --pool acme --json"
    )]
    List {
        /// Slug of the pool.
        #[arg(long)]
        pool: String,
    },
    /// Register an application, or make an existing one as said here. A generated secret is shown once.
    Add(Box<Add>),
    /// Remove an application.
    #[command(after_help = "Examples:\n  vestibule client remove --pool acme shop")]
    Remove {
        /// Slug of the pool.
        #[arg(long)]
        pool: String,
        /// Its client id.
        id: String,
    },
    /// Replace the secret of an application; the old one is worth nothing at once.
    #[command(after_help = "Examples:\n  vestibule client rotate-secret --pool acme shop")]
    RotateSecret {
        /// Slug of the pool.
        #[arg(long)]
        pool: String,
        /// Its client id.
        id: String,
    },
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule client add --pool acme shop --name \"Acme Shop\" --redirect-uri https://shop.example.com/callback\n  vestibule client add --pool acme phone --public --redirect-uri com.example.acme:/callback\n  vestibule client add --pool acme bank --redirect-uri https://bank.example.com/cb --min-acr mfa --first-party"
)]
pub(super) struct Add {
    /// Slug of the pool.
    #[arg(long)]
    pool: String,
    /// Its client id.
    id: String,
    /// Name shown to people; the id by default.
    #[arg(long)]
    name: Option<String>,
    /// It runs in a browser or on a device and cannot keep a secret.
    #[arg(long)]
    public: bool,
    /// Where people return to after sign-in. May be repeated.
    #[arg(long, required = true, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// Where people return to after sign-out. May be repeated.
    #[arg(long, value_name = "URI")]
    post_logout_redirect_uri: Vec<String>,
    /// Scope it may ask for, besides `openid`. May be repeated; profile, email and offline_access by default.
    #[arg(long)]
    scope: Vec<String>,
    /// It belongs to the pool's owner: people are not asked for consent.
    #[arg(long)]
    first_party: bool,
    /// Algorithm of its ID tokens.
    #[arg(long, value_parser = keys::alg, default_value = "ES256")]
    alg: TokenAlg,
    /// How it proves itself: client_secret_basic (the default), client_secret_post or none.
    #[arg(long, value_name = "METHOD")]
    auth_method: Option<String>,
    /// The least assurance of every sign-in: 1fa, mfa, phr or phrh.
    #[arg(long, value_name = "LEVEL")]
    min_acr: Option<String>,
    /// A name of its own for a level, such as `2=mfa`. May be repeated.
    #[arg(long, value_name = "NAME=LEVEL", value_parser = alias)]
    acr_alias: Vec<(String, String)>,
    /// Oldest sign-in it accepts when it does not say otherwise, in seconds.
    #[arg(long, value_name = "SECONDS")]
    default_max_age: Option<i64>,
    /// Read its secret from the first line of standard input.
    #[arg(long, conflicts_with = "secret_sha256")]
    secret_stdin: bool,
    /// SHA-256 of its secret, 64 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    secret_sha256: Option<String>,
}

fn alias(text: &str) -> Result<(String, String), String> {
    let pair = text.rsplit_once('=').filter(|(name, level)| !name.is_empty() && !level.is_empty());
    pair.map(|(name, level)| (name.to_owned(), level.to_owned()))
        .ok_or_else(|| "expected NAME=LEVEL, such as 2=mfa".to_owned())
}

impl ClientCommand {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        let app = common.app().await?;
        match self {
            Self::List { pool } => list(common, &operator(&app).clients_of(&pool).await?),
            Self::Add(add) => {
                let there = operator(&app).pool_named(&add.pool).await?;
                let declared = pool::checked(add.over(crate::specs::as_declared(&there)?)?, app.registry())?;
                for client in declared.clients {
                    apply::report(common, &operator(&app).put_client(&there.slug, client).await?);
                }
            }
            Self::Remove { pool, id } => {
                operator(&app).remove_client(&pool, &id).await?;
                if common.json {
                    console::json(&json!({ "pool": pool, "client": id, "removed": true }));
                } else {
                    console::say(format_args!("application {id} was removed from pool {pool}"));
                }
            }
            Self::RotateSecret { pool, id } => {
                let secret = operator(&app).rotate_client_secret(&pool, &id).await?;
                apply::report(
                    common,
                    &Applied { plan: vestibule_flows::Plan::default(), secrets: vec![secret] },
                );
            }
        }
        Ok(())
    }
}

fn list(common: &Common, clients: &[Client]) {
    if common.json {
        let all: Vec<serde_json::Value> = clients.iter().map(as_json).collect();
        return console::json(&json!({ "clients": all }));
    }
    let row = |client: &Client| {
        let kind = if client.kind == ClientKind::Public { "public" } else { "confidential" };
        vec![client.id.clone(), client.name.clone(), kind.to_owned(), client.redirect_uris.join(" ")]
    };
    console::say(console::table(
        &["ID", "NAME", "KIND", "REDIRECT URIS"],
        &clients.iter().map(row).collect::<Vec<_>>(),
    ));
}

/// An application without even the digest of its secret.
fn as_json(client: &Client) -> serde_json::Value {
    let mut value = json!(client);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("secret_sha256");
        fields.insert("has_secret".to_owned(), client.secret_sha256.is_some().into());
    }
    value
}

impl Add {
    /// The pool's declaration with this application in it.
    fn over(self, mut pool: Table) -> anyhow::Result<Table> {
        let texts = |texts: Vec<String>| Value::Array(texts.into_iter().map(Value::from).collect());
        let mut scopes = self.scope;
        if scopes.is_empty() {
            scopes = ["profile", "email", "offline_access"].map(str::to_owned).to_vec();
        }
        if !scopes.iter().any(|scope| scope == "openid") {
            scopes.insert(0, "openid".to_owned());
        }
        let mut client = Table::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                client.insert(key.to_owned(), value);
            }
        };
        put("name", Some(self.name.unwrap_or_else(|| self.id.clone()).into()));
        put("id", Some(self.id.into()));
        put("kind", Some(if self.public { "public" } else { "confidential" }.into()));
        put("redirect_uris", Some(texts(self.redirect_uri)));
        put("post_logout_redirect_uris", Some(texts(self.post_logout_redirect_uri)));
        put("scopes", Some(texts(scopes)));
        put("first_party", Some(self.first_party.into()));
        put("id_token_alg", Some(self.alg.as_str().into()));
        put("token_endpoint_auth_method", self.auth_method.map(Value::from));
        put("min_acr", self.min_acr.map(Value::from));
        put("default_max_age", self.default_max_age.map(Value::from));
        put("secret_sha256", self.secret_sha256.map(Value::from));
        if self.secret_stdin {
            put("secret", Some(first_line()?.as_str().into()));
        }
        let aliases: Table = self.acr_alias.into_iter().map(|(name, level)| (name, level.into())).collect();
        put("acr_aliases", Some(aliases.into()));
        pool.insert("client".to_owned(), Value::Array(vec![client.into()]));
        Ok(pool)
    }
}

/// The first line of standard input, for secrets: arguments are visible to everybody on a machine.
pub(super) fn first_line() -> anyhow::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
