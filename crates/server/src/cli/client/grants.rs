//! Grants as they are typed.

use vestibule_domain::GrantType;

/// What grants with a long name may be called here (RFC 8628 §3.4, RFC 8693 §2.1, RFC 7523 §2.1).
const SHORT: [(&str, GrantType); 3] = [
    ("device_code", GrantType::DeviceCode),
    ("token_exchange", GrantType::TokenExchange),
    ("jwt_bearer", GrantType::JwtBearer),
];

/// The names of grants as pool files have them.
pub(super) fn named(typed: Vec<String>) -> Vec<String> {
    typed.into_iter().map(full).collect()
}

fn full(typed: String) -> String {
    let known = SHORT.into_iter().find(|(short, _)| *short == typed);
    known.map_or(typed, |(_, grant)| grant.as_str().to_owned())
}

/// Whether people sign in by a grant of this name.
pub(super) fn signs_people_in(typed: &str) -> bool {
    let (typed, people) = (full(typed.to_owned()), [GrantType::AuthorizationCode, GrantType::DeviceCode]);
    people.into_iter().any(|grant| grant.as_str() == typed)
}
