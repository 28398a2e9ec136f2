//! The command line.

mod apply;
mod ask;
mod audit;
mod check;
mod client;
mod export;
mod keys;
mod migrate;
mod policy;
mod pool;
mod reference;
mod refusal;
mod serve;
pub(crate) mod user;

use crate::{ambient::Ambient, console, extras::Extras, runtime};
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use std::{collections::BTreeMap, ffi::OsString, path::PathBuf, process::ExitCode};
use vestibule_config::Settings;
use vestibule_domain::Timestamp;
use vestibule_flows::{Actor, Admin, App};

/// Vestibule signs people in to your applications: OpenID Connect with a second factor that the token can prove.
#[derive(Parser)]
#[command(
    name = "vestibule",
    version,
    arg_required_else_help = true,
    after_help = "Examples:\n  vestibule demo                         try everything on this machine\n  vestibule keys generate                make the key ring that a server needs\n  vestibule migrate --config my.toml     prepare the database\n  vestibule apply pools.toml             make pools, applications and users as declared\n  vestibule serve --config my.toml       answer requests\n\nSettings come from --config FILE (or VESTIBULE_CONFIG), and VESTIBULE__SECTION__KEY variables over it.\nExit codes: 0 done, 1 failed, 2 the command line is wrong."
)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Args)]
struct Common {
    /// Settings file; without one the defaults hold. `vestibule schema settings` describes it.
    #[arg(long, global = true, value_name = "FILE", env = "VESTIBULE_CONFIG")]
    config: Option<PathBuf>,
    /// Write JSON for other programs instead of text for people.
    #[arg(long, global = true)]
    json: bool,
    /// What the program brings.
    #[arg(skip)]
    extras: Extras,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests until Ctrl-C or SIGTERM.
    Serve(serve::Serve),
    /// Bring the database to the schema of this program.
    Migrate(migrate::Migrate),
    /// Look whether a server could start: settings, key ring, database, keys of the pools, mail.
    #[command(
        after_help = "Examples:\n  vestibule check\n  vestibule check --config my.toml --json\n\nThe exit code is 1 when anything is wrong."
    )]
    Check,
    /// The key ring, and the signing keys of pools.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// User pools.
    #[command(subcommand)]
    Pool(pool::PoolCommand),
    /// Applications of a pool.
    #[command(subcommand, visible_alias = "client")]
    Application(client::ClientCommand),
    /// Users of a pool.
    #[command(subcommand)]
    User(user::UserCommand),
    /// The audit trail of a pool: who did what, and how it ended.
    Audit(audit::Audit),
    /// Why somebody is asked for a second factor, and whether the rules say what they should.
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Make pools, applications and users as a file declares them.
    Apply(apply::Apply),
    /// Print the JSON Schema of a file.
    #[command(
        after_help = "Examples:\n  vestibule schema settings > settings.schema.json\n  vestibule schema pools"
    )]
    Schema {
        /// Of which file.
        #[arg(value_enum)]
        of: SchemaOf,
    },
    /// Print a completion script for a shell.
    #[command(
        after_help = "Examples:\n  vestibule completions bash > /etc/bash_completion.d/vestibule\n  vestibule completions fish > ~/.config/fish/completions/vestibule.fish\n  vestibule completions zsh > /usr/local/share/zsh/site-functions/_vestibule"
    )]
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Try everything on this machine: a server with users and an application, with all data in one directory.
    Demo(crate::demo::Demo),
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum SchemaOf {
    /// The settings of the server.
    Settings,
    /// The declarations that `apply` reads.
    Pools,
    /// No schema but a page: every command with its arguments and examples (Markdown).
    Commands,
    /// No schema but a table: which proofs make which `acr` and `amr` (Markdown).
    Assurance,
}

/// Runs the program with these arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    run_with(arguments, Extras::default())
}

/// Runs a program that brings second factors of its own.
pub fn run_with(arguments: impl IntoIterator<Item = OsString>, extras: Extras) -> ExitCode {
    let mut cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come as errors of code 0.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    cli.common.extras = extras;
    let json = cli.common.json;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(dispatch(cli)),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            let error = refusal::text(&error);
            if json {
                console::json(&serde_json::json!({ "error": error }));
            }
            console::complain(format_args!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    let common = &cli.common;
    match cli.command {
        Command::Serve(command) => command.run(common).await?,
        Command::Migrate(command) => return command.run(common).await,
        Command::Check => return check::run(common).await,
        Command::Keys(command) => command.run(common).await?,
        Command::Pool(command) => command.run(common).await?,
        Command::Application(command) => command.run(common).await?,
        Command::Audit(command) => command.run(common).await?,
        Command::User(command) => command.run(common).await?,
        Command::Apply(command) => command.run(common).await?,
        Command::Policy(command) => return command.run(common).await,
        Command::Schema { of } => match of {
            SchemaOf::Settings => console::json(&vestibule_config::json_schema()),
            SchemaOf::Pools => {
                console::json(&vestibule_config::pools_json_schema(common.extras.registry.settings_schemas()))
            }
            SchemaOf::Commands => console::say(reference::page(&mut Cli::command()).trim_end()),
            SchemaOf::Assurance => {
                let table = vestibule_mfa::assurance_document(&common.extras.registry);
                console::say(table.trim_end());
            }
        },
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "vestibule", &mut script);
            console::say(String::from_utf8(script)?.trim_end());
        }
        Command::Demo(command) => command.run(&common.extras, common.json).await?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Common {
    /// The settings, with the environment laid over them.
    fn settings(&self) -> anyhow::Result<Settings> {
        Ok(Settings::load(self.config.as_deref(), &environment())?)
    }

    /// The application on a database that is ready, for commands that do one thing.
    async fn app(&self) -> anyhow::Result<App> {
        let settings = self.settings()?;
        let opened = runtime::open(&settings, Ambient::default(), &self.extras, false).await?;
        runtime::require_current_schema(opened.app.store()).await?;
        Ok(opened.app)
    }
}

/// What the person at the command line does, at every pool of the server.
fn operator(app: &App) -> Admin<'_> {
    app.admin(Actor::command_line())
}

/// The environment's variables as text; what is not text cannot be a setting.
fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// A moment as UTC text, to the second (RFC 3339).
fn moment(seconds: i64) -> String {
    vestibule_domain::time::moment(Timestamp::from_seconds(seconds))
}

#[cfg(test)]
mod tests;
