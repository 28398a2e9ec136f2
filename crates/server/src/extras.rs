//! What a program brings that is built on this one: second factors of its own, with their templates and texts.

use std::sync::{Arc, OnceLock};
use vestibule_mfa::Registry;
use vestibule_pages::{Extension, Pages, PagesError};

/// The factors of a program, and what those of them bring that are not the product's own.
#[derive(Clone)]
pub struct Extras {
    /// All factors, in order of preference.
    pub registry: Registry,
    /// Templates and texts of those that the product does not know.
    pub extensions: Vec<Extension>,
}

impl Default for Extras {
    fn default() -> Self {
        Self { registry: Registry::builtin(), extensions: Vec::new() }
    }
}

/// Which factors there are is a property of the program, like its code: it is said once, before anything else runs.
static EXTRAS: OnceLock<Extras> = OnceLock::new();

/// Says what the program brings. Only the first word counts.
pub(crate) fn install(extras: Extras) {
    let _ = EXTRAS.set(extras);
}

/// The factors of this program.
pub(crate) fn registry() -> &'static Registry {
    &EXTRAS.get_or_init(Extras::default).registry
}

/// The pages of this program, read once.
///
/// # Errors
/// A broken template, or an extension that reaches beyond its own factor.
pub(crate) fn pages() -> Result<Arc<Pages>, PagesError> {
    static PAGES: OnceLock<Arc<Pages>> = OnceLock::new();
    if let Some(pages) = PAGES.get() {
        return Ok(Arc::clone(pages));
    }
    let extensions = &EXTRAS.get_or_init(Extras::default).extensions;
    let pages = Arc::new(Pages::with_extensions(extensions)?);
    Ok(Arc::clone(PAGES.get_or_init(|| pages)))
}
