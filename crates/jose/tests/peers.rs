//! Tokens that two independent libraries made for published keys, npm's `jose` 6.2 and PyPI's `joserfc` 1.8: no RFC has
//! a complete example for PS256, RSA-OAEP-256 or ECDH-ES with AES-GCM.
#![expect(clippy::unwrap_used, reason = "a test helper may panic: that is the test failing")]

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeyPairComponents, PublicKeyComponents};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vestibule_jose::{
    Alg, DecryptionKey, Expect, ExpectJwe, JweAlg, JweEnc, SigningKey, Typ, decrypt, encrypt,
    peek_unverified, verify_foreign,
};

fn raw(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// The RSA key of RFC 7520 section 3.4, as PKCS#8.
fn rsa() -> Vec<u8> {
    let components = KeyPairComponents {
        public_key: PublicKeyComponents {
            n: raw(
                "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJ\
                    MRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6\
                    M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_m\
                    zSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw",
            ),
            e: raw("AQAB"),
        },
        d: raw(
            "bWUC9B-EFRIo8kpGfh0ZuyGPvMNKvYWNtB_ikiH9k20eT-O1q_I78eiZkpXxXQ0UTEs2LsNRS-8uJbvQ-A1irkwMSMkK1J3XTGgd\
                 rhCku9gRldY7sNA_AKZGh-Q661_42rINLRCe8W-nZ34ui_qOfkLnK9QWDDqpaIsA-bMwWWSDFu2MUBYwkHTMEzLYGqOe04noqeq1\
                 hExBTHBOBdkMXiuFhUq1BU6l-DqEiWxqg82sXt2h-LMnT3046AOYJoRioz75tSUQfGCshWTBnP5uDjd18kKhyv07lhfSJdrPdM5P\
                 lyl21hsFf4L_mHCuoFau7gdsPfHPxxjVOcOpBrQzwQ",
        ),
        p: raw(
            "3Slxg_DwTXJcb6095RoXygQCAZ5RnAvZlno1yhHtnUex_fp7AZ_9nRaO7HX_-SFfGQeutao2TDjDAWU4Vupk8rw9JR0AzZ0N2fvu\
                 IAmr_WCsmGpeNqQnev1T7IyEsnh8UMt-n5CafhkikzhEsrmndH6LxOrvRJlsPp6Zv8bUq0k",
        ),
        q: raw(
            "uKE2dh-cTf6ERF4k4e_jy78GfPYUIaUyoSSJuBzp3Cubk3OCqs6grT8bR_cu0Dm1MZwWmtdqDyI95HrUeq3MP15vMMON8lHTeZu2\
                 lmKvwqW7anV5UzhM1iZ7z4yMkuUwFWoBvyY898EXvRD-hdqRxHlSqAZ192zB3pVFJ0s7pFc",
        ),
        dP: raw(
            "B8PVvXkvJrj2L-GYQ7v3y9r6Kw5g9SahXBwsWUzp19TVlgI-YV85q1NIb1rxQtD-IsXXR3-TanevuRPRt5OBOdiMGQp8pbt26glj\
                 YfKU_E9xn-RULHz0-ed9E9gXLKD4VGngpz-PfQ_q29pk5xWHoJp009Qf1HvChixRX59ehik",
        ),
        dQ: raw(
            "CLDmDGduhylc9o7r84rEUVn7pzQ6PF83Y-iBZx5NT-TpnOZKF1pErAMVeKzFEl41DlHHqqBLSM0W1sOFbwTxYWZDm6sI6og5iTbw\
                 QGIC3gnJKbi_7k_vJgGHwHxgPaX2PnvP-zyEkDERuf-ry4c_Z11Cq9AqC2yeL6kdKT1cYF8",
        ),
        qInv: raw(
            "3PiqvXQN0zwMeE-sBvZgi289XP9XCQF3VWqPzMKnIgQp7_Tugo6-NZBKCQsMf3HaEGBjTVJs_jcK8-TRXvaKe-7ZMaQj8VfBdYks\
                 sbu0NKDDhjJ-GtiseaDVWt7dcH0cfwxgFUHpQh7FoCrjFJ6h6ZEpMF6xmujs4qMpPz8aaI4",
        ),
    };
    let pair = KeyPair::from_components(&components).unwrap();
    AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).unwrap().as_ref().to_vec()
}

/// The P-256 key of RFC 7520 section 5.5.1, as PKCS#8.
fn ec() -> Vec<u8> {
    let (x, y) =
        ("Ze2loSV3wrroKUN_4zhwGhCqo3Xhu1td4QjeQ5wIVR0", "HlLtdXARY_f55A3fnzQbPcm6hgr34Mp8p-nuzQCE0Zw");
    let (d, point) = (raw("r_kHyZ-a06rmxM3yESK84r1otSg-aQcVStkRhA-iCM8"), [vec![4], raw(x), raw(y)].concat());
    let pair =
        EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, &d, &point).unwrap();
    pair.to_pkcs8v1().unwrap().as_ref().to_vec()
}

fn check(made_by: &str, alg: JweAlg, enc: JweEnc, token: &str) {
    let pkcs8 = match alg {
        JweAlg::RsaOaep256 => rsa(),
        JweAlg::EcdhEs => ec(),
    };
    let key = DecryptionKey::import_pkcs8(alg, &pkcs8).unwrap();
    let expect = ExpectJwe { algs: &[alg], encs: &[enc], max_bytes: 4096 };
    let read = decrypt(std::slice::from_ref(&key), token, &expect).unwrap();
    assert_eq!(read.payload, format!(r#"{{"iss":"{made_by}"}}"#).as_bytes());
    assert_eq!((read.alg, read.enc), (alg, enc));
    let again = encrypt(&key.public(), enc, None, &read.payload).unwrap();
    assert_eq!(decrypt(&[key], &again, &expect).unwrap().payload, read.payload);
}

/// The last one names both parties, in `apu` and `apv`.
#[test]
fn encrypted_by_npm_jose() {
    check(
        "npm jose",
        JweAlg::RsaOaep256,
        JweEnc::A256Gcm,
        "eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMjU2R0NNIiwiY3R5IjoiSldUIn0.bFvwkUkx9mYh1SBR7IERFmGpWTrZzuCHdMNy7-Dm\
         SIMiIeSjc0kCY1IisUOvGVlqI6bjTNkHOxLXIHIdqHFAm28WljQCQ0UfkgZx-kx_xEKEsJqLjhfmCakxBgNcf4ozCGyNmNFCzGE_fmG2_EcA\
         Wf_RoRBMrs9kcIY2MtetA0pKKieZFOlEoh6Cy3QpnS25x7F-fRh9IcX2suirUWF3Ml9keOQPKXAixIcuFIdGX6hmV8c-7riAkI_zFc-8S_Vp\
         PSnTHUEuHIpPZOU4VKoF2l-njrBMn5r4USJWJySR_ZcbAlN_dGvx47OGb--xL-seSbCS810AEznRYYXtCmqE4w.xK-fXeEc-ATNjKJF.AqKq\
         nLAFUqYosHBVDr8glsm2.3ghlkWaWj-i0epKe3ao9xQ",
    );
    check(
        "npm jose",
        JweAlg::RsaOaep256,
        JweEnc::A128Gcm,
        "eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMTI4R0NNIiwiY3R5IjoiSldUIn0.UmVSdYrSLbq30BWmH4q1OwJgB7DibLrxfwjPCVOy\
         UEVrtpCiep_QupVBZcn9PaCEcjav2MvqbfXwxjofVPWtWBwSWtBGgO5NFZOUaygvGae7SDjLLqo_mPb9k_vaH5KdmmaqApMgfjrfJiF2gJh0\
         xEPftNCaGGewvrD82K_Q5KEyjB4yc6PipX0ibdNPcrTREz54_N0hQBHXvIuTRXkdmiH7vGJUa3omK7VHdU9XXeV7CuLbNqlkB7aj2HzpviAt\
         IFSOaN-ZHlduZmDOLy1SY1FrKwRXmlFFytTfkM5kFBOuRr0ptk6GJHK8GPnlXfsXuWkZz4A5OukH0hCRVlc5ig.qjPOycneDakupfyW.16vl\
         ozCY4niSsudPyrOE3yBD.Ii66vPD_NyX-TI6RhuN4Dw",
    );
    check(
        "npm jose",
        JweAlg::EcdhEs,
        JweEnc::A256Gcm,
        "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImN0eSI6IkpXVCIsImVwayI6eyJ4Ijoick50WUY0XzM2bTY2OHAtQk9zOTR2S1hj\
         QnRqMllTRWsySVU3WmdYV0NIQSIsImNydiI6IlAtMjU2Iiwia3R5IjoiRUMiLCJ5IjoibjlUS2h2RkVDc0NBSmxPb2lfX1hWZklTSWQ4V2pw\
         RzRIeng2bHFjdEhlQSJ9fQ..fTbQzzm6g0Ixam8n.d9rqLcRuoi44LhG2uUN_aIx5.ZzNdnitFE_PIOwGpfxUNgQ",
    );
    check(
        "npm jose",
        JweAlg::EcdhEs,
        JweEnc::A128Gcm,
        "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSIsImN0eSI6IkpXVCIsImVwayI6eyJ4IjoiVzJYdGlYUWh1aFkySHpUOEJUVzVnYnE1\
         ODJKanRGNWFpQ24yODRXam8xZyIsImNydiI6IlAtMjU2Iiwia3R5IjoiRUMiLCJ5IjoiLXkwYlBOb3pDRUswOTk4NnNlWV80Q1VvUXJCVHV0\
         bGt0RHA4bTBhM2JhNCJ9LCJhcHUiOiJRV3hwWTJVIiwiYXB2IjoiUW05aSJ9..U8qEfCf9YxVFKes8.gxIG0IzQbVGH1BPvFZckbrB9.t6mP\
         p83KhNt6ZWVY2Ll0HQ",
    );
}

#[test]
fn encrypted_by_joserfc() {
    check(
        "joserfc",
        JweAlg::RsaOaep256,
        JweEnc::A256Gcm,
        "eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMjU2R0NNIn0.LMExgV2sQ7wSgfHicTiUBBc4F9AZr1O4vhnhR_g39Q6TSe-UDFeTe1YM\
         gRmLFSFstuEQnuq1f1193c7oqV_6zOPumwcv5I2aKMpu3eGNewdQBt6K2nTds2X1oJkJo5o4FxXOv6lEJjL7h11sQT-IYj7nssGZcnXBdYTj\
         t9XiNhM1SCCpo66jJqIcZmHU9a5gJCS1fhp2Ba8DnGiaCqF1iuO54Rb-BPxXyb2S65-n8pGvUbmFoGg5F8Ijqe_5jye-GZe0WYd2xc5P8Gh2\
         dHKJKjKJfg5YPU8NP66DPMB2fwVPQQ-7ofbSXY2uZJ_n7tIC7sJpvCSONbUHHs3WGs2WYA.z5RexdMEUdujJZGb.apfV2iO8u7Eyhngy_sff\
         tMs.x3ORTu3R8DsPzkwfk271TQ",
    );
    check(
        "joserfc",
        JweAlg::RsaOaep256,
        JweEnc::A128Gcm,
        "eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMTI4R0NNIn0.DjFpgiCpQshCrsRmmzia75D59XqZFLcWZS4U8u-9VGaFMTFOWqrbo6oL\
         i5bdIx0mqLOv1FBhjjORecuLOtXPXdWdte-O8p3SnG--o0LbP0I6d4_SO6ZYFtjuXYK2oTSRU8xkAwsNJBO2IazSKowwEG_GtufoSwrq_JKQ\
         hZkYPAhEnJEySQsXrdDOwX07voV-TQDKzGoS4hu6W1Y0rO8Getf3861h5d7gwwlAhtzRXTm1M5uP15LojApJ5Qp2w_AQcqFHakvizPjY-dl4\
         E4CiBU5xnK8UUR8c_yXL_az6bwlr8IdY_lsrH8T9yZiaQOh0yENRQit-Feud_PPGYaUmAw.FwvC_90UOxlWGvJW.tVJwSFqMNErRgUMVQwpn\
         FO4.eDuW4hvczvQB342VYyyMdw",
    );
    check(
        "joserfc",
        JweAlg::EcdhEs,
        JweEnc::A256Gcm,
        "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImVwayI6eyJjcnYiOiJQLTI1NiIsIngiOiJYWFVwYTVtdUlkVng2cFl0WTV2cVNn\
         VE5Ra3BJeVhDT1FDMElaWEdqMXlNIiwieSI6IlhVcnRKaC1Cd1F6RXFvNzhQSjM5cjVaOHJram5CZnRyeWZFOTBiSzkwMWsiLCJrdHkiOiJF\
         QyJ9fQ..ZoDebG9sqHgmeXP2.Q24hFatXjdlp09hWsW_2n0U.FYxJkJdj4CoiKCbZMSRlvw",
    );
    check(
        "joserfc",
        JweAlg::EcdhEs,
        JweEnc::A128Gcm,
        "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSIsImVwayI6eyJjcnYiOiJQLTI1NiIsIngiOiJtczRFb1k2M2tYYk5xczZ6a09OTDJ2\
         Nzk2eVBaeXJ5QmNHTEtUZTRRQnprIiwieSI6IjFTdW5nZ20zMFRMZXVvRWVfT0Z0VThFMVBQeEJHaGNvOVVpaS1BbWwwYXMiLCJrdHkiOiJF\
         QyJ9fQ..nDiRK-4p9QMVn8P-.qKDvnPxFb_h_ybibNOS6AMM.n-GEjn1ABWFp1HPu6yuW7A",
    );
}

#[test]
fn signed_by_npm_jose() {
    let token = "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJucG0gam9zZSJ9.I_ivESDSKhr88FHl9FcRu1RONjSyWMvzdBlC-muSLqBblIHMExBTyY\
                 0fCyA5OM-JS3bKtSUspmoGi73RA38fjNycLKXOauKkVdc8OBx0ALiQND6Tm43Y1Wr8lv16bX5gWFJs1J9SkjFaJnaOo2Jgva9-5T\
                 dBFlIvxQ5RmPuXv4qDX_xGydqG1k1dVAIUW7pALVsCWwID5HV4ulaBsgKVkr5uA57YP7FuEkg7EFb_wH-SVHNrHkjz4ZtIA1N7ly\
                 AYSVByPn5EPcozXGrNDEhWeEuf7nhEaaJj9YpeR6HwftlHdM-Qz2qiEgi-IbyZpD3Zh50k2vC-Dd7ca_4ezbsM9Q";
    let key = SigningKey::import_pkcs8(Alg::Ps256, &rsa()).unwrap();
    let keys = serde_json::from_value(json!({ "keys": [key.public()] })).unwrap();
    let expect = Expect { typ: Typ::Plain, algs: &[Alg::Ps256] };
    let read = verify_foreign::<Value>(&keys, token, &expect).unwrap();
    assert_eq!(read.claims, json!({ "iss": "npm jose" }));
    assert_eq!(peek_unverified::<Value>(token), Ok(read.claims));
}
