//! Registration by the application itself (RFC 7591, OpenID Connect Dynamic Client Registration 1.0): from metadata to an
//! application, and back. What is not known is ignored (RFC 7591 §2); what contradicts is refused.

mod asked;
mod document;
mod sector;
mod told;

pub use asked::{Asked, read};
pub use document::DocumentUrl;
pub use sector::{SectorFault, in_sector};
pub use told::metadata_of;
