//! Rules of exchange as they are typed.

use super::NONE;
use crate::problem::Problem;
use toml::{Table, Value};

/// The rules that are typed, if any are; none at all for `none`.
///
/// # Errors
/// A word that belongs to no rule.
pub(super) fn rules(typed: &[String]) -> Result<Option<Value>, Problem> {
    let rules: Vec<Value> =
        typed.iter().filter(|one| *one != NONE).map(|one| rule(one)).collect::<Result<_, _>>()?;
    Ok((!typed.is_empty()).then_some(Value::Array(rules)))
}

/// A rule as a pool file would declare it: words such as `api=https://ledger.example.com`.
///
/// # Errors
/// A word that is none.
fn rule(typed: &str) -> Result<Value, Problem> {
    let mut rule = Table::new();
    for word in typed.split_whitespace() {
        let (key, value) =
            word.split_once('=').filter(|(_, value)| !value.is_empty()).ok_or_else(|| wrong(word))?;
        match key {
            "issued_to" | "audience" => {
                let list = rule.entry(key).or_insert_with(|| Value::Array(Vec::new()));
                list.as_array_mut().ok_or_else(|| wrong(word))?.push(value.into());
            }
            "scope" => {
                // The same name for both, where only one is typed.
                let (new, needed) = value.rsplit_once('=').unwrap_or((value, value));
                let scopes = rule.entry("scopes").or_insert_with(|| Value::Table(Table::new()));
                scopes.as_table_mut().ok_or_else(|| wrong(word))?.insert(new.to_owned(), needed.into());
            }
            "api" | "mode" => drop(rule.insert(key.to_owned(), value.into())),
            "bound_subjects" | "id_tokens" => {
                let taken = value.parse::<bool>().map_err(|_| wrong(word))?;
                rule.insert(key.to_owned(), taken.into());
            }
            _ => return Err(wrong(word)),
        }
    }
    Ok(Value::Table(rule))
}

fn wrong(word: &str) -> Problem {
    Problem::new(
        format!("--exchange: {word:?} is no part of a rule"),
        "write words such as audience=https://orders.example.com api=https://ledger.example.com scope=ledger.read=orders.read mode=delegation",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_a_line_of_words() {
        let typed = "audience=https://a issued_to=shop issued_to=desk api=https://b scope=b.read=a.read scope=both \
                     mode=impersonation bound_subjects=true id_tokens=true";
        let expected: Table = toml::from_str(
            "audience = [\"https://a\"]\nissued_to = [\"shop\", \"desk\"]\napi = \"https://b\"\n\
             mode = \"impersonation\"\nbound_subjects = true\nid_tokens = true\n[scopes]\n\"b.read\" = \"a.read\"\nboth = \"both\"\n",
        )
        .unwrap();
        assert_eq!(rule(typed).unwrap(), Value::Table(expected));
        for bad in ["api", "api=", "bound_subjects=yes", "id_tokens=1", "to=https://b", "=x"] {
            assert!(rule(bad).is_err(), "{bad}");
        }
    }
}
