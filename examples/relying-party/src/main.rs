//! Starts the demo application. `relying-party --help` lists its options.

use anyhow::Context as _;
use clap::Parser;
use relying_party::Settings;

/// A small web application that signs people in with any OpenID Connect provider.
///
/// Every option can also be given by its environment variable.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Issuer of the identity provider; its discovery document is read at the first sign-in.
    #[arg(long, env = "RP_ISSUER", default_value = "http://localhost:8080/oidc")]
    issuer: String,
    /// Client id that the provider knows this application by.
    #[arg(long, env = "RP_CLIENT_ID", default_value = "demo-app")]
    client_id: String,
    /// Client secret; leave it out for a public client. Prefer the variable: options are visible to other users.
    #[arg(long, env = "RP_CLIENT_SECRET", hide_env_values = true)]
    client_secret: Option<String>,
    /// Address at which browsers reach this application. BASE/callback and BASE/signed-out must be registered.
    #[arg(long, env = "RP_BASE_URL", default_value = "http://127.0.0.1:8090")]
    base_url: String,
    /// The `acr` value that stands for "with a second factor".
    #[arg(long, env = "RP_ACR_STEP_UP", default_value = "urn:vestibule:acr:mfa")]
    acr_step_up: String,
    /// Where people manage their account at the provider.
    #[arg(long, env = "ACCOUNT_URL")]
    account_url: Option<String>,
    /// Address and port to listen on.
    #[arg(long, env = "RP_LISTEN", default_value = "127.0.0.1:8090")]
    listen: std::net::SocketAddr,
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "a program in a terminal says where it is")]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let listener = tokio::net::TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("cannot listen on {} (choose another with --listen)", options.listen))?;
    println!("demo application at {}  (sign-in by {})", options.base_url, options.issuer);
    let settings = Settings {
        issuer: options.issuer,
        client_id: options.client_id,
        client_secret: options.client_secret.filter(|secret| !secret.is_empty()),
        base_url: options.base_url,
        acr_step_up: options.acr_step_up,
        account_url: options.account_url,
    };
    relying_party::serve(settings, listener).await
}
