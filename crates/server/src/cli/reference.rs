//! `docs/cli.md`, written from the commands themselves.

use std::fmt::Write as _;

/// What stands above the commands.
const HEAD: &str = "# The command line\n\nWritten by `vestibule schema commands`; a test compares it. Every command has the same \
text behind `--help`, and takes `--config FILE` (or `VESTIBULE_CONFIG`) and `--json`. Exit codes: 0 done, 1 failed, 2 the \
command line is wrong. What destroys something shows what goes and asks; `--yes` answers beforehand.\n";

/// The whole page.
pub(super) fn page(command: &mut clap::Command) -> String {
    command.build();
    let mut text = HEAD.to_owned();
    let names: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    for name in names.iter().filter(|name| *name != "help") {
        if let Some(below) = command.find_subcommand(name) {
            describe(below, &format!("vestibule {name}"), &mut text);
        }
    }
    text
}

fn describe(command: &clap::Command, path: &str, text: &mut String) {
    let level = "#".repeat(path.split(' ').count());
    // Writing to a text cannot fail.
    let _ = writeln!(text, "\n{level} `{path}`\n");
    let about = command.get_long_about().or_else(|| command.get_about());
    let about = about.map(ToString::to_string).unwrap_or_default();
    let aliases: Vec<String> = command.get_visible_aliases().map(|alias| format!("`{alias}`")).collect();
    let also = if aliases.is_empty() { String::new() } else { format!(" Also: {}.", aliases.join(", ")) };
    let stop = if about.ends_with('.') { "" } else { "." };
    let _ = writeln!(text, "{about}{stop}{also}");
    let below: Vec<&clap::Command> =
        command.get_subcommands().filter(|below| below.get_name() != "help").collect();
    if below.is_empty() {
        arguments(command, text);
    }
    if let Some(help) = command.get_after_help() {
        let _ = writeln!(text, "\n```text\n{}\n```", help.to_string().trim_end());
    }
    for one in below {
        describe(one, &format!("{path} {}", one.get_name()), text);
    }
}

/// The arguments of a command, but for those that every command has.
fn arguments(command: &clap::Command, text: &mut String) {
    let own = |argument: &&clap::Arg| {
        !argument.is_global_set() && !argument.is_hide_set() && argument.get_id() != "help"
    };
    let rows: Vec<String> = command.get_arguments().filter(own).map(row).collect();
    if !rows.is_empty() {
        let _ = writeln!(text, "\n| argument | meaning |\n|---|---|\n{}", rows.join("\n"));
    }
}

fn row(argument: &clap::Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default();
    let value = names.first().map_or_else(|| argument.get_id().to_string(), ToString::to_string);
    let takes = argument.get_action().takes_values();
    let shown = match argument.get_long() {
        Some(long) if takes => format!("--{long} {value}"),
        Some(long) => format!("--{long}"),
        None => value,
    };
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default().replace('|', "\\|");
    let mut notes = Vec::new();
    if argument.is_required_set() {
        notes.push("required".to_owned());
    }
    let values = if takes { argument.get_possible_values() } else { Vec::new() };
    if !values.is_empty() {
        let names: Vec<String> = values.iter().map(|value| format!("`{}`", value.get_name())).collect();
        notes.push(format!("one of {}", names.join(", ")));
    }
    let default: Vec<String> =
        argument.get_default_values().iter().map(|value| format!("`{}`", value.to_string_lossy())).collect();
    if takes && !default.is_empty() {
        notes.push(format!("{} when left out", default.join(", ")));
    }
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join("; ")) };
    format!("| `{}` | {help}{notes} |", shown.replace('|', "\\|"))
}
