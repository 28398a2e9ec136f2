//! Whether an application belongs to the sector that it names (OpenID Connect Registration §5).
//!
//! The list is read when an application becomes pairwise, by whomever it is registered, and again when it names another one or has
//! another address. Afterwards it is not asked for: that its address fails, or says something else, ends no sign-in.

use crate::base::app::App;
use vestibule_domain::{Client, Pool};
use vestibule_oidc::registration::{SectorFault, in_sector};
use vestibule_outbound::OutboundError;

/// What a list is served as.
const ACCEPT: [&str; 1] = ["application/json"];

/// Why an application does not belong to the sector that it names, as far as can be told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSector {
    /// The list could not be read.
    #[error("the list at the sector_identifier_uri cannot be read: {0}")]
    Unread(#[from] OutboundError),
    /// It could.
    #[error(transparent)]
    Fault(#[from] SectorFault),
}

impl App {
    /// Reads the list of the sector, where the application names one that was not accepted for it `before`.
    pub(crate) async fn belongs_to_sector(
        &self,
        pool: &Pool,
        client: &Client,
        before: Option<&Client>,
    ) -> Result<(), NoSector> {
        let Some(uri) = client.has_new_sector(before) else { return Ok(()) };
        let (documents, rules) = self.metadata_documents(pool);
        // What is remembered may be older than an address that was added or taken from the list.
        let now = documents.refresh(&rules, uri, &ACCEPT).await?;
        Ok(in_sector(&now.body, &client.redirect_uris)?)
    }
}
