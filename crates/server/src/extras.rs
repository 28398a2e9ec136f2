//! What a program brings that is built on this one: second factors of its own, with their templates and texts.

use std::sync::Arc;
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

impl Extras {
    /// The pages of the program. The product's own are read once in a process.
    ///
    /// # Errors
    /// A broken template, or an extension that reaches beyond its own factor.
    pub(crate) fn pages(&self) -> Result<Arc<Pages>, PagesError> {
        if self.extensions.is_empty() {
            return Pages::shared();
        }
        Pages::with_extensions(&self.extensions).map(Arc::new)
    }
}
