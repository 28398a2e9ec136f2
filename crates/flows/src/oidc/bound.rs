//! Keys that applications prove with a request (RFC 9449), and what may count only once.

use crate::{
    base::{cx::Cx, failure::Failure},
    oidc::Oidc,
};
use vestibule_domain::{Client, ClientKind};
use vestibule_oidc::{
    BackChannelRequest, OAuthError, OneTime,
    dpop::{BadProof, ProofOf, ProvedKey, check_proof},
};

/// For so many seconds a nonce is given out; it counts as long again.
const NONCE_LIFE: i64 = 150;

/// What the key of nonces is derived for.
const NONCE: &str = "dpop-nonce";

impl Oidc<'_> {
    /// Spends what counts once. `false` when it was spent before.
    pub(super) async fn spend(self, cx: &Cx, once: OneTime) -> Result<bool, Failure> {
        let job = move |tx: vestibule_store::PoolTx| async move {
            tx.spend_challenge(&once.digest, once.expires_at).await
        };
        Ok(self.app.pool_store(cx).write(job).await?)
    }

    /// The nonce of now. Nothing is stored: it is made of the time and the keys of this server, so every node knows it.
    pub fn dpop_nonce(self, cx: &Cx) -> Option<String> {
        self.nonces(cx).into_iter().next()
    }

    /// Those that still count, the newest first.
    fn nonces(self, cx: &Cx) -> Vec<String> {
        let slot = cx.now.as_seconds() / NONCE_LIFE;
        let slots = [slot, slot - 1].map(|slot| {
            let what = [&cx.pool.pool.id.as_bytes()[..], &slot.to_be_bytes()].concat();
            self.app.secrets_of(NONCE, &what).collect::<Vec<String>>()
        });
        slots.into_iter().flatten().collect()
    }

    /// The key that a request of the back channel proves, if it proves one.
    pub(super) async fn proved_key(
        self,
        cx: &Cx,
        request: &BackChannelRequest,
        client: &Client,
    ) -> Result<Result<Option<String>, OAuthError>, Failure> {
        let proof = match request.headers.dpop() {
            Ok(Some(proof)) => proof,
            Ok(None) => return Ok(Ok(None)),
            Err(error) => return Ok(Err(error)),
        };
        let (method, url) = (request.method.as_str(), request.url.as_str());
        let of = ProofOf { proof, method, url, token: None, client, now: cx.now };
        Ok(self.proof_checked(cx, of).await?.map(|key| Some(key.jkt)))
    }

    /// Checks a proof, which counts once.
    pub(super) async fn proof_checked(
        self,
        cx: &Cx,
        of: ProofOf<'_>,
    ) -> Result<Result<ProvedKey, OAuthError>, Failure> {
        let key = match check_proof(of, &self.nonces(cx)) {
            Ok(key) => key,
            Err(error) => return Ok(Err(error)),
        };
        let fresh = self.spend(cx, key.once).await?;
        Ok(if fresh { Ok(key) } else { Err(BadProof::Reused.into()) })
    }
}

/// Whether a code or refresh token that is bound to a key comes with it.
pub(super) fn same_key(bound: Option<&str>, proved: Option<&str>) -> Result<(), BadProof> {
    match (bound, proved) {
        (Some(_), None) => Err(BadProof::Missing),
        (Some(bound), Some(proved)) if bound != proved => Err(BadProof::OtherKey),
        _ => Ok(()),
    }
}

/// The key that the refresh tokens of an application are bound to: whoever proves itself otherwise may change its keys
/// (RFC 9449 §5).
pub(super) fn key_of_refresh(client: &Client, proved: Option<&str>) -> Option<String> {
    proved.filter(|_| client.kind == ClientKind::Public).map(str::to_owned)
}
