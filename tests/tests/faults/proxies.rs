//! The examples of `docs/proxies.md` and `docs/mutual-tls.md`, run as they stand there but for names of files and ports: a pool
//! with a port of its own behind each proxy.

use serde_json::json;
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use vestibule_domain::{Client, ClientAuthMethod, ClientKind, GrantType, Origin};
use vestibule_flows::{ClientSpec, SecretSpec};
use vestibule_tests::{PASSWORD, Server, Setup, Shown};
use vestibule_web::WebOptions;

const HOST: &str = "id.example.com";

/// The variable that names a proxy's program. `cargo xtask test` sets it.
fn program(variable: &str) -> Option<PathBuf> {
    let found = std::env::var_os(variable).map(PathBuf::from);
    if found.is_none() {
        assert!(
            !std::env::var("CI").is_ok_and(|ci| ci == "true"),
            "{variable} is not set; run `cargo xtask test`"
        );
        eprintln!("not run: {variable} is not set; `cargo xtask test` sets it");
    }
    found
}

/// The example of a proxy, by its document and the language of its block.
fn example(document: &str, language: &str) -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(document);
    let docs = std::fs::read_to_string(docs).unwrap();
    let block = docs.split(&format!("```{language}\n")).nth(1).unwrap();
    block.split("```").next().unwrap().to_owned()
}

/// A proxy in front of a server, with files of its own.
struct Proxy {
    child: Child,
    folder: PathBuf,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Where a proxy listens, and the example with everything that is this machine's put in.
struct Scene {
    server: Server,
    folder: PathBuf,
    port: u16,
    text: String,
}

impl Scene {
    async fn set(language: &str) -> Self {
        Self::of("proxies.md", language, None).await
    }

    async fn of(document: &str, language: &str, client: Option<Client>) -> Self {
        let trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        let client_certificate_header = Some("client-cert".parse().unwrap());
        let web = WebOptions { trusted_proxies, client_certificate_header, ..WebOptions::default() };
        let server = Setup { web, ..Setup::default() }.start().await;
        // Taken and given back: whoever is quicker in between makes the test fail, not pass.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut spec = server.spec_of_main();
        "proxied".clone_into(&mut spec.slug);
        "proxied".clone_into(&mut spec.tenant);
        spec.origin = Origin::parse(&format!("https://{HOST}:{port}")).unwrap();
        spec.clients.extend(client.map(|client| ClientSpec { client, secret: SecretSpec::Keep }));
        server.admin().apply(&[spec]).await.unwrap();
        server.refresh().await;
        let folder = std::env::temp_dir().join(format!("vestibule-{language}-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let made = rcgen::generate_simple_self_signed([HOST.to_owned()]).unwrap();
        let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        for (name, content) in [
            ("id.example.com.pem", certificate.clone()),
            ("id.example.com.key", key.clone()),
            ("id.example.com.both.pem", format!("{certificate}{key}")),
        ] {
            std::fs::write(folder.join(name), content).unwrap();
        }
        let text = example(document, language)
            .replace("/etc/ssl", folder.to_str().unwrap())
            .replace("127.0.0.1:8080", &server.address(0).to_string());
        Self { server, folder, port, text }
    }

    fn start(&self, configuration: &str, command: impl FnOnce(&Path) -> Command) -> Proxy {
        let file = self.folder.join("configuration");
        std::fs::write(&file, configuration).unwrap();
        let log = std::fs::File::create(self.folder.join("log")).unwrap();
        let mut command = command(&file);
        command.stdout(Stdio::null()).stderr(log).stdin(Stdio::null());
        Proxy { child: command.spawn().unwrap(), folder: self.folder.clone() }
    }

    /// A person signs in through the proxy, and an application sends the longest request that there may be.
    async fn try_out(&self, mut proxy: Proxy) {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], self.port));
        let client = reqwest::Client::builder()
            .no_proxy()
            .cookie_store(true)
            .danger_accept_invalid_certs(true)
            .resolve(HOST, address)
            .build()
            .unwrap();
        let origin = format!("https://{HOST}:{}", self.port);
        let discovery = self.ready(&client, &mut proxy).await;
        let status = discovery.status();
        let text = discovery.text().await.unwrap();
        assert!(status == 200 && text.contains(&format!("\"issuer\":\"{origin}/oidc\"")), "{status} {text}");

        // What a visitor writes into the header for certificates does not come through: it could not be read.
        let form = [("grant_type", "client_credentials"), ("client_id", "app")];
        let forged = client.post(format!("{origin}/oidc/token")).header("client-cert", "forged").form(&form);
        let forged = forged.send().await.unwrap();
        let (status, text) = (forged.status(), forged.text().await.unwrap());
        assert!(status == 401 && text.contains("invalid_client"), "{status} {text}");

        let page = client.get(format!("{origin}/u")).send().await.unwrap().text().await.unwrap();
        let form = scraper::Html::parse_document(&page);
        let value = |name: &str| {
            let field = scraper::Selector::parse(&format!("input[name={name}]")).unwrap();
            form.select(&field).next().unwrap().value().attr("value").unwrap_or_default().to_owned()
        };
        let fields = [
            ("csrf", value("csrf")),
            ("request", value("request")),
            ("username", "alice".to_owned()),
            ("password", PASSWORD.to_owned()),
        ];
        let inside = client
            .post(format!("{origin}/login"))
            .header("origin", &origin)
            .form(&fields)
            .send()
            .await
            .unwrap();
        let (url, text) = (inside.url().to_string(), inside.text().await.unwrap());
        assert!(url == format!("{origin}/u") && text.contains("id=\"sign-out\""), "{url} {text}");

        let mut rp = self.server.rp();
        let short = rp.authorize_path(&[("state", "s"), ("prompt", "login")]).len() - "/oidc/auth?".len() - 1;
        let state = "s".repeat(8 * 1024 - short);
        rp.client_id = "app".to_owned();
        let path = rp.authorize_path(&[("state", &state), ("prompt", "login")]);
        let login = client.get(format!("{origin}{path}")).send().await.unwrap();
        let (status, text) = (login.status(), login.text().await.unwrap());
        assert!(status == 200 && text.contains("id=\"login-submit\""), "{status} {text}");
        drop(proxy);
    }

    /// The metadata of the pool, as soon as the proxy answers.
    async fn ready(&self, client: &reqwest::Client, proxy: &mut Proxy) -> reqwest::Response {
        let origin = format!("https://{HOST}:{}", self.port);
        let started = Instant::now();
        loop {
            match client.get(format!("{origin}/oidc/.well-known/openid-configuration")).send().await {
                Ok(answer) => return answer,
                Err(error) => {
                    let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                    assert!(
                        proxy.child.try_wait().unwrap().is_none(),
                        "the proxy ended: {log}\n{}",
                        self.text
                    );
                    assert!(started.elapsed() < Duration::from_secs(30), "{error:?} {log}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c10_the_example_for_nginx_works() {
    let Some(nginx) = program("VESTIBULE_TEST_NGINX") else { return };
    let scene = Scene::set("nginx").await;
    let proxy = run_nginx(&nginx, &scene);
    scene.try_out(proxy).await;
}

fn run_nginx(nginx: &Path, scene: &Scene) -> Proxy {
    let listens = format!("listen 127.0.0.1:{} ssl;", scene.port);
    let server = scene.text.replace("listen 443 ssl;", &listens).replace("listen 8443 ssl;", &listens);
    let folder = scene.folder.display();
    let around = format!(
        "daemon off; pid {folder}/pid; error_log {folder}/log; user root;\nevents {{}}\nhttp {{\n access_log off;\n \
         client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;\n \
         uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n{server}}}\n"
    );
    // Only a process that may change its user is told one.
    let around = if nix_root() { around } else { around.replace("user root;", "") };
    scene.start(&around, |file| {
        let mut command = Command::new(nginx);
        command.arg("-c").arg(file).arg("-e").arg(scene.folder.join("log"));
        command
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_of_mutual_tls_works() {
    let Some(nginx) = program("VESTIBULE_TEST_NGINX") else { return };
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let (own, other) = (Shown::alone("billing"), Shown::alone("billing"));
    let mut client = Client::new("billing", ClientKind::Confidential);
    client.auth_method = Some(ClientAuthMethod::SelfSignedTlsClientAuth);
    client.jwks = Some(json!({ "keys": [{ "kty": "EC", "x5c": [own.base64()] }] }));
    client.grants = vec![GrantType::ClientCredentials];
    let scene = Scene::of("mutual-tls.md", "nginx", Some(client)).await;
    let mut proxy = run_nginx(&nginx, &scene);
    let with = |shown: Option<&Shown>| {
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], scene.port));
        let client =
            reqwest::Client::builder().no_proxy().danger_accept_invalid_certs(true).resolve(HOST, address);
        let own = shown
            .map(|own| reqwest::Identity::from_pem(format!("{}{}", own.pem, own.key).as_bytes()).unwrap());
        match own {
            Some(own) => client.identity(own).build().unwrap(),
            None => client.build().unwrap(),
        }
    };
    scene.ready(&with(None), &mut proxy).await;
    let form = [("grant_type", "client_credentials"), ("client_id", "billing")];
    for (shown, forged, status) in [
        (Some(&own), None, 200),
        (Some(&other), None, 401),
        (None, None, 401),
        (None, Some(&own), 401),
        (Some(&other), Some(&own), 401),
    ] {
        let mut request = with(shown).post(format!("https://{HOST}:{}/oidc/token", scene.port)).form(&form);
        // What the application writes itself is taken away by the proxy.
        if let Some(forged) = forged {
            request = request.header("client-cert", forged.handed_on());
        }
        let answer = request.send().await.unwrap();
        let (got, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(got, status, "{} {} {text}", shown.is_some(), forged.is_some());
    }
}

/// Whether this process is the superuser's: then the folder of processes is, too.
fn nix_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c10_the_example_for_caddy_works() {
    let Some(caddy) = program("VESTIBULE_TEST_CADDY") else { return };
    let scene = Scene::set("caddy").await;
    let site = scene.text.replace(&format!("https://{HOST}"), &format!("https://{HOST}:{}", scene.port));
    let around = format!("{{\n admin off\n auto_https disable_redirects\n}}\n{site}");
    let proxy = scene.start(&around, |file| {
        let mut command = Command::new(&caddy);
        command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file);
        command
            .env("HOME", &scene.folder)
            .env("XDG_DATA_HOME", &scene.folder)
            .env("XDG_CONFIG_HOME", &scene.folder);
        command
    });
    scene.try_out(proxy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c10_the_example_for_haproxy_works() {
    let Some(haproxy) = program("VESTIBULE_TEST_HAPROXY") else { return };
    let scene = Scene::set("haproxy").await;
    let text = scene.text.replace("bind :443", &format!("bind 127.0.0.1:{}", scene.port));
    let proxy = scene.start(&text, |file| {
        let mut command = Command::new(&haproxy);
        command.arg("-db").arg("-f").arg(file);
        command
    });
    scene.try_out(proxy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c10_the_example_for_apache_works() {
    let Some(apache) = program("VESTIBULE_TEST_APACHE") else { return };
    let scene = Scene::set("apache").await;
    let folder = scene.folder.display();
    let modules = ["mpm_event", "authz_core", "headers", "ssl", "proxy", "proxy_http"];
    let modules: String = modules
        .iter()
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
        .collect();
    let user = if nix_root() { "User daemon\nGroup daemon\n" } else { "" };
    let around = format!(
        "ServerRoot {folder}\n{modules}{user}PidFile {folder}/pid\nErrorLog {folder}/log\nServerName localhost\n\
         Listen 127.0.0.1:{}\n{}",
        scene.port,
        scene.text.replace("*:443", &format!("*:{}", scene.port))
    );
    let proxy = scene.start(&around, |file| {
        let mut command = Command::new(&apache);
        command.arg("-DFOREGROUND").arg("-f").arg(file);
        command
    });
    scene.try_out(proxy).await;
}
