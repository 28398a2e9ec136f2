//! The product with a pipe: as `vestibule serve` starts it, and a line on standard input asks what the store has done.

use anyhow::Context as _;
use std::{collections::BTreeMap, path::Path, sync::Arc};
use tokio::net::TcpListener;
use vestibule::{Ambient, Mailer, Purpose};
use vestibule_config::Settings;

/// Serves until standard input ends. Every line there is answered with `STATEMENTS TRIPS COMMITS`.
pub(crate) async fn serve(config: &Path) -> anyhow::Result<()> {
    let settings = Settings::load(Some(config), &BTreeMap::new())?;
    let app = Arc::new(vestibule::build_app(&settings, Ambient::default(), false).await?);
    vestibule::require_current_schema(app.store()).await?;
    let listener = TcpListener::bind(settings.server.listen).await.context("cannot listen")?;
    let mailer = Mailer::new(&settings.mail)?;
    let running =
        vestibule::start(&settings, Arc::clone(&app), listener, Some(mailer), Purpose::Service).await?;
    let ready = serde_json::json!({ "ready": true, "listen": running.address().to_string() });
    crate::terminal::say(&ready.to_string());
    let asked = tokio::task::spawn_blocking(move || {
        for _ in std::io::stdin().lines().map_while(Result::ok) {
            let counters = app.store().counters();
            crate::terminal::say(&format!("{} {} {}", counters.statements, counters.trips, counters.commits));
        }
    });
    asked.await?;
    running.stop().await;
    Ok(())
}
