//! Key agreement on P-256 and the derivation of the content key (RFC 7518 section 4.6).

use aws_lc_rs::agreement::{
    ECDH_P256, EphemeralPrivateKey, PrivateKey, UnparsedPublicKey, agree, agree_ephemeral,
};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use zeroize::Zeroizing;

use super::JweEnc;
use crate::jwk::{Material, uncompressed};

/// What a derived key is bound to besides the shared secret.
pub(super) struct Context<'a> {
    pub(super) enc: JweEnc,
    /// PartyUInfo: what `apu` says about the producer, decoded.
    pub(super) apu: &'a [u8],
    /// PartyVInfo: what `apv` says about the recipient, decoded.
    pub(super) apv: &'a [u8],
}

impl Context<'_> {
    /// Concat KDF (NIST SP 800-56A section 5.8.1) with SHA-256. One round gives 256 bits, as many as any content key
    /// here has; in direct agreement the algorithm id is `enc`.
    fn derive(&self, shared: &[u8]) -> Zeroizing<Vec<u8>> {
        let length = self.enc.key_bytes();
        let mut input = Zeroizing::new(Vec::new());
        input.extend(1_u32.to_be_bytes());
        input.extend(shared);
        for part in [self.enc.as_str().as_bytes(), self.apu, self.apv] {
            input.extend(be(part.len()));
            input.extend(part);
        }
        input.extend(be(length * 8));
        Zeroizing::new(digest(&SHA256, &input).as_ref().iter().copied().take(length).collect())
    }
}

/// Headers are far shorter than 4 GiB.
fn be(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

/// Agrees with the owner of `theirs` by a key drawn for it. Gives its public half and the content key; `None` for a
/// point that is not on the curve.
pub(super) fn produce(theirs: &Material, context: &Context<'_>) -> Option<(Material, Zeroizing<Vec<u8>>)> {
    let Material::P256 { x, y } = theirs else { return None };
    let ephemeral = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).ok()?;
    let public = point(ephemeral.compute_public_key().ok()?.as_ref())?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, uncompressed(x, y));
    let cek = agree_ephemeral(ephemeral, theirs, (), |shared| Ok(context.derive(shared))).ok()?;
    Some((public, cek))
}

/// The content key that `key` and the sender's ephemeral `epk` agree on. The library checks that the point is on the
/// curve: with one off it, answers would tell bits of the private key.
pub(super) fn consume(key: &PrivateKey, epk: &Material, context: &Context<'_>) -> Option<Zeroizing<Vec<u8>>> {
    let Material::P256 { x, y } = epk else { return None };
    let theirs = UnparsedPublicKey::new(&ECDH_P256, uncompressed(x, y));
    agree(key, theirs, (), |shared| Ok(context.derive(shared))).ok()
}

/// Reads an uncompressed point.
pub(super) fn point(bytes: &[u8]) -> Option<Material> {
    let (x, y) = bytes.strip_prefix(&[4])?.split_at_checked(32)?;
    Some(Material::P256 { x: x.try_into().ok()?, y: y.try_into().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode;

    /// RFC 7518 appendix C, from the recipient's side and with the shared secret itself.
    #[test]
    fn rfc_7518_c() {
        let raw = |text| <[u8; 32]>::try_from(decode(text).unwrap()).unwrap();
        let alice = Material::P256 {
            x: raw("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0"),
            y: raw("SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"),
        };
        let bob = raw("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw");
        let bob = PrivateKey::from_private_key(&ECDH_P256, &bob).unwrap();
        let context = Context { enc: JweEnc::A128Gcm, apu: b"Alice", apv: b"Bob" };
        let cek = consume(&bob, &alice, &context).unwrap();
        assert_eq!(crate::encode(&cek), "VqqN6vgjbSBcIijNcacQGg");

        let shared = [
            158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163,
            218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
        ];
        assert_eq!(context.derive(&shared), cek);
        for other in [
            Context { enc: JweEnc::A256Gcm, ..context },
            Context { apu: b"", ..context },
            Context { apu: b"AliceB", apv: b"ob", ..context },
        ] {
            assert!(!other.derive(&shared).starts_with(&cek));
        }
    }
}
