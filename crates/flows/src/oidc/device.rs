//! Devices that ask to be let in (RFC 8628 §3.1): each is a row that waits for its user's answer.
//!
//! Anybody can ask in the name of a public application, so there is a budget for the rows. Nothing in a row is of use to whoever
//! reads the database: codes are digests, that of the short one under a key of this server, and the request is sealed.

use crate::{
    base::{
        budget::{of_application, of_source},
        cx::Cx,
        failure::Failure,
    },
    oidc::{
        Oidc,
        bound::{holder_of_refresh, spend_proof},
    },
};
use vestibule_domain::{Budget, Client, Timestamp, UserCode};
use vestibule_oidc::{
    BackChannelRequest, ErrorCode, Holder, OAuthError,
    authorize::{DeviceRequest, ResolvedRequest, resolve_device},
};
use vestibule_seal::{AssociatedData, sha256};
use vestibule_store::{
    PoolTx, StoreError,
    records::{DeviceRow, DeviceState},
};

/// For so many seconds a device waits for its user.
pub(crate) const LIFE: i64 = 600;

/// So many seconds have to be between two questions of a device, to begin with (RFC 8628 §3.2).
const INTERVAL: i64 = 5;

/// Two devices show the same code once in a blue moon; more often than so many times in a row it is something else.
const TRIES: usize = 3;

/// What the key of the codes that devices show is derived for.
const USER_CODE: &str = "device-user-code";

/// What a device is told (RFC 8628 §3.2).
pub struct DeviceAuthorization {
    /// The code that it keeps.
    pub device_code: String,
    /// The code that it shows, as it is to be shown.
    pub user_code: String,
    /// For so many seconds both count.
    pub expires_in: i64,
    /// So many seconds have to be between two questions.
    pub interval: i64,
}

/// Why nothing was stored.
enum NotStored {
    /// Another device shows the same code.
    Taken,
    /// Too many have asked.
    TooMany(Timestamp),
    /// The protocol refuses.
    Refused(OAuthError),
}

impl Oidc<'_> {
    /// `POST /oidc/device` (RFC 8628 §3.1).
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error is the protocol's.
    pub async fn device(
        self,
        cx: &Cx,
        request: BackChannelRequest,
    ) -> Result<Result<DeviceAuthorization, OAuthError>, Failure> {
        let client = match self.authenticated(cx, &request).await? {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        let asked = self.device_asked(cx, &client, &request).await?;
        Ok(asked.map_err(|error| error.with_client(&client.id)))
    }

    async fn device_asked(
        self,
        cx: &Cx,
        client: &Client,
        request: &BackChannelRequest,
    ) -> Result<Result<DeviceAuthorization, OAuthError>, Failure> {
        let key = match self.holder_of_tokens(cx, request, client) {
            Ok(key) => key,
            Err(error) => return Ok(Err(error)),
        };
        let blank = DeviceRequest {
            hash: [0; 32],
            user_code: String::new(),
            asked_at: cx.now,
            asked_from: cx.ip.clone(),
        };
        let asked = match self.device_judged(cx, client, request, blank.clone()).await {
            Ok(asked) => asked,
            Err(error) => return Ok(Err(error)),
        };
        for _ in 0..TRIES {
            let (code, shown) = (self.app.secret(), UserCode::new(self.app.entropy().as_ref()));
            let device = DeviceRequest {
                hash: sha256(code.as_bytes()),
                user_code: shown.to_string(),
                ..blank.clone()
            };
            match self.store_device(cx, asked.clone().shown_by(device.clone()), &shown, key.clone()).await? {
                Ok(()) => {
                    let (expires_in, interval) = (LIFE, INTERVAL);
                    let user_code = device.user_code;
                    return Ok(Ok(DeviceAuthorization {
                        device_code: code,
                        user_code,
                        expires_in,
                        interval,
                    }));
                }
                Err(NotStored::Taken) => {}
                Err(NotStored::TooMany(until)) => {
                    let hint = format!("too many devices: try again in {} s", until.wait_from(cx.now));
                    return Ok(Err(OAuthError::new(ErrorCode::TemporarilyUnavailable, hint)));
                }
                Err(NotStored::Refused(error)) => return Ok(Err(error)),
            }
        }
        Err(Failure::internal("no code is free for a device"))
    }

    /// Judges what a device asks for, in the open or signed.
    async fn device_judged(
        self,
        cx: &Cx,
        client: &Client,
        request: &BackChannelRequest,
        device: DeviceRequest,
    ) -> Result<ResolvedRequest, OAuthError> {
        let sent = request.form.clone().of_client(&client.id);
        let mut arrival = self.arrival(cx);
        let signed = self.signed_request(cx, client, &sent).await?;
        arrival.signed = signed.is_some();
        resolve_device(signed.as_ref().unwrap_or(&sent), client, arrival, device)
    }

    async fn store_device(
        self,
        cx: &Cx,
        asked: ResolvedRequest,
        shown: &UserCode,
        key: Option<Holder>,
    ) -> Result<Result<(), NotStored>, Failure> {
        let Some(device) = asked.device() else { return Err(Failure::internal("the request of no device")) };
        let user_code = self.user_code_digests(cx, shown).into_iter().next();
        let user_code = user_code.ok_or_else(|| Failure::internal("a key ring without keys"))?;
        let sealed = self.app.seal_value(&sealed_as(cx, &device.hash), &asked);
        // Whoever proves itself otherwise may renew its certificate meanwhile.
        let held =
            cx.pool.client(&asked.client_id).and_then(|client| holder_of_refresh(client, key.as_ref()));
        let row = DeviceRow {
            hash: device.hash,
            user_code,
            client_id: asked.client_id.clone(),
            request: sealed.map_err(Failure::internal)?,
            dpop_jkt: key.as_ref().and_then(Holder::jkt).map(str::to_owned),
            x5t_s256: held.as_ref().and_then(Holder::x5t_s256).map(str::to_owned),
            interval: INTERVAL,
            expires_at: cx.now + LIFE,
            state: DeviceState::Waiting,
        };
        let mut budgets = of_source(cx, Budget::DeviceFromSource);
        budgets.push(of_application(&asked.client_id, Budget::DeviceOfApplication));
        let now = cx.now;
        let job = move |tx: PoolTx| async move {
            if let Some(until) = tx.spend_budgets(&budgets, now).await? {
                return Ok(Err(NotStored::TooMany(until)));
            }
            if let Err(error) = spend_proof(&tx, key.as_ref()).await? {
                return Ok(Err(NotStored::Refused(error)));
            }
            let stored = tx.insert_device_request(&row).await?;
            Ok::<_, StoreError>(if stored { Ok(()) } else { Err(NotStored::Taken) })
        };
        Ok(self.app.pool_store(cx).write_or_undo(job).await?)
    }

    /// What a code that devices show is stored as: by the key of now, and by those from before a rotation.
    pub(crate) fn user_code_digests(self, cx: &Cx, code: &UserCode) -> Vec<[u8; 32]> {
        let what = [cx.pool.pool.id.as_bytes(), code.letters().as_bytes()].concat();
        self.app.secrets_of(USER_CODE, &what).map(|secret| sha256(secret.as_bytes())).collect()
    }

    /// What the device of a row asks for. `None`: it was sealed by another version of this program, or with a key that is gone.
    pub(crate) fn open_device(self, cx: &Cx, row: &DeviceRow) -> Option<ResolvedRequest> {
        self.app.open_value(&sealed_as(cx, &row.hash), &row.request).ok()
    }
}

fn sealed_as(cx: &Cx, hash: &[u8; 32]) -> AssociatedData {
    AssociatedData::new("device-request").with(cx.pool.pool.id.as_bytes()).with(hash)
}
