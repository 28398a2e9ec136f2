//! Telling applications that sessions have ended.

use crate::deliveries::{Bounds, Courier, Destination};
use std::sync::Arc;
use vestibule_flows::{App, ClaimedLogout, Failure, LogoutOutcome};
use vestibule_store::Claim;

/// Brings logout tokens to applications.
pub(crate) struct Herald(pub(crate) Arc<App>);

impl Courier for Herald {
    type Item = ClaimedLogout;
    const NAME: &'static str = "logouts";
    // To one application as many as go to one host at once.
    const BOUNDS: Bounds = Bounds { all: 32, of_pool: 8, of_destination: 2 };

    async fn claim(&self, claim: &Claim) -> Result<Vec<ClaimedLogout>, Failure> {
        self.0.oidc().claim_logouts(claim).await
    }

    fn destination(claimed: &ClaimedLogout) -> Destination {
        Destination { pool: claimed.pool, name: claimed.notice.key.client_id.clone() }
    }

    async fn deliver(&self, claimed: ClaimedLogout) {
        let (pool, notice) = (claimed.pool, claimed.notice.clone());
        let (client, session, tries) = (notice.key.client_id, notice.key.session, notice.tries);
        match self.0.oidc().tell(claimed).await {
            Ok(LogoutOutcome::Delivered) => tracing::info!(
                pool.id = %pool, client.id = %client, session.id = %session, logout.tries = tries,
                "an application was told of a sign-out"
            ),
            Ok(LogoutOutcome::Failed { error, next_try_at }) => tracing::warn!(
                pool.id = %pool, client.id = %client, session.id = %session, logout.tries = tries, error = %error,
                retry.seconds = next_try_at.since(self.0.now()), "an application could not be told of a sign-out yet"
            ),
            Ok(LogoutOutcome::GivenUp { error }) => tracing::error!(
                pool.id = %pool, client.id = %client, session.id = %session, logout.tries = tries, error = %error,
                "telling an application of a sign-out was given up"
            ),
            Err(failure) => tracing::warn!(
                pool.id = %pool, client.id = %client, session.id = %session, error = %failure,
                "what became of a notice cannot be written"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliveries::send_all;
    use std::time::Duration;
    use tokio::sync::watch;
    use vestibule_tests::{Ear, PASSWORD, Setup};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_worker_tells_applications_until_it_is_stopped() {
        let ear = Ear::open().await;
        let uri = ear.uri.clone();
        let mut setup =
            Setup::default().client(move |client| client.logout.backchannel_logout_uri = Some(uri.clone()));
        setup.settings.outbound.allow = vec!["127.0.0.0/8".parse().unwrap()];
        let server = setup.start().await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        rp.verified(&rp.callback(&page)).await;
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn(send_all(Herald(server.shared(0)), stopped));
        let page = browser.get("/u").await;
        browser.submit(page.form_of("#sign-out")).await;
        while server.audited("backchannel-logout", "done").await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stop.send(true).unwrap();
        worker.await.unwrap();
        assert_eq!(ear.tokens().len(), 1);
    }
}
