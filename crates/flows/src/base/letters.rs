//! Letters on their way into the outbox.

use crate::base::{
    app::App,
    failure::Failure,
    notice::{Letter, mail_row},
};
use vestibule_domain::{MailId, Pool, Timestamp};
use vestibule_store::records::MailRow;

impl App {
    /// Renders letters for the outbox; they are queued in the transaction of what they tell about.
    pub(crate) fn letters(
        &self,
        pool: &Pool,
        now: Timestamp,
        letters: impl IntoIterator<Item = Letter>,
    ) -> Result<Vec<MailRow>, Failure> {
        letters
            .into_iter()
            .map(|letter| {
                let mail = self.shared.renderer.render(pool, &letter).map_err(Failure::internal)?;
                Ok(mail_row(MailId::new(now, self.entropy().as_ref()), letter.to, mail, now))
            })
            .collect()
    }
}
