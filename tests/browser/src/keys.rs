//! Authenticators for passkeys, made by the browser itself: real ceremonies without somebody who touches a key.

use crate::Tab;
use chromiumoxide::{
    Page,
    cdp::browser_protocol::web_authn::{
        AddCredentialParams, AddVirtualAuthenticatorParams, AuthenticatorId, AuthenticatorProtocol,
        AuthenticatorTransport, Credential, EnableParams, GetCredentialsParams, RemoveCredentialParams,
        RemoveVirtualAuthenticatorParams, SetAutomaticPresenceSimulationParams,
        SetResponseOverrideBitsParams, SetUserVerifiedParams, VirtualAuthenticatorOptions,
    },
};

/// An authenticator within reach of a tab.
pub struct Key {
    page: Page,
    id: AuthenticatorId,
}

impl Key {
    /// One that is built into the computer and unlocked with a finger. Its passkeys are offered in the name's field.
    pub async fn platform(tab: &Tab) -> Self {
        Self::plug(tab, AuthenticatorTransport::Internal, true).await
    }

    /// One on a key ring that asks for a finger.
    pub async fn roaming(tab: &Tab) -> Self {
        Self::plug(tab, AuthenticatorTransport::Usb, true).await
    }

    /// One on a key ring that can be touched and nothing else: it keeps nothing and knows nobody.
    pub async fn simple(tab: &Tab) -> Self {
        Self::plug(tab, AuthenticatorTransport::Usb, false).await
    }

    async fn plug(tab: &Tab, transport: AuthenticatorTransport, verifies: bool) -> Self {
        let page = tab.page().clone();
        page.execute(EnableParams::default()).await.unwrap();
        let mut options = VirtualAuthenticatorOptions::new(AuthenticatorProtocol::Ctap2, transport);
        options.has_resident_key = Some(verifies);
        options.has_user_verification = Some(verifies);
        options.is_user_verified = Some(verifies);
        options.automatic_presence_simulation = Some(true);
        let added = page.execute(AddVirtualAuthenticatorParams::new(options)).await.unwrap();
        Self { page, id: added.result.authenticator_id.clone() }
    }

    /// Whether its owner proves to it who they are: the finger fits, the PIN is right.
    pub async fn recognises(&self, yes: bool) {
        self.page.execute(SetUserVerifiedParams::new(self.id.clone(), yes)).await.unwrap();
    }

    /// Whether it answers without saying that it verified its owner.
    pub async fn forgets_its_owner(&self, yes: bool) {
        let mut params = SetResponseOverrideBitsParams::new(self.id.clone());
        params.is_bad_uv = Some(yes);
        self.page.execute(params).await.unwrap();
    }

    /// Whether somebody touches it as soon as it blinks.
    pub async fn touched(&self, yes: bool) {
        let params = SetAutomaticPresenceSimulationParams::new(self.id.clone(), yes);
        self.page.execute(params).await.unwrap();
    }

    /// What it holds.
    pub async fn credentials(&self) -> Vec<Credential> {
        let all = self.page.execute(GetCredentialsParams::new(self.id.clone())).await.unwrap();
        all.result.credentials.clone()
    }

    /// Takes a credential in, as a copy of another authenticator or from a backup would have it.
    pub async fn put(&self, credential: Credential) {
        self.page.execute(AddCredentialParams::new(self.id.clone(), credential)).await.unwrap();
    }

    /// Sets the signature counter of everything that it holds.
    pub async fn set_counter(&self, count: i64) {
        for mut credential in self.credentials().await {
            let gone = RemoveCredentialParams::new(self.id.clone(), credential.credential_id.clone());
            self.page.execute(gone).await.unwrap();
            credential.sign_count = count;
            self.put(credential).await;
        }
    }

    /// Takes it out of reach.
    pub async fn unplug(self) {
        self.page.execute(RemoveVirtualAuthenticatorParams::new(self.id)).await.unwrap();
    }
}
