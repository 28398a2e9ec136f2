//! How a secret reaches the app: the `otpauth` URL, as text and as a QR code.

use super::code::{DIGITS, PERIOD, SECRET_LEN};
use crate::factor::FactorError;
use qrcode::{Color, QrCode};
use totp_rs::{Algorithm, Builder, Secret};
use vestibule_domain::field::is_printable;

/// Who the secret is between.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    /// The pool.
    pub(super) issuer: &'a str,
    /// The user.
    pub(super) account: &'a str,
}

/// Longest name in the URL, in characters: what a QR code can hold is limited, and one character can take twelve
/// bytes of it.
const MAX_NAME: usize = 48;

/// RFC 4648 §6, without padding.
pub(super) fn base32(secret: &[u8; SECRET_LEN]) -> String {
    Secret::new_stack(*secret).to_base32()
}

/// The key URI. Names lose what its syntax has no room for: colons separate issuer from account.
pub(super) fn otpauth(secret: &[u8; SECRET_LEN], names: Names<'_>) -> Result<String, FactorError> {
    let clean = |name: &str| -> String {
        let spaced = name.chars().map(|c| if c == ':' { ' ' } else { c }).filter(|c| is_printable(*c));
        let cut: String = spaced.take(MAX_NAME).collect();
        let cut = cut.trim();
        if cut.is_empty() { "-".to_owned() } else { cut.to_owned() }
    };
    let builder = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_step_duration(PERIOD.unsigned_abs())
        .with_secret(Secret::new_stack(*secret))
        .with_issuer(Some(clean(names.issuer)))
        .with_account_name(clean(names.account));
    let totp = builder.build().map_err(|error| internal(&error))?;
    totp.to_url().map_err(|error| internal(&error))
}

/// Light modules around a QR code (ISO/IEC 18004 §5.3.8).
const QUIET_ZONE: usize = 4;

/// The QR code of `text` as an SVG element that can stand in a page: one module is one unit, and each run of dark
/// modules in a row one rectangle of a single path.
pub(super) fn qr_svg(text: &str) -> Result<String, FactorError> {
    let code = QrCode::new(text).map_err(|error| internal(&error))?;
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(code.width()).enumerate() {
        let mut column = 0;
        for run in modules.chunk_by(|left, right| left == right) {
            if run.first() == Some(&Color::Dark) {
                let (x, y, length) = (column + QUIET_ZONE, row + QUIET_ZONE, run.len());
                path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
            }
            column += run.len();
        }
    }
    let side = code.width() + 2 * QUIET_ZONE;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"240\" height=\"240\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

fn internal(error: &dyn std::fmt::Display) -> FactorError {
    FactorError::Internal(format!("an otpauth URL cannot be made: {error}"))
}
