//! The key ring through its public face: round trips, refusals, rotation and configuration errors.
#![expect(clippy::unwrap_used, reason = "a test helper may panic: that is the test failing")]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use vestibule_seal::testing::SeededEntropy;
use vestibule_seal::{AssociatedData, Entropy, KeyRing, KeyRingError, OpenError, Sealed, bytes, sha256};

fn key_text(seed: u64) -> String {
    KeyRing::generate_text(&SeededEntropy::new(seed))
}

fn ring(seeds: &[u64]) -> KeyRing {
    KeyRing::parse(&seeds.iter().map(|seed| key_text(*seed)).collect::<Vec<_>>().join(",")).unwrap()
}

fn ad() -> AssociatedData {
    AssociatedData::new("totp-secret").with(b"pool").with(b"user")
}

fn refusal(text: &str) -> KeyRingError {
    KeyRing::parse(text).err().unwrap()
}

#[test]
fn round_trips_of_every_small_length() {
    let (ring, entropy) = (ring(&[1]), SeededEntropy::new(9));
    for length in 0..70 {
        let plaintext = vec![length; usize::from(length)];
        let sealed = ring.seal(&entropy, &ad(), &plaintext);
        assert_eq!(sealed.as_bytes().len(), plaintext.len() + 45);
        assert_eq!(*ring.open(&ad(), &sealed).unwrap(), plaintext);
        let token = ring.seal_token(&entropy, &ad(), &plaintext);
        assert_eq!(*ring.open_token(&ad(), &token).unwrap(), plaintext);
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
    }
}

#[test]
fn the_same_plaintext_never_looks_the_same() {
    let (ring, entropy) = (ring(&[1]), SeededEntropy::new(9));
    let (one, two) = (ring.seal(&entropy, &ad(), b"x"), ring.seal(&entropy, &ad(), b"x"));
    assert_ne!(one.as_bytes()[5..29], two.as_bytes()[5..29]);
    assert_ne!(one.as_bytes()[29..], two.as_bytes()[29..]);
}

/// The format, taken apart by hand: a change of layout must be a change of version.
#[test]
fn format_one_is_as_documented() {
    use aws_lc_rs::{aead, hkdf};
    struct L(usize);
    impl hkdf::KeyType for L {
        fn len(&self) -> usize {
            self.0
        }
    }
    let key: [u8; 32] = URL_SAFE_NO_PAD.decode(key_text(1)).unwrap().try_into().unwrap();
    let sealed = ring(&[1]).seal(&SeededEntropy::new(9), &AssociatedData::new("d").with("p"), b"plain");
    let raw = sealed.as_bytes();
    assert_eq!(raw[0], 1);
    assert_eq!(raw[1..5], sha256(&key)[..4]);
    let mut derived = [0; 44];
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, &raw[5..29]).extract(&key);
    prk.expand(&[b"vestibule seal 1"], L(44)).unwrap().fill(&mut derived).unwrap();
    let aead_key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, &derived[..32]).unwrap());
    let nonce = aead::Nonce::try_assume_unique_for_key(&derived[32..]).unwrap();
    let aad = [&raw[..5], b"\0\0\0\0\0\0\0\x01d\0\0\0\0\0\0\0\x01p"].concat();
    let mut message = raw[29..].to_vec();
    assert_eq!(aead_key.open_in_place(nonce, aead::Aad::from(aad), &mut message).unwrap(), b"plain");
}

#[test]
fn any_changed_bit_is_refused() {
    let ring = ring(&[1, 2]);
    let sealed = ring.seal(&SeededEntropy::new(9), &ad(), b"JBSWY3DPEHPK3PXP");
    for index in 0..sealed.as_bytes().len() {
        for bit in 0..8 {
            let mut raw = sealed.as_bytes().to_vec();
            raw[index] ^= 1 << bit;
            assert!(ring.open(&ad(), &Sealed::from_bytes(raw)).is_err(), "byte {index} bit {bit}");
        }
    }
}

#[test]
fn cut_or_extended_values_are_refused() {
    let ring = ring(&[1]);
    let sealed = ring.seal(&SeededEntropy::new(9), &ad(), b"hello");
    for length in 0..sealed.as_bytes().len() {
        assert!(ring.open(&ad(), &Sealed::from_bytes(&sealed.as_bytes()[..length])).is_err(), "{length}");
    }
    let longer = [sealed.as_bytes(), &[0]].concat();
    assert_eq!(ring.open(&ad(), &Sealed::from_bytes(longer)), Err(OpenError::Refused));
    assert_eq!(ring.open(&ad(), &Sealed::from_bytes([])), Err(OpenError::Malformed));
}

#[test]
fn another_context_is_refused() {
    let ring = ring(&[1]);
    let sealed = ring.seal(&SeededEntropy::new(9), &ad(), b"secret");
    let others = [
        AssociatedData::new("totp-secret").with(b"pool").with(b"resu"),
        AssociatedData::new("totp-secret").with(b"poolu").with(b"ser"),
        AssociatedData::new("totp-secret").with(b"pooluser"),
        AssociatedData::new("totp-secret").with(b"user").with(b"pool"),
        AssociatedData::new("signing-key").with(b"pool").with(b"user"),
        ad().with(b""),
    ];
    for other in others {
        assert_eq!(ring.open(&other, &sealed), Err(OpenError::Refused), "{other:?}");
    }
}

#[test]
fn tokens_are_strict_text() {
    let ring = ring(&[1]);
    let token = ring.seal_token(&SeededEntropy::new(9), &ad(), b"abc");
    for bad in [format!("{token}="), format!(" {token}"), token.replace(['-', '_'], "+"), String::new()] {
        let changed = bad != token;
        assert!(!changed || ring.open_token(&ad(), &bad).is_err(), "{bad}");
    }
    assert_eq!(ring.open_token(&ad(), "!!"), Err(OpenError::Malformed));
}

#[test]
fn rotation_opens_the_old_and_seals_with_the_new() {
    let entropy = SeededEntropy::new(9);
    let (before, during, after) = (ring(&[1]), ring(&[2, 1]), ring(&[2]));
    let sealed = before.seal(&entropy, &ad(), b"kept");
    assert!(!before.needs_reseal(&sealed));
    assert_eq!(*during.open(&ad(), &sealed).unwrap(), b"kept");
    assert!(during.needs_reseal(&sealed));
    let resealed = during.seal(&entropy, &ad(), b"kept");
    assert!(!during.needs_reseal(&resealed));
    assert_eq!(*after.open(&ad(), &resealed).unwrap(), b"kept");
    assert_eq!(after.open(&ad(), &sealed), Err(OpenError::UnknownKey(before.active_id())));
    assert_eq!(before.open(&ad(), &resealed), Err(OpenError::UnknownKey(after.active_id())));
    assert_eq!(during.ids().collect::<Vec<_>>(), [after.active_id(), before.active_id()]);
    assert!(during.needs_reseal(&Sealed::from_bytes([9; 60])));
}

#[test]
fn macs_separate_labels_keys_and_data() {
    let (old, both, new) = (ring(&[1]), ring(&[2, 1]), ring(&[2]));
    let tag = old.mac("csrf", b"data");
    assert!(old.verify_mac("csrf", b"data", &tag));
    assert!(both.verify_mac("csrf", b"data", &tag), "an older key still verifies");
    assert!(!new.verify_mac("csrf", b"data", &tag));
    assert!(!old.verify_mac("csrf2", b"data", &tag));
    assert!(!old.verify_mac("csrf", b"dat", &tag));
    assert!(!old.verify_mac("csrf", b"data", &tag[..31]));
    assert!(!old.verify_mac("csrf", b"data", b""));
    assert_eq!(both.mac("csrf", b"data"), new.mac("csrf", b"data"), "the active key signs");
    // Domain separation: a MAC is not the label's and the data's concatenation.
    assert_ne!(old.mac("a", b"bc"), old.mac("ab", b"c"));
}

#[test]
fn every_spelling_of_base64_is_the_same_key() {
    let raw = (0..)
        .map(|seed| bytes::<32>(&SeededEntropy::new(seed)))
        .find(|raw| STANDARD.encode(raw).contains('+') && STANDARD.encode(raw).contains('/'))
        .unwrap();
    let id = KeyRing::parse(&STANDARD.encode(raw)).unwrap().active_id();
    for text in [STANDARD_NO_PAD.encode(raw), URL_SAFE.encode(raw), URL_SAFE_NO_PAD.encode(raw)] {
        assert_eq!(KeyRing::parse(&text).unwrap().active_id(), id);
    }
    let lines = format!("\n  {}\r\n{} ,\n", key_text(1), key_text(2));
    assert_eq!(KeyRing::parse(&lines).unwrap().ids().count(), 2);
}

#[test]
fn bad_rings_say_what_is_wrong_and_never_quote_the_key() {
    let good = key_text(1);
    for empty in ["", "  ", ",\n ,"] {
        assert_eq!(refusal(empty), KeyRingError::Empty);
    }
    assert_eq!(refusal(&format!("{good},not base64!")), KeyRingError::NotBase64 { position: 2 });
    let short = STANDARD.encode([1, 2, 3]);
    assert_eq!(refusal(&format!("{good}\n{short}")), KeyRingError::WrongLength { position: 2, found: 3 });
    let long = STANDARD.encode(bytes::<33>(&SeededEntropy::new(4)));
    assert_eq!(refusal(&long), KeyRingError::WrongLength { position: 1, found: 33 });
    let padded = format!("{good}=");
    let repeated = format!("{good},{},{padded}", key_text(2));
    assert_eq!(refusal(&repeated), KeyRingError::Duplicate { position: 3, first: 1 });
    for word in
        ["change-me", "CHANGE_ME", "changeme-please-32-bytes-long-0000000000000", "secret", "replace-me"]
    {
        assert_eq!(refusal(word), KeyRingError::Placeholder { position: 1 }, "{word}");
    }
    let counting: Vec<u8> = (0..32).collect();
    let typed = b"correct horse battery staple 123".to_vec();
    for weak in [vec![0; 32], vec![0xff; 32], b"ab".repeat(16), counting, typed] {
        assert_eq!(refusal(&STANDARD.encode(weak)), KeyRingError::Weak { position: 1 });
    }
    let message = refusal(&format!("{good},{good}")).to_string();
    assert!(message.contains("remove") && !message.contains(&good), "{message}");
}

#[test]
fn generated_keys_are_accepted_and_differ() {
    let entropy = SeededEntropy::new(3);
    let mut seen = std::collections::HashSet::new();
    for _ in 0..500 {
        let text = KeyRing::generate_text(&entropy);
        assert!(KeyRing::parse(&text).is_ok());
        assert!(seen.insert(text));
    }
    let source: &dyn Entropy = &entropy;
    assert_ne!(KeyRing::generate(source).active_id(), KeyRing::generate(&source).active_id());
}
