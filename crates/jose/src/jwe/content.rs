//! Encrypting and decrypting the content (RFC 7518 section 5.3).

use aws_lc_rs::aead::{Aad, Nonce, RandomizedNonceKey};

use super::JweEnc;

/// The length of a nonce (`iv`), in bytes.
const NONCE_BYTES: usize = 12;
/// The length of a tag, in bytes. A shorter one would be easier to guess.
const TAG_BYTES: usize = 16;

/// What leaves the cipher.
pub(super) struct Sealed {
    pub(super) nonce: Vec<u8>,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

impl Sealed {
    /// Encrypts `payload` under `cek` with a nonce drawn for it; `aad` is authenticated with it.
    pub(super) fn new(enc: JweEnc, cek: &[u8], aad: &str, payload: &[u8]) -> Option<Self> {
        let key = RandomizedNonceKey::new(enc.cipher(), cek).ok()?;
        let mut ciphertext = payload.to_vec();
        let aad = Aad::from(aad.as_bytes());
        let (nonce, tag) = key.seal_in_place_separate_tag(aad, &mut ciphertext).ok()?;
        Some(Self { nonce: nonce.as_ref().to_vec(), ciphertext, tag: tag.as_ref().to_vec() })
    }

    /// The payload, if it and `aad` are what was sealed under `cek`.
    pub(super) fn open(&self, enc: JweEnc, cek: &[u8], aad: &str) -> Option<Vec<u8>> {
        let nonce = <&[u8; NONCE_BYTES]>::try_from(self.nonce.as_slice()).ok()?;
        if self.tag.len() != TAG_BYTES {
            return None;
        }
        let key = RandomizedNonceKey::new(enc.cipher(), cek).ok()?;
        let mut buffer = [self.ciphertext.as_slice(), self.tag.as_slice()].concat();
        let aad = Aad::from(aad.as_bytes());
        let length = key.open_in_place(Nonce::from(nonce), aad, &mut buffer).ok()?.len();
        buffer.truncate(length);
        Some(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode;

    fn check(enc: JweEnc, cek: &[u8], token: &str, payload: &str) {
        let parts: Vec<_> = token.split('.').collect();
        let raw = |index: usize| decode(parts[index]).unwrap();
        let sealed = Sealed { nonce: raw(2), ciphertext: raw(3), tag: raw(4) };
        assert_eq!(sealed.open(enc, cek, parts[0]).unwrap(), payload.as_bytes());

        assert_eq!(sealed.open(enc, cek, ""), None);
        assert_eq!(sealed.open(enc, &cek[1..], parts[0]), None);
        for length in [0, 1, 4, 8, 12, 13, 15] {
            let short = Sealed { tag: raw(4)[..length].to_vec(), nonce: raw(2), ciphertext: raw(3) };
            assert_eq!(short.open(enc, cek, parts[0]), None, "a tag of {length} bytes");
        }
        let long = Sealed { tag: [raw(4), vec![0]].concat(), nonce: raw(2), ciphertext: raw(3) };
        assert_eq!(long.open(enc, cek, parts[0]), None);
        // The border between content and tag moved: the same bytes, but another split.
        let (content, moved) = (raw(3), raw(4));
        let (kept, last) = content.split_at(content.len() - 1);
        let shifted = Sealed { nonce: raw(2), ciphertext: kept.to_vec(), tag: [last, &moved].concat() };
        assert_eq!(shifted.open(enc, cek, parts[0]), None);
        for nonce in [vec![], raw(2)[1..].to_vec(), [raw(2), vec![0; 4]].concat()] {
            let other = Sealed { nonce, ciphertext: raw(3), tag: raw(4) };
            assert_eq!(other.open(enc, cek, parts[0]), None);
        }
    }

    /// The content of RFC 7516 appendix A.1. Its key is wrapped with RSA-OAEP, that is with SHA-1, which this crate
    /// does not unwrap: the example's content key stands in for it.
    #[test]
    fn rfc_7516_a_1_content() {
        let cek = [
            177, 161, 244, 128, 84, 143, 225, 115, 63, 180, 3, 255, 107, 154, 212, 246, 138, 7, 110, 91, 112,
            46, 34, 105, 47, 130, 203, 46, 122, 234, 64, 252,
        ];
        let token = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ..48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6U\
                     G9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A.XFBoMYUZodetZdvTiFvSkQ";
        let payload = "The true sign of intelligence is not knowledge but imagination.";
        check(JweEnc::A256Gcm, &cek, token, payload);
    }

    /// RFC 7520 section 5.6: a content key that both sides have.
    #[test]
    fn rfc_7520_5_6_content() {
        let cek = decode("XctOhJAkA-pD9Lh7ZgW_2A").unwrap();
        let token = "eyJhbGciOiJkaXIiLCJraWQiOiI3N2M3ZTJiOC02ZTEzLTQ1Y2YtODY3Mi02MTdiNWI0NTI0M2EiLCJlbmMiOiJBMTI4R0NNIn0..\
                     refa467QzzKx6QAB.JW_i_f52hww_ELQPGaYyeAB6HYGcR559l9TYnSovc23XJoBcW29rHP8yZOZG7YhLpT1bjFuvZPjQS-m0I\
                     FtVcXkZXdH_lr_FrdYt9HRUYkshtrMmIUAyGmUnd9zMDB2n0cRDIHAzFVeJUDxkUwVAE7_YGRPdcqMyiBoCO-FBdE-Nceb4h3-\
                     FtBP-c_BIwCPTjb9o0SbdcdREEMJMyZBH8ySWMVi1gPD9yxi-aQpGbSv_F9N4IZAxscj5g-NJsUPbjk29-s7LJAGb15wEBtXph\
                     VCgyy53CoIKLHHeJHXex45Uz9aKZSRSInZI-wjsY0yu3cT4_aQ3i1o-tiE-F8Ios61EKgyIQ4CWao8PFMj8TTnp.vbb32Xvlle\
                     a2OtmHAdccRQ";
        let payload = "You can trust us to stick with you through thick and thin\u{2013}to the bitter end. And you can \
                       trust us to keep any secret of yours\u{2013}closer than you keep it yourself. But you cannot trust \
                       us to let you face trouble alone, and go off without a word. We are your friends, Frodo.";
        check(JweEnc::A128Gcm, &cek, token, payload);
    }
}
