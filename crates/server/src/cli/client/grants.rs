//! Grants as they are typed.

use vestibule_domain::GrantType;

/// What the grant of devices may be called here; its own name is long (RFC 8628 §3.4).
const DEVICE_CODE: &str = "device_code";

/// The names of grants as pool files have them.
pub(super) fn named(typed: Vec<String>) -> Vec<String> {
    let full =
        |grant: String| if grant == DEVICE_CODE { GrantType::DeviceCode.as_str().to_owned() } else { grant };
    typed.into_iter().map(full).collect()
}

/// Whether people sign in by a grant of this name.
pub(super) fn signs_people_in(typed: &str) -> bool {
    let grants = [GrantType::AuthorizationCode, GrantType::DeviceCode];
    typed == DEVICE_CODE || grants.into_iter().any(|grant| grant.as_str() == typed)
}
