//! What the documents say about commands is so.

use super::*;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// README and every document, by their paths.
fn documents() -> Vec<(PathBuf, String)> {
    fn below(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, found);
            } else if path.extension().is_some_and(|end| end == "md" || end == "toml") {
                found.push(path);
            }
        }
    }
    let mut paths = vec![root().join("README.md"), root().join("SECURITY.md"), root().join("CHANGELOG.md")];
    below(&root().join("docs"), &mut paths);
    below(&root().join("config"), &mut paths);
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// The words of a command line, as a shell would cut them.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    let mut begun = false;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '"' | '\'') => (quote, begun) = (Some(letter), true),
            (None, ' ') => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            _ => {
                word.push(letter);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

/// Every command line in a text: whole ones of code blocks, and those that a sentence names, which may leave out what the
/// sentence says.
fn command_lines(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut whole, mut named, mut in_code) = (Vec::new(), Vec::new(), false);
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
            continue;
        }
        if in_code {
            let line = line.trim();
            let at = line.find("$(vestibule ").map(|at| at + 2).or_else(|| {
                let at = line.find("vestibule ")?;
                // Assignments and `cargo run --` may stand before it.
                line.get(..at)?.split(' ').all(|word| word.is_empty() || word.contains('=')).then_some(at)
            });
            let Some(line) = at.and_then(|at| line.get(at..)) else { continue };
            let end = [" #", " > ", " < ", " | ", ")\"", "   "].iter().filter_map(|end| line.find(end)).min();
            whole.push(line.get(..end.unwrap_or(line.len())).unwrap().trim().to_owned());
        }
    }
    let outside: String = text.split("```").step_by(2).collect::<Vec<_>>().join(" ");
    for span in outside.replace('\n', " ").split('`').skip(1).step_by(2) {
        let span = span.trim_start_matches("umask 077; ");
        if span.starts_with("vestibule ") {
            named.push(span.to_owned());
        }
    }
    (whole, named)
}

fn parse(line: &str) -> Result<(), clap::Error> {
    Cli::try_parse_from(words(line)).map(|_| ()).or_else(|error| match error.kind() {
        clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion => Ok(()),
        _ => Err(error),
    })
}

#[test]
fn fault_c7_every_command_that_a_document_names_exists() {
    use clap::error::ErrorKind::{
        DisplayHelpOnMissingArgumentOrSubcommand, InvalidValue, MissingRequiredArgument, MissingSubcommand,
        ValueValidation,
    };
    let (mut wrong, mut count) = (Vec::new(), 0);
    // The page of the commands is made of their own examples, which have a test.
    for (path, text) in documents().into_iter().filter(|(path, _)| !path.ends_with("docs/cli.md")) {
        let (whole, named) = command_lines(&text);
        count += whole.len() + named.len();
        for line in whole {
            if let Err(error) = parse(&line) {
                wrong.push(format!("{}: {line}\n{error}", path.display()));
            }
        }
        for line in named {
            // A sentence may leave arguments out, or say `P` and `…` for them, but not name what is not there.
            let Err(error) = parse(&line) else { continue };
            let incomplete = [
                MissingRequiredArgument,
                MissingSubcommand,
                DisplayHelpOnMissingArgumentOrSubcommand,
                ValueValidation,
                InvalidValue,
            ];
            if !incomplete.contains(&error.kind()) {
                wrong.push(format!("{}: {line}\n{error}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 40, "only {count} commands were found");
}

#[test]
fn fault_c1_every_example_of_a_command_is_one() {
    fn examples(command: &clap::Command, found: &mut Vec<String>) {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        for line in help.lines() {
            let Some(at) = line.find("vestibule ") else { continue };
            let line = line.get(at..).unwrap();
            let ends = ["  ", " > ", " < ", ")"];
            let end = ends.iter().filter_map(|end| line.find(end)).min().unwrap_or(line.len());
            found.push(line.get(..end).unwrap().trim().to_owned());
        }
        command.get_subcommands().for_each(|below| examples(below, found));
    }
    let mut found = Vec::new();
    examples(&Cli::command(), &mut found);
    assert!(found.len() > 60, "{}", found.len());
    for line in found.iter().filter(|line| !line.contains('`') && !line.contains('…')) {
        if let Err(error) = parse(line) {
            panic!("{line}\n{error}");
        }
    }
}

#[test]
fn fault_c1_the_page_of_commands_is_the_one_that_the_program_writes() {
    let written = std::fs::read_to_string(root().join("docs/cli.md")).unwrap();
    assert!(written == reference::page(&mut Cli::command()), "run `cargo xtask generate`");
}

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
        let example = command.get_after_help().is_some_and(|help| help.to_string().contains("vestibule "));
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
