//! `VESTIBULE__SECTION__KEY`: one environment variable, one setting.
//!
//! The schema of the settings says which keys exist and of what type each is, so that `8080` becomes a number
//! for a numeric key and stays text for a textual one. Lists are written as TOML (`["10.0.0.0/8"]`) or
//! separated by commas.

use std::collections::BTreeMap;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeArray, DeValue};

use crate::OVERRIDE_PREFIX;
use crate::document::{Document, holds_secret};
use crate::error::{ConfigError, Problem, nearest};

/// Lays every override in `env` over the document; all bad ones are reported together.
pub(crate) fn apply<'i>(
    document: &mut Document<'i>,
    env: &'i BTreeMap<String, String>,
) -> Result<(), ConfigError> {
    let known = known_settings();
    let mut problems = Vec::new();
    for (variable, value) in env {
        let Some(rest) = variable.strip_prefix(OVERRIDE_PREFIX) else { continue };
        let path: Vec<String> = rest.split("__").map(str::to_lowercase).collect();
        match known.get(&path.join(".")) {
            None => problems.push(unknown(variable, rest, &known)),
            Some(kind) => match typed(value, kind) {
                Some(typed) => document.overlay(variable, &path, typed),
                None => problems.push(unfit(variable, path.last(), value, kind)),
            },
        }
    }
    ConfigError::check(problems)
}

fn unknown(variable: &str, rest: &str, known: &BTreeMap<String, String>) -> Problem {
    let dotted = rest.to_lowercase().replace("__", ".");
    let mut problem = Problem::new("no such setting").found(variable);
    problem.variable = Some(variable.to_owned());
    match nearest(&dotted, known.keys().map(String::as_str)) {
        Some(near) => {
            let name = format!("{OVERRIDE_PREFIX}{}", near.replace('.', "__").to_uppercase());
            problem.hint(format!("did you mean {name}?"))
        }
        None => problem.hint("unset it; settings are listed in config/default.toml"),
    }
}

fn unfit(variable: &str, key: Option<&String>, value: &str, kind: &str) -> Problem {
    let secret = key.is_some_and(|key| holds_secret(key));
    let found = if secret { "(not shown: the key holds a secret)".to_owned() } else { format!("{value:?}") };
    let mut problem =
        Problem::new("a value of the wrong type").found(found).hint("correct or unset the variable");
    problem.variable = Some(variable.to_owned());
    problem.expected(match kind {
        "integer" => "a whole number",
        "boolean" => "true or false",
        _ => "a list: [\"a\", \"b\"] or a,b",
    })
}

fn typed<'i>(value: &'i str, kind: &str) -> Option<DeValue<'i>> {
    let literal = |text: &'i str| DeValue::parse(text.trim()).ok().map(Spanned::into_inner);
    match kind {
        "integer" => literal(value).filter(DeValue::is_integer),
        "boolean" => literal(value).filter(DeValue::is_bool),
        "array" if value.trim_start().starts_with('[') => literal(value).filter(DeValue::is_array),
        "array" => {
            let mut list = DeArray::new();
            for item in value.split(',').map(str::trim).filter(|item| !item.is_empty()) {
                list.push(Spanned::new(0..0, DeValue::String(item.into())));
            }
            Some(DeValue::Array(list))
        }
        _ => Some(DeValue::String(value.into())),
    }
}

/// Every setting by its dotted path, with the JSON type of its value.
fn known_settings() -> BTreeMap<String, String> {
    let schema = crate::json_schema();
    let mut known = BTreeMap::new();
    collect(&schema, &schema, "", &mut known);
    known
}

fn collect(root: &Value, schema: &Value, path: &str, known: &mut BTreeMap<String, String>) {
    if let Some(reference) = schema["$ref"].as_str()
        && let Some(target) = root.pointer(reference.trim_start_matches('#'))
    {
        return collect(root, target, path, known);
    }
    if let Some(properties) = schema["properties"].as_object() {
        for (key, below) in properties {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            collect(root, below, &path, known);
        }
        return;
    }
    // The variants of a choice: tables (`mail`) contribute their keys, words (`log.format`) are text.
    let variants = ["oneOf", "anyOf"].iter().filter_map(|name| schema[*name].as_array()).flatten();
    let mut tables = false;
    for variant in variants.filter(|variant| !variant["properties"].is_null()) {
        tables = true;
        collect(root, variant, path, known);
    }
    if !tables {
        let kind =
            schema["type"].as_str().or_else(|| schema.pointer("/type/0")?.as_str()).unwrap_or("string");
        known.insert(path.to_owned(), kind.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_tells_the_type_of_every_setting() {
        let known = known_settings();
        for (path, kind) in [
            ("server.listen", "string"),
            ("server.trusted_proxies", "array"),
            ("server.body_limit_bytes", "integer"),
            ("database.url", "string"),
            ("secrets.key_ring_file", "string"),
            ("mail.transport", "string"),
            ("mail.port", "integer"),
            ("mail.security", "string"),
            ("mail.directory", "string"),
            ("password_hashing.memory_kib", "integer"),
            ("log.format", "string"),
        ] {
            assert_eq!(known.get(path).map(String::as_str), Some(kind), "{path}");
        }
    }
}
