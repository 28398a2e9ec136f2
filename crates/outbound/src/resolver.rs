//! From names to addresses.

use futures_util::future::BoxFuture;
use std::{
    io,
    net::{IpAddr, ToSocketAddrs as _},
    sync::Arc,
};
use tokio::sync::Semaphore;

/// Looks names up. Whatever it says is checked once, and the connection goes to what was checked.
pub trait Resolver: Send + Sync {
    /// The addresses of a name.
    ///
    /// # Errors
    /// The name has none, or nobody could tell.
    fn addresses<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// The machine's own resolver.
///
/// Its calls cannot be stopped: each holds a thread until it ends. So only some run at once, and a place is given back when
/// the call has ended, not when somebody has stopped waiting for it.
#[derive(Debug)]
pub struct SystemResolver {
    places: Arc<Semaphore>,
}

impl Default for SystemResolver {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(64)) }
    }
}

impl Resolver for SystemResolver {
    fn addresses<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let place = Arc::clone(&self.places).acquire_owned().await.map_err(io::Error::other)?;
            let name = name.to_owned();
            let look_up = move || {
                let found = (name.as_str(), 0).to_socket_addrs();
                drop(place);
                Ok(found?.map(|address| address.ip()).collect())
            };
            tokio::task::spawn_blocking(look_up).await.map_err(io::Error::other)?
        })
    }
}
