//! `vestibule serve`.

use super::{Common, operator};
use crate::{
    ambient::Ambient,
    console,
    embed::{Purpose, Vestibule, Wired},
    mailer::Mailer,
    permissions, runtime, serve, telemetry,
};
use clap::Args;
use std::sync::Arc;
use vestibule_store::NameCollision;

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule serve --config /etc/vestibule/settings.toml\n  vestibule serve --migrate\n  VESTIBULE__SERVER__LISTEN=127.0.0.1:9000 vestibule serve\n\nRefuses to start without a key ring (`vestibule keys generate`) or on a database of another version\n(`vestibule migrate`)."
)]
pub(super) struct Serve {
    /// Bring the database to the schema of this program first, making it when missing.
    #[arg(long)]
    migrate: bool,
}

impl Serve {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        let settings = common.settings()?;
        telemetry::init(&settings.log);
        let mailer = Mailer::new(&settings.mail)?;
        permissions::tighten(&settings);
        let opened = runtime::open(&settings, Ambient::default(), &common.extras, self.migrate).await?;
        let runtime::Opened { app, pages } = opened;
        if self.migrate {
            let report = app.store().migrate().await?;
            tracing::info!(schema.from = report.from, schema.to = report.to, "the database is ready");
            for NameCollision { pool, username } in &report.collisions {
                tracing::warn!(pool = %pool, username = ?username, "a user name looks like an older one; it stays as it is");
            }
        }
        runtime::require_current_schema(app.store()).await?;
        let remedy =
            "stop the other program, or set server.listen (VESTIBULE__SERVER__LISTEN) to another port";
        let listener = serve::listen(settings.server.listen, remedy).await?;
        let secure = serve::Secure::listen(&settings).await?;
        let wired = Wired { app: Arc::new(app), pages, mailer: Some(mailer), purpose: Purpose::Service };
        let running = Vestibule::start(&settings, wired).await?.serve_secure(listener, secure)?;
        let pools = operator(running.app()).pools().await?;
        let address = running.address();
        let signal = serve::StopSignal::listen();
        if common.json {
            let origins: Vec<&str> = pools.iter().map(|pool| pool.origin.as_str()).collect();
            let ready = serde_json::json!({ "ready": true, "listen": address.to_string(), "pools": origins });
            console::say(ready);
        } else {
            let count = pools.len();
            let hint = if count == 0 { "; `vestibule pool add` or `vestibule apply` makes one" } else { "" };
            let plural = if count == 1 { "pool" } else { "pools" };
            console::say(format_args!("vestibule is ready on {address} with {count} {plural}{hint}"));
        }
        serve::until_signal(running, signal).await
    }
}
