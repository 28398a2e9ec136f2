//! An application that has a Vestibule inside: one process, one listener, one log.
//!
//! A pool is an origin of its own, and all paths of that origin are the pool's. So the application stays at its host, the
//! pool gets another one, and a layer in front tells their requests apart by the `Host` header. An application that has a
//! host for sign-in alone would rather use `Router::fallback_service`, with its own routes before it.

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{Html, Response},
    routing::get,
};
use http::header;
use std::{collections::BTreeSet, sync::Arc};
use tower::ServiceExt as _;
use tower_http::trace::TraceLayer;
use vestibule::{Actor, PoolFile, Settings, Site, Vestibule};

/// The application, with its Vestibule.
pub struct Shop {
    vestibule: Vestibule,
    hosts: BTreeSet<String>,
}

/// Whose requests are for Vestibule.
#[derive(Clone)]
struct SignIn {
    site: Site,
    /// Hosts of the pools, with their ports.
    hosts: Arc<BTreeSet<String>>,
}

impl Shop {
    /// Starts Vestibule, and makes the pools of a file as `vestibule apply` would.
    ///
    /// # Errors
    /// With cause and remedy, when the settings or the pools cannot be used.
    pub async fn open(settings: Settings, pools: &str) -> anyhow::Result<Self> {
        let vestibule = Vestibule::builder(settings).migrate().build().await?;
        let app = vestibule.app();
        let registry = app.registry();
        let pools = vestibule::pool_specs(&PoolFile::parse(None, pools, registry)?, registry)?;
        app.admin(Actor::file()).apply(&pools).await?;
        app.refresh_configuration().await?;
        let hosts = pools.iter().map(|pool| pool.origin.authority().to_owned()).collect();
        Ok(Self { vestibule, hosts })
    }

    /// The application's own routes, and Vestibule at the hosts of its pools. Both write to the same log.
    pub fn router(&self) -> Router {
        let sign_in = SignIn { site: self.vestibule.site(), hosts: Arc::new(self.hosts.clone()) };
        Router::new()
            .route("/", get(home))
            .layer(TraceLayer::new_for_http())
            .layer(from_fn_with_state(sign_in, by_host))
    }

    /// Ends the workers of Vestibule and closes its database, once nobody sends requests any more.
    pub async fn close(self) {
        self.vestibule.stop().await;
    }

    /// The Vestibule inside, for what an operator does.
    pub const fn vestibule(&self) -> &Vestibule {
        &self.vestibule
    }
}

/// Vestibule answers at its hosts, the application everywhere else.
async fn by_host(State(sign_in): State<SignIn>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(|host| sign_in.hosts.contains(host)) {
        match sign_in.site.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    } else {
        next.run(request).await
    }
}

async fn home() -> Html<&'static str> {
    Html("<!doctype html><title>The Shop</title><h1>The Shop</h1>")
}
