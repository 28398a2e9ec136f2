//! What applications prove with a request that they hold, a key (RFC 9449) or a certificate (RFC 8705), and what may count only
//! once.

use crate::{
    base::{cx::Cx, failure::Failure},
    oidc::Oidc,
};
use vestibule_domain::{Client, ClientKind, Strictness};
use vestibule_oidc::{
    BackChannelRequest, Holder, OAuthError, OneTime,
    dpop::{BadProof, Demands, ProofOf, ProvedKey, check_proof},
    foreign_algs,
};
use vestibule_store::{
    PoolTx, StoreError,
    records::{DeviceRow, RefreshRow},
};

/// For so many seconds a nonce is given out; it counts as long again.
const NONCE_LIFE: i64 = 150;

/// What the key of nonces is derived for.
const NONCE: &str = "dpop-nonce";

impl Oidc<'_> {
    /// Spends what counts once. `false` when it was spent before.
    pub(super) async fn spend(self, cx: &Cx, once: OneTime) -> Result<bool, Failure> {
        let job = move |tx: PoolTx| async move { tx.spend_challenge(&once.digest, once.expires_at).await };
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
            let what = [cx.pool.pool.id.as_bytes(), slot.to_be_bytes().as_slice()].concat();
            self.app.secrets_of(NONCE, &what).collect::<Vec<String>>()
        });
        slots.into_iter().flatten().collect()
    }

    /// The key that a request of the back channel proves, if it proves one. The proof is not spent yet: strangers can make as
    /// many as they like, so that is written down with what comes of it.
    pub(super) fn proved_key(
        self,
        cx: &Cx,
        request: &BackChannelRequest,
        client: &Client,
    ) -> Result<Option<ProvedKey>, OAuthError> {
        let Some(proof) = request.headers.dpop()? else { return Ok(None) };
        let of = ProofOf { proof, method: &request.method, url: &request.url, token: None, now: cx.now };
        self.proof_checked(cx, of, client).map(Some)
    }

    /// What the tokens of a request will be bound to: the key that it proves, or else the certificate of its connection where the
    /// application wants that. One whose tokens are always bound needs either.
    pub(super) fn holder_of_tokens(
        self,
        cx: &Cx,
        request: &BackChannelRequest,
        client: &Client,
    ) -> Result<Option<Holder>, OAuthError> {
        if let Some(key) = self.proved_key(cx, request, client)? {
            return Ok(Some(Holder::Key(key)));
        }
        let always = client.is_strict(Strictness::RequireBoundTokens);
        let by_certificate = client.tls.tls_client_certificate_bound_access_tokens;
        match &request.certificate {
            Some(shown) if by_certificate || always => Ok(Some(Holder::Certificate(shown.thumbprint()))),
            // RFC 8705 §3.4: it never wants tokens that anybody could use.
            None if by_certificate => {
                let hint = "the tokens of this application are bound to a certificate, and the connection showed none";
                Err(OAuthError::invalid_request(hint))
            }
            None if always => Err(BadProof::Missing.into()),
            _ => Ok(None),
        }
    }

    /// Checks a proof by what the application asks for. That it counts once is for the caller.
    pub(super) fn proof_checked(
        self,
        cx: &Cx,
        of: ProofOf<'_>,
        client: &Client,
    ) -> Result<ProvedKey, OAuthError> {
        let good = self.nonces(cx);
        let required = client.is_strict(Strictness::RequireDpopNonce);
        check_proof(of, Demands { nonces: &good, nonce_required: required, algs: foreign_algs(client) })
    }
}

/// Spends the proof of a key, in the transaction of what it is for. The error undoes that.
pub(super) async fn spend_proof(
    tx: &PoolTx,
    holder: Option<&Holder>,
) -> Result<Result<(), OAuthError>, StoreError> {
    let Some(ProvedKey { once, .. }) = holder.and_then(Holder::key) else { return Ok(Ok(())) };
    let fresh = tx.spend_challenge(&once.digest, once.expires_at).await?;
    Ok(if fresh { Ok(()) } else { Err(BadProof::Reused.into()) })
}

/// Whether a code or refresh token that is bound to a key comes with it.
pub(super) fn same_key(bound: Option<&str>, proved: Option<&Holder>) -> Result<(), BadProof> {
    match (bound, proved.and_then(Holder::jkt)) {
        (Some(_), None) => Err(BadProof::Missing),
        (Some(bound), Some(proved)) if bound != proved => Err(BadProof::OtherKey),
        _ => Ok(()),
    }
}

/// What a refresh token or the code of a device is bound to.
#[derive(Clone, Copy)]
pub(super) struct BoundTo<'a> {
    dpop_jkt: Option<&'a str>,
    x5t_s256: Option<&'a str>,
}

impl<'a> From<&'a RefreshRow> for BoundTo<'a> {
    fn from(row: &'a RefreshRow) -> Self {
        Self { dpop_jkt: row.dpop_jkt.as_deref(), x5t_s256: row.x5t_s256.as_deref() }
    }
}

impl<'a> From<&'a DeviceRow> for BoundTo<'a> {
    fn from(row: &'a DeviceRow) -> Self {
        Self { dpop_jkt: row.dpop_jkt.as_deref(), x5t_s256: row.x5t_s256.as_deref() }
    }
}

/// Whether something comes with what it is bound to.
pub(super) fn same_holder<'a>(
    bound: impl Into<BoundTo<'a>>,
    proved: Option<&Holder>,
) -> Result<(), BadProof> {
    let bound: BoundTo<'a> = bound.into();
    same_key(bound.dpop_jkt, proved)?;
    match bound.x5t_s256 {
        Some(thumbprint) if proved.and_then(Holder::x5t_s256) != Some(thumbprint) => {
            Err(BadProof::OtherCertificate)
        }
        _ => Ok(()),
    }
}

/// What the refresh tokens of an application are bound to: whoever proves itself otherwise may change its keys (RFC 9449 §5) and
/// its certificates (RFC 8705 §4).
pub(super) fn holder_of_refresh(client: &Client, proved: Option<&Holder>) -> Option<Holder> {
    proved.filter(|_| client.kind == ClientKind::Public).cloned()
}
