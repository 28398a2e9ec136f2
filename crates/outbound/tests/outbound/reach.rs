//! Where a request may go.

use crate::support::{JSON, Way, allowing, hasty, json, patient, serve, serve_at, setup, with};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::io::AsyncWriteExt as _;
use tokio_rustls::TlsAcceptor;
use vestibule_outbound::{AddressFault, Limits, OutboundError, OutboundRules, Tls};

#[tokio::test]
async fn threat_c28_nothing_private_is_asked_unless_the_pool_allows_it() {
    let server = serve(Way::Says(json("", "{}"))).await;
    let setup = setup(patient());
    let port = server.address.port();
    let strict = OutboundRules::public("pool");
    for scheme in ["http", "https"] {
        for host in [
            "127.0.0.1",
            "0x7f.1",
            "2130706433",
            "127.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "rp.example",
            "localhost",
            "127.0.0.1.",
            "0.0.0.0",
        ] {
            let url = format!("{scheme}://{host}:{port}/keys");
            let given = setup.outbound.get(&strict, &url, JSON).await.unwrap_err();
            assert!(matches!(given, OutboundError::NotPublic { .. }), "{url}: {given}");
            let given = setup.outbound.post_form(&strict, &url, &[]).await.unwrap_err();
            assert!(matches!(given, OutboundError::NotPublic { .. }), "{url}: {given}");
        }
    }
    for url in
        ["https://169.254.169.254/latest/meta-data", "https://[fd00:ec2::254]/", "https://10.0.0.1:8443/"]
    {
        let given = setup.outbound.get(&setup.rules, url, JSON).await.unwrap_err();
        assert!(
            matches!(given, OutboundError::NotPublic { .. }),
            "{url}: {given}: another network than the allowed one"
        );
    }
    assert_eq!(server.count(), 0, "nobody was asked");
    for host in ["127.0.0.1", "rp.example", "RP.example."] {
        let url = format!("http://{host}:{port}/keys");
        assert!(setup.outbound.get(&setup.rules, &url, JSON).await.is_ok(), "{url}");
    }
}

#[tokio::test]
async fn threat_c28_a_name_that_is_half_inside_is_not_asked() {
    let server = serve(Way::Says(json("", "{}"))).await;
    let setup = setup(patient());
    let refused = Err(OutboundError::NotPublic { host: "rp.example".into() });
    for answer in [
        ["8.8.8.8", "10.0.0.1"],
        ["127.0.0.1", "10.0.0.1"],
        ["10.0.0.1", "127.0.0.1"],
        ["::1", "127.0.0.1"],
        ["127.0.0.1", "::ffff:127.0.0.1"],
    ] {
        setup.names.say(&[&answer]);
        assert_eq!(setup.outbound.get(&setup.rules, &server.url(), JSON).await, refused, "{answer:?}");
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn plain_http_goes_to_loopback_alone() {
    let setup = setup(patient());
    setup.names.say(&[&["10.0.0.1"]]);
    let scheme = Err(OutboundError::Address(AddressFault::Scheme));
    let rules = allowing("10.0.0.0/8");
    for url in ["http://rp.example/", "http://10.0.0.1/", "http://8.8.8.8/"] {
        assert_eq!(setup.outbound.get(&rules, url, JSON).await, scheme, "{url}");
    }
}

#[tokio::test]
async fn threat_c28_the_connection_goes_to_the_address_that_was_checked() {
    let allowed = serve(Way::Says(json("", "\"allowed\""))).await;
    let setup = setup(patient());
    // The same port on an address that the rules do not allow.
    let port = allowed.address.port();
    let hidden = serve_at(&format!("127.0.0.2:{port}"), Way::Says(json("", "\"hidden\"")), None).await;
    let rules = allowing("127.0.0.1/32");
    setup.names.say(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let given = setup.outbound.get(&rules, &allowed.url(), JSON).await.unwrap();
    assert_eq!(given.body, "\"allowed\"");
    assert_eq!(setup.names.asked.load(Ordering::SeqCst), 1, "a name is looked up once for a request");
    // The next request looks again, and is judged again, though there was a connection to the name before.
    let given = setup.outbound.get(&rules, &allowed.url(), JSON).await;
    assert_eq!(given, Err(OutboundError::NotPublic { host: "rp.example".into() }));
    assert_eq!((allowed.count(), hidden.count()), (1, 0));
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_before_anybody_is_asked() {
    let setup = setup(patient());
    for (url, fault) in [
        ("rp.example/keys", AddressFault::Malformed),
        ("ftp://rp.example/keys", AddressFault::Scheme),
        ("https://user:word@rp.example/keys", AddressFault::UserInfo),
        ("https://rp.example/keys#fragment", AddressFault::Fragment),
    ] {
        assert_eq!(setup.outbound.get(&setup.rules, url, JSON).await, Err(fault.into()), "{url}");
        assert_eq!(setup.outbound.post_form(&setup.rules, url, &[]).await, Err(fault.into()), "{url}");
    }
    assert_eq!(setup.names.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn who_cannot_be_found_or_reached_is_said() {
    let setup = setup(hasty());
    let get = |url: String| {
        let (outbound, rules) = (setup.outbound.clone(), setup.rules.clone());
        async move { outbound.get(&rules, &url, JSON).await.unwrap_err() }
    };
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let free = listener.local_addr().unwrap().port();
    drop(listener);
    assert_eq!(get(format!("https://rp.example:{free}/")).await.code(), "connect");
    assert_eq!(get("https://slow.example/".into()).await.code(), "timeout");
    setup.names.say(&[&[]]);
    assert_eq!(get("https://empty.example/".into()).await.code(), "not_found");
    setup.names.say(&[]);
    assert_eq!(get("https://nowhere.example/".into()).await.code(), "not_found");
}

/// A server for this name, and the authority that says so.
fn certified(name: &str) -> (TlsAcceptor, Tls) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), Tls::believing([authority.der().clone()]).unwrap())
}

#[tokio::test]
async fn tls_is_checked_by_the_name_in_the_address() {
    let (acceptor, believing) = certified("rp.example");
    let server = serve_at("127.0.0.1:0", Way::Says(json("", "{}")), Some(acceptor)).await;
    let port = server.address.port();
    let setup = with(patient(), believing);
    let good = format!("https://rp.example:{port}/keys");
    assert!(setup.outbound.get(&setup.rules, &good, JSON).await.is_ok());
    for other in ["other.example", "127.0.0.1"] {
        let given = setup.outbound.get(&setup.rules, &format!("https://{other}:{port}/keys"), JSON).await;
        assert_eq!(given, Err(OutboundError::Tls { host: other.into() }), "another name");
    }
    let setup = crate::support::setup(patient());
    let unknown = setup.outbound.get(&setup.rules, &good, JSON).await;
    assert_eq!(unknown, Err(OutboundError::Tls { host: "rp.example".into() }), "an unknown authority");
    assert_eq!(server.count(), 1, "whoever is not who the address says hears nothing");
}

#[tokio::test]
async fn what_speaks_no_tls_is_no_server() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://rp.example:{}/", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            drop(socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await);
        }
    });
    let setup = setup(patient());
    let given = setup.outbound.get(&setup.rules, &url, JSON).await;
    assert_eq!(given, Err(OutboundError::Tls { host: "rp.example".into() }));
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_given_up() {
    let setup = setup(Limits { connect: Duration::from_millis(300), ..patient() });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://rp.example:{}/", listener.local_addr().unwrap().port());
    let given = setup.outbound.get(&setup.rules, &url, JSON).await;
    assert_eq!(given, Err(OutboundError::Timeout { host: "rp.example".into() }));
}
