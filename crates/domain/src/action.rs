//! What people do in the user center. Policy asks for proofs by action, and a sign-in that was begun for one leads back
//! to it; where its page lives is for the web to know.

use crate::{credential::FactorKind, ids::CredentialId, pool::MfaMode};
use serde::{Deserialize, Serialize};

/// Something that a person wants to do with their account, or with the pool that they administer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// To see a page, and to change what needs no more proof than seeing it.
    View(AccountPage),
    /// To have everything about factors at hand: what each of its changes asks for is asked once, on the way in.
    ManageFactors,
    /// To be asked for the factors that are there already.
    EnableFactors,
    /// To add a factor of a kind.
    EnrolFactor(FactorKind),
    /// To remove a factor.
    RemoveFactor(CredentialId),
    /// To switch the second factor off.
    DisableFactors,
    /// To get new recovery codes.
    RegenerateCodes,
    /// To have mails sent to another address, or to prove the present one.
    ChangeAddress,
    /// To get a copy of all that is kept about oneself.
    ExportData,
    /// To delete the account.
    DeleteAccount,
    /// To let a device in that shows this code (RFC 8628 §3.3).
    ConnectDevice {
        /// As it was typed, or as the address said it; may be no code at all.
        user_code: String,
    },
    /// To change something for the whole pool, or to look into somebody's sign-in.
    Administer(PoolTask),
}

/// A page of the user center.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountPage {
    /// The first page.
    Home,
    /// Name and language.
    Profile,
    /// The password.
    Password,
    /// Sessions and remembered browsers.
    Sessions,
    /// Connected applications.
    Applications,
    /// What happened to the account.
    Activity,
    /// A copy of what is kept, and the end of it.
    Data,
    /// Second factors.
    Security,
    /// The pool's settings, for its administrators.
    Settings,
}

impl AccountPage {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Home,
        Self::Profile,
        Self::Password,
        Self::Sessions,
        Self::Applications,
        Self::Activity,
        Self::Data,
        Self::Security,
        Self::Settings,
    ];
}

/// What an administrator of a pool does on its settings page, with what was typed there: a proof that is asked for on the way
/// must not cost it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PoolTask {
    /// Switches the second factor for everybody.
    SwitchSecondFactor(MfaMode),
    /// Takes all factors of a user away.
    ResetFactors {
        /// As it was typed.
        username: String,
    },
    /// Gives a user another address, which counts as not proved.
    ChangeAddress {
        /// As it was typed.
        username: String,
        /// As it was typed.
        email: String,
    },
    /// Explains why somebody was asked for something.
    Explain {
        /// The reference of that question, as it was typed.
        trace: String,
    },
}
