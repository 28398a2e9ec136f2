//! `vestibule keys`: the key ring, and the signing keys of pools.

use super::{
    Common,
    ask::{Concern, counted},
    moment, operator,
};
use crate::{ambient::SystemEntropy, console};
use clap::{Args, Subcommand};
use serde_json::json;
use vestibule_config::KEY_RING_VARIABLE;
use vestibule_domain::TokenAlg;
use vestibule_flows::{KeyRotation, Resealed};
use vestibule_seal::KeyRing;

#[derive(Subcommand)]
pub(super) enum Keys {
    /// Make a key for the key ring, which seals everything secret in the database.
    #[command(
        after_help = "Examples:\n  vestibule keys generate\n  (umask 077; vestibule keys generate > /etc/vestibule/key-ring)\n\nThe key alone goes to standard output, what to do with it to standard error.\nTo replace a key, put the new one BEFORE the old one, separated by a comma or on a line of its own, restart\nevery node, then run `vestibule keys reseal`."
    )]
    Generate,
    /// Show the signing keys of a pool.
    #[command(
        after_help = "Examples:\n  vestibule keys list --pool acme\n  vestibule keys list --pool acme --json"
    )]
    List {
        /// Slug of the pool.
        #[arg(long)]
        pool: String,
    },
    /// Move the signing keys of a pool one step on: next → active → retired → deleted.
    Rotate(Rotate),
    /// Seal again, in all pools, the signing keys that are under an older key of the ring.
    #[command(after_help = "Examples:\n  vestibule keys reseal")]
    Reseal,
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule keys rotate --pool acme                first publishes a next key\n  vestibule keys rotate --pool acme                again, a day later: puts it to use\n  vestibule keys rotate --pool acme --alg ES256 --now\n  vestibule keys rotate --pool acme --forget       a key has leaked\n\nA retired key stays published until nothing that it signed can be valid any more."
)]
pub(super) struct Rotate {
    /// Slug of the pool.
    #[arg(long)]
    pool: String,
    /// Algorithm: ES256, EdDSA or RS256. May be repeated; all of them by default.
    #[arg(long, value_parser = alg)]
    alg: Vec<TokenAlg>,
    /// Put a fresh key to use at once, without publishing it first.
    #[arg(long)]
    now: bool,
    /// Delete the old keys at once: everything they signed stops being valid.
    #[arg(long)]
    forget: bool,
    /// Do not ask before keys are deleted.
    #[arg(long)]
    yes: bool,
}

/// Reads the name of an algorithm.
pub(super) fn alg(text: &str) -> Result<TokenAlg, String> {
    let found = TokenAlg::ALL.into_iter().find(|alg| alg.as_str().eq_ignore_ascii_case(text));
    found.ok_or_else(|| "expected ES256, EdDSA or RS256".to_owned())
}

impl Keys {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        match self {
            Self::Generate => generate(common.json),
            Self::List { pool } => list(common, &pool).await?,
            Self::Rotate(rotate) => rotate.run(common).await?,
            Self::Reseal => reseal(common).await?,
        }
        Ok(())
    }
}

fn generate(json: bool) {
    let key = KeyRing::generate_text(&SystemEntropy);
    if json {
        return console::json(&json!({ "key": key }));
    }
    console::say(&key);
    console::complain(format_args!(
        "\nThis key seals everything secret in the database. Keep it apart from the database and its backups, and\n\
         do not lose it. Give it to every node of the server in one of two ways:\n\n  \
         export {KEY_RING_VARIABLE}=THE_KEY\n\n  \
         [secrets]                                  in the settings file, with the key in a file of mode 600\n  \
         key_ring_file = \"/etc/vestibule/key-ring\""
    ));
}

async fn list(common: &Common, pool: &str) -> anyhow::Result<()> {
    let keys = operator(&common.app().await?).signing_keys_of(pool).await?;
    if common.json {
        console::json(&json!({ "pool": pool, "keys": keys }));
        return Ok(());
    }
    let row = |key: &vestibule_flows::KeyView| {
        let note = match (key.readable, key.needs_reseal) {
            (false, _) => "not readable: its ring key is missing",
            (true, true) => "under an older ring key",
            (true, false) => "",
        };
        vec![
            key.alg.to_owned(),
            key.status.to_owned(),
            moment(key.created_at),
            key.kid.clone(),
            note.to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = keys.iter().map(row).collect();
    console::say(console::table(&["ALG", "STATUS", "CREATED", "KID", ""], &rows));
    Ok(())
}

impl Rotate {
    async fn run(self, common: &Common) -> anyhow::Result<()> {
        let algs = if self.alg.is_empty() { TokenAlg::ALL.to_vec() } else { self.alg };
        let app = common.app().await?;
        if self.forget {
            let totals = operator(&app).holdings_of_pool(&self.pool).await?;
            let names: Vec<&str> = algs.iter().map(|alg| alg.as_str()).collect();
            let text = format!(
                "The signing keys of pool {} for {} are deleted at once: every token that they signed stops being valid, at \
                 {} and for {}.",
                self.pool,
                names.join(", "),
                counted(totals.clients, "application"),
                counted(totals.users, "user"),
            );
            let lines = if totals.users == 0 { Vec::new() } else { vec![text] };
            if !(Concern { lines }).confirmed(common, self.yes)? {
                return Ok(());
            }
        }
        let how = KeyRotation { now: self.now, forget: self.forget };
        let changes = operator(&app).rotate_keys(&self.pool, &algs, how).await?;
        if common.json {
            console::json(&json!({ "pool": self.pool, "keys": changes }));
            return Ok(());
        }
        let row = |change: &vestibule_flows::KeyChange| {
            vec![change.alg.to_owned(), change.kid.clone(), format!("is now {}", change.status)]
        };
        console::say(console::table(&["ALG", "KID", ""], &changes.iter().map(row).collect::<Vec<_>>()));
        if changes.iter().all(|change| change.status == "next") {
            console::say(
                "\nThe next keys are published now. Run the same command again, best in a day, to put them to use.",
            );
        }
        Ok(())
    }
}

async fn reseal(common: &Common) -> anyhow::Result<()> {
    let resealed = operator(&common.app().await?).reseal().await?;
    if common.json {
        console::json(&serde_json::to_value(resealed)?);
        return Ok(());
    }
    let Resealed { signing_keys, credentials, mails, subject_secrets } = resealed;
    console::say(format_args!(
        "{signing_keys} signing keys, {credentials} secrets of second factors, {subject_secrets} secrets of pairwise \
         identifiers and {mails} waiting mails were sealed under the first key of the ring"
    ));
    console::say(
        "nothing is left under older keys: once sign-ins under way are over they can be removed from the ring",
    );
    Ok(())
}
