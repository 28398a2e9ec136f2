//! TLS of the server itself, where applications are asked for a certificate (RFC 8705).

use reqwest::{Client as Http, Identity as Own, Version};
use rustls::{
    DigitallySignedStruct, SignatureScheme,
    client::{
        ResolvesClientCert,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
    sign::CertifiedKey,
};
use serde_json::{Value, json};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use vestibule_domain::{ClientAuthMethod, GrantType, Origin};
use vestibule_pages::Pages;
use vestibule_tests::{Authority, Server, Setup, Shown};
use vestibule_web::{
    ClientCertificates, ConnectionLimits, Identity, Site, SiteParts, Tls, WebOptions, serve_tls,
};

const HOST: &str = "mtls.localhost";

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that listens over TLS, and the authority of its certificate.
struct Scene {
    server: Server,
    authority: Authority,
    address: SocketAddr,
    tls: Tls,
}

fn identity(shown: &Shown) -> Identity {
    Identity { chain: vec![CertificateDer::from(shown.der.clone())], key: shown.private_key() }
}

fn of_server(authority: &Authority) -> Shown {
    authority.issue_as("server", |params| {
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        params.subject_alt_names = vec![rcgen::SanType::DnsName(HOST.try_into().unwrap())];
    })
}

impl Scene {
    async fn set(asks: ClientCertificates, options: WebOptions) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let server = Setup::default().start().await;
        // Handshakes know the true time alone.
        let authority = Authority::new("CA", server.clock.seconds());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (pem, origin) = (authority.pem.clone(), format!("https://{HOST}:{}", address.port()));
        server
            .rule(move |settings| {
                settings.mutual_tls.origin = Some(Origin::parse(&origin).unwrap());
                settings.mutual_tls.authorities = Some(pem.clone());
            })
            .await;
        let tls = Tls::new(identity(&of_server(&authority)), asks).unwrap();
        let parts =
            SiteParts { app: Arc::new(server.app().clone()), pages: Pages::shared().unwrap(), options };
        let serving = serve_tls(listener, tls.clone(), Site::new(parts), std::future::pending());
        tokio::spawn(async move { serving.await.unwrap() });
        Self { server, authority, address, tls }
    }

    /// A client that trusts the authority of the server, with a certificate of its own or without.
    fn client(&self, own: Option<&Shown>) -> Http {
        // The clock of the test stands where certificates of today would not count, so dates are not looked at here.
        let client = Http::builder().no_proxy().resolve(HOST, self.address).danger_accept_invalid_certs(true);
        let pem = |shown: &Shown| format!("{}{}", shown.pem, shown.key);
        match own {
            Some(own) => client.identity(Own::from_pem(pem(own).as_bytes()).unwrap()).build().unwrap(),
            None => client.build().unwrap(),
        }
    }

    async fn token(&self, client: &Http) -> (u16, Value) {
        let url = format!("https://{HOST}:{}/oidc/token", self.address.port());
        let form = [("grant_type", "client_credentials"), ("client_id", "billing")];
        let answer = client.post(url).form(&form).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or_default())
    }

    async fn billing(&self) {
        self.server
            .add_client("billing", |client| {
                client.auth_method = Some(ClientAuthMethod::TlsClientAuth);
                client.secret_sha256 = None;
                client.grants.push(GrantType::ClientCredentials);
                client.tls.tls_client_auth_subject_dn = Some("CN=billing,O=Example".to_owned());
                client.tls.tls_client_certificate_bound_access_tokens = true;
            })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c56_whoever_shows_a_certificate_has_its_key() {
    // Everybody who connects is trusted to hand certificates on: where connections are asked for them that says nothing.
    let options = WebOptions {
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        client_certificate_header: Some("client-cert".parse().unwrap()),
        ..WebOptions::default()
    };
    let scene = Scene::set(ClientCertificates::Asked, options).await;
    scene.billing().await;
    let own = scene.authority.issue("billing");
    let (status, tokens) = scene.token(&scene.client(Some(&own))).await;
    assert_eq!(status, 200, "{tokens}");
    let access = vestibule_tests::payload(tokens["access_token"].as_str().unwrap());
    assert_eq!(access["cnf"], json!({ "x5t#S256": own.thumbprint() }));
    assert_eq!(scene.token(&scene.client(None)).await.0, 401, "no certificate");
    assert_eq!(scene.token(&scene.client(Some(&scene.authority.issue("shop")))).await.0, 401, "another one");
    // The certificate is public; without its key the handshake fails, whatever version of TLS it is.
    let thief = Shown { key: scene.authority.issue("thief").key, ..own.clone() };
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        assert!(talks(scene.address, version, &own).await, "the owner is heard by {version:?}");
        assert!(
            !talks(scene.address, version, &thief).await,
            "a copy without its key is not, by {version:?}"
        );
    }
    // A header counts from nobody here, and what the connection shows is never replaced by it.
    let url = format!("https://{HOST}:{}/oidc/token", scene.address.port());
    let form = [("grant_type", "client_credentials"), ("client_id", "billing")];
    for shows in [None, Some(scene.authority.issue("shop"))] {
        let forged =
            scene.client(shows.as_ref()).post(&url).header("client-cert", own.handed_on()).form(&form);
        assert_eq!(forged.send().await.unwrap().status(), 401);
    }
}

/// Whether a client that shows a certificate with some key gets an answer.
async fn talks(
    address: SocketAddr,
    version: &'static rustls::SupportedProtocolVersion,
    shown: &Shown,
) -> bool {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = provider.key_provider.load_private_key(shown.private_key()).unwrap();
    let certified = CertifiedKey::new(vec![CertificateDer::from(shown.der.clone())], key);
    let config = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[version])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyServer(provider)))
        .with_client_cert_resolver(Arc::new(Shows(Arc::new(certified))));
    let stream = TcpStream::connect(address).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let asked = async {
        let mut stream = connector.connect(HOST.try_into().unwrap(), stream).await?;
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: mtls.localhost\r\nConnection: close\r\n\r\n")
            .await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer.starts_with("HTTP/1.1 200"))
    };
    timeout(PATIENCE, asked).await.unwrap().unwrap_or(false)
}

/// Shows one certificate, whether or not the key fits.
#[derive(Debug)]
struct Shows(Arc<CertifiedKey>);

impl ResolvesClientCert for Shows {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Takes any certificate of the server.
#[derive(Debug)]
struct AnyServer(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_asked_for_a_certificate_where_people_come() {
    let scene = Scene::set(ClientCertificates::NotAsked, WebOptions::default()).await;
    scene.billing().await;
    let own = scene.authority.issue("billing");
    assert_eq!(
        scene.token(&scene.client(Some(&own))).await.0,
        401,
        "it was not asked, so it did not show one"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_versions_of_http_are_spoken() {
    let scene = Scene::set(ClientCertificates::Asked, WebOptions::default()).await;
    let url = format!("https://{HOST}:{}/healthz", scene.address.port());
    let modern = scene.client(None).get(&url).send().await.unwrap();
    assert_eq!((modern.status().as_u16(), modern.version()), (200, Version::HTTP_2));
    let old = Http::builder().no_proxy().resolve(HOST, scene.address).danger_accept_invalid_certs(true);
    let old = old.http1_only().build().unwrap().get(&url).send().await.unwrap();
    assert_eq!((old.status().as_u16(), old.version()), (200, Version::HTTP_11));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_was_renewed_is_shown_to_new_connections() {
    let scene = Scene::set(ClientCertificates::NotAsked, WebOptions::default()).await;
    let fresh = of_server(&scene.authority);
    scene.tls.renew(identity(&fresh)).unwrap();
    let shown = shown_by(scene.address).await;
    assert_eq!(shown, fresh.der);
    // One whose key does not fit is not taken, and the former one stays.
    let other = of_server(&scene.authority);
    let broken = Shown { key: scene.authority.issue("other").key, ..other };
    assert!(scene.tls.renew(identity(&broken)).is_err());
    assert_eq!(shown_by(scene.address).await, fresh.der);
}

/// The certificate that a listener shows.
async fn shown_by(address: SocketAddr) -> Vec<u8> {
    let client =
        Http::builder().no_proxy().resolve(HOST, address).danger_accept_invalid_certs(true).tls_info(true);
    let url = format!("https://{HOST}:{}/healthz", address.port());
    let answer = client.build().unwrap().get(url).send().await.unwrap();
    answer.extensions().get::<reqwest::tls::TlsInfo>().unwrap().peer_certificate().unwrap().to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e9_a_handshake_that_never_ends_keeps_no_place() {
    let connections = ConnectionLimits {
        first_byte: Duration::from_millis(300),
        head: Duration::from_millis(600),
        ..ConnectionLimits::default()
    };
    let options = WebOptions { connections, ..WebOptions::default() };
    let scene = Scene::set(ClientCertificates::Asked, options).await;
    // Nothing at all; the first bytes of a handshake, and no more; something that is no handshake.
    for said in [&b""[..], &[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc][..], b"GET / HTTP/1.1\r\n\r\n"] {
        let mut stream = TcpStream::connect(scene.address).await.unwrap();
        stream.write_all(said).await.unwrap();
        let mut heard = Vec::new();
        let _ = timeout(PATIENCE, stream.read_to_end(&mut heard)).await.expect("it was closed");
    }
    // One that drips goes on no longer: its time is that of the first request's head.
    let mut dripping = TcpStream::connect(scene.address).await.unwrap();
    let dripped = timeout(PATIENCE, async {
        dripping.write_all(&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]).await?;
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            dripping.write_all(&[0]).await?;
        }
    });
    let ended: std::io::Result<()> = dripped.await.expect("it was closed");
    assert!(ended.is_err());
    // Others are served meanwhile.
    let url = format!("https://{HOST}:{}/healthz", scene.address.port());
    assert_eq!(scene.client(None).get(url).send().await.unwrap().status(), 200);
}
