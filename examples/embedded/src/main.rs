//! `cargo run -p embedded`, then open the two addresses that it writes to its log. `vestibule keys generate` says how to set
//! the key that it needs.

use embedded::Shop;
use std::{collections::BTreeMap, net::SocketAddr};
use tokio::net::TcpListener;
use vestibule::Settings;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::INFO).init();
    let environment: BTreeMap<String, String> = std::env::vars().collect();
    let settings = Settings::parse(None, include_str!("../settings.toml"), &environment)?;
    let listener = TcpListener::bind("127.0.0.1:8100").await?;
    let shop = Shop::open(settings, include_str!("../pools.toml")).await?;
    let app = shop.router().into_make_service_with_connect_info::<SocketAddr>();
    let interrupted = async {
        // Without a signal to wait for, it runs until it is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    axum::serve(listener, app).with_graceful_shutdown(interrupted).await?;
    shop.close().await;
    Ok(())
}
