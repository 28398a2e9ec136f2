//! Reading on behind what does not fit, so that everything that is wrong with a file is told at once.
//!
//! The reader stops at the first misfit. So what does not fit is replaced by something that does, and the file is read again,
//! until it can be read as a whole. The result is good for nothing but further checks of everything else.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};
use vestibule_domain::field::{FieldPath, Step};

use crate::document::Document;
use crate::error::Problem;

/// Misfits that are told at most.
const MOST: usize = 200;

/// Something with the shape of a file, and what of it was invented.
pub(crate) struct Repaired<T> {
    pub(crate) value: Option<T>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) invented: Vec<FieldPath>,
}

impl<T> Repaired<T> {
    /// Whether what stands there was invented.
    pub(crate) fn is_invented(&self, at: &FieldPath) -> bool {
        self.invented.iter().any(|invented| at.steps().starts_with(invented.steps()))
    }
}

/// Reads a document, replacing what does not fit.
pub(crate) fn read<T: DeserializeOwned>(document: &Document<'_>) -> Repaired<T> {
    let mut table = document.table().clone();
    let mut repaired = Repaired { value: None, problems: Vec::new(), invented: Vec::new() };
    // What the last problem is about.
    let mut about = None;
    for _ in 0..MOST {
        let error = match T::deserialize(toml::Deserializer::from(table.clone())) {
            Ok(value) => {
                repaired.value = Some(value);
                return repaired;
            }
            Err(error) => error,
        };
        let misfit = document.misfit(&table, error.message(), error.span());
        let known = repaired.is_invented(&misfit.at);
        let message = error.message().to_owned();
        if !known {
            repaired.problems.push(misfit.problem);
            about = Some(misfit.at.clone());
        } else if let (Some((_, expected)), Some(last)) =
            (message.split_once(", expected "), repaired.problems.last_mut())
        {
            // What was put in place of a missing value is refused, which tells what would have been right.
            if about.as_ref() == Some(&misfit.at) && message.starts_with("unknown variant ") {
                last.expected = Some(expected.to_owned());
            }
        }
        let fits = if misfit.is_unknown_key { None } else { Some(placeholder(&message)) };
        if fits.is_some() && !known {
            repaired.invented.push(misfit.at.clone());
        }
        // A place of its own, by which what is wrong with it is found again.
        let span = document.place_behind(repaired.invented.len());
        let fits = fits.map(|value| Spanned::new(span, value));
        if !put(table.get_mut(), misfit.at.steps(), fits) || (known && repeats(&message)) {
            break;
        }
    }
    repaired
}

/// Whether what is put in place of a value would be refused again.
fn repeats(message: &str) -> bool {
    message.starts_with("invalid value") || message.starts_with("missing field")
}

/// Something that fits where the reader says this.
fn placeholder(message: &str) -> DeValue<'static> {
    let expected = message.split_once(", expected ").map_or("", |(_, expected)| expected);
    if message.starts_with("unknown variant ") {
        let first = expected.split('`').nth(1).unwrap_or_default().to_owned();
        return DeValue::String(first.into());
    }
    let boolean = || DeValue::Boolean(true);
    match expected.split(' ').find(|word| !["a", "an", "the"].contains(word)).unwrap_or_default() {
        "sequence" => DeValue::Array(DeArray::new()),
        "boolean" => boolean(),
        "map" | "struct" => DeValue::Table(DeTable::new()),
        word if word.starts_with(['u', 'i']) && word.len() <= 5 => DeTable::parse("n = 1")
            .ok()
            .and_then(|table| table.get_ref().get("n").map(|value| value.get_ref().clone()))
            .map_or_else(boolean, |mut value| {
                value.make_owned();
                value
            }),
        _ => DeValue::String(String::new().into()),
    }
}

/// Puts a value at a path, or takes away what is there. Returns whether there is such a place.
fn put<'i>(table: &mut DeTable<'i>, path: &[Step], value: Option<Spanned<DeValue<'i>>>) -> bool {
    let [Step::Key(key), rest @ ..] = path else { return false };
    if rest.is_empty() {
        table.remove(key.as_str());
        if let Some(value) = value {
            table.insert(Spanned::new(value.span(), key.clone().into()), value);
        }
        return true;
    }
    let Some(below) = table.get_mut(key.as_str()) else { return false };
    put_below(below.get_mut(), rest, value)
}

fn put_below<'i>(below: &mut DeValue<'i>, path: &[Step], value: Option<Spanned<DeValue<'i>>>) -> bool {
    match (below, path) {
        (DeValue::Table(table), path) => put(table, path, value),
        (DeValue::Array(array), [Step::Index(index), rest @ ..]) => {
            let Some(item) = array.get_mut(*index) else { return false };
            if !rest.is_empty() {
                return put_below(item.get_mut(), rest, value);
            }
            let Some(value) = value else { return false };
            *item = value;
            true
        }
        _ => false,
    }
}
