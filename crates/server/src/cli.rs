//! The command line.

mod apply;
mod check;
mod client;
mod keys;
mod migrate;
mod policy;
mod pool;
mod refusal;
mod serve;
pub(crate) mod user;

use crate::{ambient::Ambient, console, extras::Extras, runtime};
use clap::{Args, Parser, Subcommand};
use std::{collections::BTreeMap, ffi::OsString, path::PathBuf, process::ExitCode};
use vestibule_config::Settings;
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
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Users of a pool.
    #[command(subcommand)]
    User(user::UserCommand),
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
    /// Try everything on this machine: a server with users and an application, with all data in one directory.
    Demo(crate::demo::Demo),
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum SchemaOf {
    /// The settings of the server.
    Settings,
    /// The declarations that `apply` reads.
    Pools,
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
        Command::Client(command) => command.run(common).await?,
        Command::User(command) => command.run(common).await?,
        Command::Apply(command) => command.run(common).await?,
        Command::Policy(command) => return command.run(common).await,
        Command::Schema { of } => match of {
            SchemaOf::Settings => console::json(&vestibule_config::json_schema()),
            SchemaOf::Pools => {
                console::json(&vestibule_config::pools_json_schema(common.extras.registry.settings_schemas()))
            }
            SchemaOf::Assurance => {
                let table = vestibule_mfa::assurance_document(&common.extras.registry);
                console::say(table.trim_end());
            }
        },
        Command::Demo(command) => command.run(&common.extras).await?,
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
    let days = seconds.div_euclid(86_400);
    let rest = seconds.rem_euclid(86_400);
    // Civil date from days since the epoch: years that begin in March make leap days the last day of a year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_an_example() {
        fn leaves(command: &clap::Command, missing: &mut Vec<String>) {
            for below in command.get_subcommands() {
                leaves(below, missing);
            }
            let example =
                command.get_after_help().is_some_and(|help| help.to_string().contains("vestibule "));
            if command.get_subcommands().next().is_none() && !example {
                missing.push(command.get_name().to_owned());
            }
        }
        let mut missing = Vec::new();
        leaves(&Cli::command(), &mut missing);
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn moments_are_utc() {
        assert_eq!(moment(0), "1970-01-01T00:00:00Z");
        assert_eq!(moment(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(moment(1_700_000_000), "2023-11-14T22:13:20Z");
        assert_eq!(moment(-1), "1969-12-31T23:59:59Z");
    }
}
