//! `vestibule application registration-token`.

use super::Common;
use crate::console;
use clap::Args;
use serde_json::json;
use vestibule_flows::Admin;

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule application registration-token --pool acme\n  vestibule application registration-token --pool acme --seconds 600 --json"
)]
pub(in crate::cli) struct RegistrationToken {
    /// Slug of the pool.
    #[arg(long)]
    pool: String,
    /// For so many seconds it can be used, a day at most.
    #[arg(long, default_value_t = 3600, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    seconds: u32,
}

impl RegistrationToken {
    pub(super) async fn make(self, common: &Common, admin: &Admin<'_>) -> anyhow::Result<()> {
        let made = admin.registration_token(&self.pool, self.seconds).await?;
        if common.json {
            let expires_at = made.expires_at.as_seconds();
            console::json(&json!({ "pool": self.pool, "token": made.token, "expires_at": expires_at }));
        } else {
            console::say(&made.token);
        }
        Ok(())
    }
}
