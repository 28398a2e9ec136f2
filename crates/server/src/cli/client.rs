//! `vestibule application`.

mod grants;
mod logouts;

use self::logouts::Logouts;
use super::{
    Common,
    ask::{Loss, Sure, counted},
    export::{self, Contents},
    keys, operator, pool,
};
use crate::{cli::apply, console, problem::Problem};
use clap::{Args, Subcommand};
use serde_json::json;
use std::{
    io::BufRead as _,
    path::{Path, PathBuf},
};
use toml::{Table, Value};
use vestibule_config::ClientSpec;
use vestibule_domain::{Client, ClientKind, Pool, TokenAlg};
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
    after_help = "Examples:\n  vestibule application add --pool acme shop --name \"Acme Shop\" --redirect-uri https://shop.example.com/callback\n  vestibule application add --pool acme phone --public --redirect-uri com.example.acme:/callback\n  vestibule application add --pool acme bank --redirect-uri https://bank.example.com/cb --min-acr mfa --first-party\n  vestibule application add --pool acme batch --grant client_credentials --scope orders.read --api https://orders.example.com\n  vestibule application add --pool acme tv --public --grant device_code --grant refresh_token\n  vestibule application add --pool acme orders-api --grant none --introspects https://orders.example.com"
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

/// What can be said of an application, whether it is new or not.
#[derive(Args)]
pub(super) struct Traits {
    /// Name shown to people; the id by default.
    #[arg(long)]
    name: Option<String>,
    /// Where people return to after sign-out. May be repeated.
    #[arg(long, value_name = "URI")]
    post_logout_redirect_uri: Vec<String>,
    /// Where it keeps signed requests (RFC 9101). May be repeated; `none` for nowhere.
    #[arg(long, value_name = "URI")]
    request_uri: Vec<String>,
    /// Where the server posts a logout token when a session ends; `none` for nowhere.
    #[arg(long, value_name = "URI")]
    backchannel_logout_uri: Option<String>,
    /// Page of its own that the browser loads when people sign out; `none` for none.
    #[arg(long, value_name = "URI")]
    frontchannel_logout_uri: Option<String>,
    /// Scope it may ask for, besides `openid`. May be repeated; profile, email and offline_access for a new one.
    #[arg(long)]
    scope: Vec<String>,
    /// File with its public keys, a JSON Web Key Set: what it signs is verified with them.
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// Where it publishes them instead; `none` for nowhere.
    #[arg(long, value_name = "URI", conflicts_with = "jwks")]
    jwks_uri: Option<String>,
    /// The profile that it follows as a whole: fapi2_security or fapi2_message_signing; `none` for none.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// Grant that it may use: authorization_code, refresh_token, client_credentials or device_code. May be repeated; the first
    /// two for a new one, `none` for an API that only introspects.
    #[arg(long, value_name = "GRANT")]
    grant: Vec<String>,
    /// API that it may ask tokens for, as in `[[pool.api]]`. May be repeated; `none` for none.
    #[arg(long, value_name = "URI")]
    api: Vec<String>,
    /// The API that a request without `resource` is for; `none` for none.
    #[arg(long, value_name = "URI")]
    default_api: Option<String>,
    /// API whose tokens it may introspect. May be repeated; `none` for none.
    #[arg(long, value_name = "URI")]
    introspects: Vec<String>,
    /// Algorithm of its ID tokens; the one of the pool when left out.
    #[arg(long, value_parser = keys::alg)]
    alg: Option<TokenAlg>,
    /// Algorithm that signs the answers of userinfo; `none` for plain JSON.
    #[arg(long, value_name = "ALG")]
    userinfo_signed_response_alg: Option<String>,
    /// Encrypts its ID tokens to one of its keys: RSA-OAEP-256 or ECDH-ES; `none` for no encryption.
    #[arg(long, value_name = "ALG")]
    id_token_encrypted_response_alg: Option<String>,
    /// How the ID token is encrypted: A128GCM or A256GCM; A256GCM when left out.
    #[arg(long, value_name = "ENC")]
    id_token_encrypted_response_enc: Option<String>,
    /// Encrypts the answers of userinfo to one of its keys: RSA-OAEP-256 or ECDH-ES; `none` for no encryption.
    #[arg(long, value_name = "ALG")]
    userinfo_encrypted_response_alg: Option<String>,
    /// How they are encrypted: A128GCM or A256GCM; A256GCM when left out.
    #[arg(long, value_name = "ENC")]
    userinfo_encrypted_response_enc: Option<String>,
    /// The one way in which it proves itself: client_secret_basic, client_secret_post, private_key_jwt or none. `any`, as for a new one: a
    /// secret counts in the header and in the form.
    #[arg(long, value_name = "METHOD")]
    auth_method: Option<String>,
    /// The least assurance of every sign-in: 1fa, mfa, phr or phrh; `none` for no floor.
    #[arg(long, value_name = "LEVEL")]
    min_acr: Option<String>,
    /// A name of its own for a level, such as `2=mfa`. May be repeated; `none` for none.
    #[arg(long, value_name = "NAME=LEVEL")]
    acr_alias: Vec<String>,
    /// Oldest sign-in it accepts when it does not say otherwise, in seconds; `none` for any.
    #[arg(long, value_name = "SECONDS")]
    default_max_age: Option<String>,
    /// What is asked of it beyond the usual: require_pkce, refuse_unknown_scopes, offline_access_only, no_refresh_grace,
    /// claims_at_userinfo, essential_acr_values, apis_only, require_pushed_requests, require_signed_requests,
    /// require_signed_responses, require_bound_tokens, require_dpop_nonce, issuer_audience, no_rs256 or no_shared_secrets. May be repeated; `none` for nothing.
    #[arg(long, value_name = "RULE")]
    strict: Vec<String>,
    /// Whether its answers come without `iss`, for a library that stumbles over it.
    #[arg(long, value_name = "true|false")]
    omit_iss: Option<bool>,
    /// Read its secret from the first line of standard input.
    #[arg(long, conflicts_with = "secret_sha256")]
    secret_stdin: bool,
    /// SHA-256 of its secret, 64 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    secret_sha256: Option<String>,
}

/// Stands for whatever way an application's library likes.
const ANY: &str = "any";

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

impl Traits {
    /// Whether people sign in to it, as far as is said here.
    fn signs_people_in(&self) -> bool {
        self.grant.is_empty() || self.grant.iter().any(|grant| grants::signs_people_in(grant))
    }

    /// The scopes of a new one.
    fn usual_scopes(&self) -> Vec<String> {
        let refreshes = self.grant.is_empty() || self.grant.iter().any(|grant| grant == "refresh_token");
        let fits = |scope: &&str| self.signs_people_in() && (refreshes || *scope != "offline_access");
        ["openid", "profile", "email", "offline_access"].into_iter().filter(fits).map(str::to_owned).collect()
    }

    /// The application with what is named here changed.
    fn lay_over(self, mut client: Table) -> anyhow::Result<Table> {
        let people = self.signs_people_in();
        let mut put = |key: &str, value: Option<Value>| match value {
            Some(Value::String(text)) if text == NONE => {
                client.remove(key);
            }
            Some(value) => {
                client.insert(key.to_owned(), value);
            }
            None => {}
        };
        let several = |list: Vec<String>| (!list.is_empty()).then(|| texts(list));
        put("name", self.name.map(Value::from));
        put("post_logout_redirect_uris", several(self.post_logout_redirect_uri));
        put("backchannel_logout_uri", self.backchannel_logout_uri.map(Value::from));
        put("frontchannel_logout_uri", self.frontchannel_logout_uri.map(Value::from));
        let mut scopes = self.scope;
        if people && !scopes.is_empty() && !scopes.iter().any(|scope| scope == "openid") {
            scopes.insert(0, "openid".to_owned());
        }
        put("scopes", several(scopes));
        put("id_token_alg", self.alg.map(|alg| alg.as_str().into()));
        put("userinfo_signed_response_alg", self.userinfo_signed_response_alg.map(Value::from));
        for (what, alg, enc) in [
            ("id_token", self.id_token_encrypted_response_alg, self.id_token_encrypted_response_enc),
            ("userinfo", self.userinfo_encrypted_response_alg, self.userinfo_encrypted_response_enc),
        ] {
            // Without an algorithm there is nothing that the other one says.
            let enc = enc.or_else(|| alg.as_deref().filter(|alg| *alg == NONE).map(str::to_owned));
            put(&format!("{what}_encrypted_response_alg"), alg.map(Value::from));
            put(&format!("{what}_encrypted_response_enc"), enc.map(Value::from));
        }
        put("min_acr", self.min_acr.map(Value::from));
        let age = self.default_max_age.map(|age| age.parse::<i64>().map_or_else(|_| age.into(), Value::from));
        put("default_max_age", age);
        put("omit_iss", self.omit_iss.map(Value::from));
        let several_or_none = |list: Vec<String>| {
            let nothing = list.iter().any(|one| one == NONE);
            if nothing { Some(NONE.into()) } else { several(list) }
        };
        let no_grant = self.grant.iter().any(|grant| grant == NONE);
        put("grants", if no_grant { Some(texts(Vec::new())) } else { several(grants::named(self.grant)) });
        put("strict", several_or_none(self.strict));
        put("apis", several_or_none(self.api));
        put("request_uris", several_or_none(self.request_uri));
        put("default_api", self.default_api.map(Value::from));
        put("profile", self.profile.map(Value::from));
        // One place takes the place of the other.
        if self.jwks_uri.is_some() {
            put("jwks", Some(NONE.into()));
        }
        if self.jwks.is_some() {
            put("jwks_uri", Some(NONE.into()));
        }
        put("jwks_uri", self.jwks_uri.map(Value::from));
        if let Some(file) = &self.jwks {
            put("jwks", Some(key_set(file)?));
        }
        put("introspects", several_or_none(self.introspects));
        // A method called none is one: only a public application has it.
        if self.auth_method.as_deref() == Some(ANY) {
            client.remove("token_endpoint_auth_method");
        } else if let Some(method) = self.auth_method {
            client.insert("token_endpoint_auth_method".to_owned(), method.into());
        }
        if self.acr_alias.iter().any(|alias| alias == NONE) {
            client.remove("acr_aliases");
        } else if !self.acr_alias.is_empty() {
            let pairs =
                self.acr_alias.iter().map(|text| alias(text).map(|(name, level)| (name, level.into())));
            let aliases: Table = pairs.collect::<Result<_, _>>().map_err(|cause| {
                Problem::new(cause, "write --acr-alias NAME=LEVEL, such as --acr-alias 2=mfa")
            })?;
            client.insert("acr_aliases".to_owned(), aliases.into());
        }
        if self.secret_stdin {
            client.remove("secret_sha256");
            client.insert("secret".to_owned(), first_line()?.as_str().into());
        } else if let Some(digest) = self.secret_sha256 {
            client.insert("secret_sha256".to_owned(), digest.into());
        }
        Ok(client)
    }
}

/// A key set from a file, as a pool file would declare it.
fn key_set(file: &Path) -> anyhow::Result<Value> {
    let remedy = "give a file with {\"keys\": [...]}, the public keys of the application";
    let text = std::fs::read_to_string(file)
        .map_err(|cause| Problem::new(format!("{}: {cause}", file.display()), remedy))?;
    let keys: serde_json::Value = serde_json::from_str(&text)
        .map_err(|cause| Problem::new(format!("{}: not JSON: {cause}", file.display()), remedy))?;
    Ok(Value::try_from(keys)?)
}

fn alias(text: &str) -> Result<(String, String), String> {
    let pair = text.rsplit_once('=').filter(|(name, level)| !name.is_empty() && !level.is_empty());
    pair.map(|(name, level)| (name.to_owned(), level.to_owned()))
        .ok_or_else(|| "expected NAME=LEVEL, such as 2=mfa".to_owned())
}

/// The first line of standard input, for secrets: arguments are visible to everybody on a machine.
pub(super) fn first_line() -> anyhow::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
