//! Sub-keys: HKDF-SHA256 (RFC 5869) from a ring key, one for each purpose.

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use zeroize::Zeroizing;

/// The length of a ring key in bytes.
pub(crate) const KEY_LEN: usize = 32;

/// How many bytes to derive.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// Derives `N` bytes from `key`. `info` parts are concatenated: callers keep that unambiguous.
pub(crate) fn derive<const N: usize>(
    key: &[u8; KEY_LEN],
    salt: &[u8],
    info: &[&[u8]],
) -> Result<Zeroizing<[u8; N]>, Unspecified> {
    let mut out = Zeroizing::new([0_u8; N]);
    Salt::new(HKDF_SHA256, salt).extract(key).expand(info, Length(N))?.fill(out.as_mut_slice())?;
    Ok(out)
}

/// Unwraps a primitive that only fails on inputs it is never given here: HKDF asked for more than 255 blocks,
/// AES-GCM given 64 GiB, a key of the wrong length.
#[expect(clippy::expect_used, reason = "lengths are constants of this crate; failure is a broken library")]
pub(crate) fn sound<T>(outcome: Result<T, Unspecified>) -> T {
    outcome.expect("cryptographic primitive failed on inputs of valid length")
}

#[cfg(test)]
mod tests {
    use super::derive;

    /// Extract and expand spelled out with HMAC (RFC 5869 sections 2.2 and 2.3), for 44 bytes in two blocks.
    #[test]
    fn follows_rfc_5869() {
        use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
        let (key, salt) = ([7_u8; 32], b"salt");
        let prk = sign(&Key::new(HMAC_SHA256, salt), &key);
        let prk = Key::new(HMAC_SHA256, prk.as_ref());
        let first = sign(&prk, b"info-a\x01");
        let second = sign(&prk, &[first.as_ref(), b"info-a\x02"].concat());
        let expected = [first.as_ref(), second.as_ref()].concat();
        let derived = derive::<44>(&key, salt, &[b"info", b"-a"]).unwrap();
        assert_eq!(derived.as_slice(), &expected[..44]);
    }
}
