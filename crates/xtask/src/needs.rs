//! What the tests need from the machine: one row a program, with how to find it and how to get it.

use std::path::{Path, PathBuf};

use crate::{consent::Consent, postgres, problem::Problem, process, report::progress, tools};

/// One thing the tests need.
struct Need {
    /// What it is, for people.
    name: &'static str,
    /// An environment variable that names the program and wins over the search.
    variable: Option<&'static str>,
    /// Looks for it.
    find: fn() -> Option<PathBuf>,
    /// Debian packages that bring it.
    packages: &'static [&'static str],
    /// How to get it elsewhere.
    elsewhere: &'static str,
}

const POSTGRES: Need = Need {
    name: "PostgreSQL server (initdb, pg_ctl, postgres)",
    variable: None,
    find: postgres::find_binaries,
    packages: &["postgresql"],
    elsewhere: "Fedora: dnf install postgresql-server; Arch: pacman -S postgresql; macOS: brew install postgresql@17",
};
const CHROMIUM: Need = Need {
    name: "Chromium",
    variable: Some("VESTIBULE_TEST_CHROMIUM"),
    find: find_chromium,
    packages: &["chromium", "fonts-noto-core"],
    elsewhere: "Fedora: dnf install chromium; Arch: pacman -S chromium; macOS: brew install --cask chromium; \
                or set VESTIBULE_TEST_CHROMIUM to any Chromium or Chrome",
};
const NODE: Need = Need {
    name: "Node.js, 18 or later",
    variable: None,
    find: || tools::find(&["node", "nodejs"]),
    packages: &["nodejs"],
    elsewhere: "Fedora: dnf install nodejs; Arch: pacman -S nodejs; macOS: brew install node",
};
const NPM: Need = Need {
    name: "npm",
    variable: None,
    find: || tools::find(&["npm"]),
    packages: &["npm"],
    elsewhere: "Fedora: dnf install nodejs-npm; Arch: pacman -S npm; macOS: comes with node",
};
const OATHTOOL: Need = Need {
    name: "oathtool",
    variable: Some("VESTIBULE_TEST_OATHTOOL"),
    find: || tools::find(&["oathtool"]),
    packages: &["oathtool"],
    elsewhere: "Fedora: dnf install oathtool; Arch: pacman -S oath-toolkit; macOS: brew install oath-toolkit",
};
const PYTHON: Need = Need {
    name: "Python, 3.10 or later",
    variable: None,
    find: || tools::find(&["python3"]),
    packages: &["python3", "python3-venv"],
    elsewhere: "Fedora: dnf install python3; Arch: pacman -S python; macOS: brew install python",
};
const GO: Need = Need {
    name: "Go, 1.26 or later",
    variable: None,
    find: find_go,
    packages: &["golang-go"],
    elsewhere: "Fedora: dnf install golang; Arch: pacman -S go; macOS: brew install go",
};

const JAVA: Need = Need {
    name: "Java, 17 or later",
    variable: None,
    find: || tools::find(&["java"]),
    packages: &["default-jdk-headless"],
    elsewhere: "Fedora: dnf install java-21-openjdk-devel; Arch: pacman -S jdk-openjdk; macOS: brew install openjdk",
};
const MAVEN: Need = Need {
    name: "Maven",
    variable: None,
    find: || tools::find(&["mvn"]),
    packages: &["maven"],
    elsewhere: "Fedora: dnf install maven; Arch: pacman -S maven; macOS: brew install maven",
};

const NGINX: Need = Need {
    name: "nginx",
    variable: Some("VESTIBULE_TEST_NGINX"),
    find: || find_server("nginx"),
    packages: &["nginx-light"],
    elsewhere: "Fedora: dnf install nginx; Arch: pacman -S nginx; macOS: brew install nginx",
};
const HAPROXY: Need = Need {
    name: "HAProxy",
    variable: Some("VESTIBULE_TEST_HAPROXY"),
    find: || find_server("haproxy"),
    packages: &["haproxy"],
    elsewhere: "Fedora: dnf install haproxy; Arch: pacman -S haproxy; macOS: brew install haproxy",
};
const APACHE: Need = Need {
    name: "Apache",
    variable: Some("VESTIBULE_TEST_APACHE"),
    find: || find_server("apache2"),
    packages: &["apache2-bin"],
    elsewhere: "the test knows the layout of Debian's package; set VESTIBULE_TEST_APACHE to its apache2",
};
const CADDY: Need = Need {
    name: "Caddy",
    variable: Some("VESTIBULE_TEST_CADDY"),
    find: || find_server("caddy"),
    packages: &["caddy"],
    elsewhere: "Fedora: dnf install caddy; Arch: pacman -S caddy; macOS: brew install caddy",
};

// Relying parties that distributions package.
const MOD_AUTH_OPENIDC: Need = Need {
    name: "mod_auth_openidc",
    variable: None,
    find: find_mod_auth_openidc,
    packages: &["libapache2-mod-auth-openidc"],
    elsewhere: "the test knows the layout of Debian's package",
};
const OIDC_AGENT: Need = Need {
    name: "oidc-agent",
    variable: None,
    find: || tools::find(&["oidc-agent"]),
    packages: &["oidc-agent-cli"],
    elsewhere: "https://indigo-dc.gitbook.io/oidc-agent tells how",
};
const RUBY: Need = Need {
    name: "Ruby with OmniAuth for OpenID Connect",
    variable: None,
    find: find_ruby,
    packages: &["ruby-omniauth-openid-connect"],
    elsewhere: "Ruby, and gem install gitlab-omniauth-openid-connect",
};

/// Everything the tests need, found on this machine.
#[derive(Debug)]
pub(crate) struct Machine {
    /// The directory with `initdb`, `pg_ctl` and `postgres`.
    pub(crate) postgres: PathBuf,
    /// The browser.
    pub(crate) chromium: PathBuf,
    /// Node.js.
    pub(crate) node: PathBuf,
    /// Node.js's package manager.
    pub(crate) npm: PathBuf,
    /// An independent authenticator.
    pub(crate) oathtool: PathBuf,
    /// Python, which makes an environment of its own for the tests.
    pub(crate) python: PathBuf,
    /// Go's compiler.
    pub(crate) go: PathBuf,
    /// Java's virtual machine.
    pub(crate) java: PathBuf,
    /// What builds in Java.
    pub(crate) maven: PathBuf,
    /// Apache's module for OpenID Connect.
    pub(crate) mod_auth_openidc: PathBuf,
    /// An agent that keeps tokens for command lines; its other programs are beside it.
    pub(crate) oidc_agent: PathBuf,
    /// Ruby, with OmniAuth.
    pub(crate) ruby: PathBuf,
    /// Proxies whose examples are tried, each with the variable that names it to the tests.
    pub(crate) proxies: Vec<(&'static str, PathBuf)>,
}

impl Machine {
    /// Finds everything, and installs what is missing where that is possible and allowed. Errors with what to install
    /// by hand.
    pub(crate) fn prepare(consent: Consent) -> anyhow::Result<Self> {
        progress(
            "looking for PostgreSQL, Chromium, Node.js, Python, Go, Java, Ruby, oathtool, oidc-agent and proxies",
        );
        let languages = [NODE, NPM, PYTHON, GO, JAVA, MAVEN, RUBY];
        let programs = [POSTGRES, CHROMIUM, OATHTOOL, OIDC_AGENT];
        let servers = [NGINX, HAPROXY, APACHE, MOD_AUTH_OPENIDC, CADDY];
        install_missing(languages.iter().chain(&programs).chain(&servers), consent)?;
        let proxies = [NGINX, HAPROXY, APACHE, CADDY].into_iter().filter_map(|need| {
            need.variable.map(|variable| need.require().map(|program| (variable, program)))
        });
        let machine = Self {
            postgres: POSTGRES.require()?,
            chromium: CHROMIUM.require()?,
            node: NODE.require()?,
            npm: NPM.require()?,
            oathtool: OATHTOOL.require()?,
            python: PYTHON.require()?,
            go: GO.require()?,
            java: JAVA.require()?,
            maven: MAVEN.require()?,
            mod_auth_openidc: MOD_AUTH_OPENIDC.require()?,
            oidc_agent: OIDC_AGENT.require()?,
            ruby: RUBY.require()?,
            proxies: proxies.collect::<anyhow::Result<_>>()?,
        };
        runs(&machine.chromium, CHROMIUM.elsewhere)?;
        runs(&machine.oathtool, OATHTOOL.elsewhere)?;
        Ok(machine)
    }
}

/// The directory with PostgreSQL's programs, installed first when missing.
pub(crate) fn postgres_binaries(consent: Consent) -> anyhow::Result<PathBuf> {
    install_missing([&POSTGRES], consent)?;
    POSTGRES.require()
}

/// Chromium and oathtool, installed first when missing.
pub(crate) fn browser(consent: Consent) -> anyhow::Result<(PathBuf, PathBuf)> {
    install_missing([&CHROMIUM, &OATHTOOL], consent)?;
    Ok((CHROMIUM.require()?, OATHTOOL.require()?))
}

impl Need {
    fn look(&self) -> anyhow::Result<Option<PathBuf>> {
        let named =
            self.variable.and_then(|name| std::env::var_os(name).map(|value| (name, PathBuf::from(value))));
        match named {
            Some((_, program)) if tools::is_program(&program) => Ok(Some(program)),
            Some((name, program)) => Err(Problem::error(
                format!("{name} is set to {}, which is not a program", program.display()),
                format!("unset {name}, or set it to the program's path"),
            )),
            None => Ok((self.find)()),
        }
    }

    fn require(&self) -> anyhow::Result<PathBuf> {
        self.look()?.ok_or_else(|| Problem::error(format!("{} was not found", self.name), self.by_hand()))
    }

    fn by_hand(&self) -> String {
        format!(
            "    {}: Debian, Ubuntu: apt-get install {}; {}",
            self.name,
            self.packages.join(" "),
            self.elsewhere
        )
    }
}

fn install_missing<'a>(needs: impl IntoIterator<Item = &'a Need>, consent: Consent) -> anyhow::Result<()> {
    let mut missing = Vec::new();
    for need in needs {
        if need.look()?.is_none() {
            missing.push(need);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|need| need.name).collect();
    progress(&format!("missing: {}", names.join(", ")));
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages.iter().copied()).collect();
    let by_hand: Vec<String> = missing.iter().map(|need| need.by_hand()).collect();
    tools::install(&packages, &by_hand.join("\n"), consent)
}

/// A server's program. It is not on everybody's `PATH`.
fn find_server(name: &str) -> Option<PathBuf> {
    let among = || ["/usr/sbin", "/usr/local/sbin"].map(|folder| Path::new(folder).join(name));
    tools::find(&[name]).or_else(|| among().into_iter().find(|program| tools::is_program(program)))
}

/// Apache's module, where Debian has Apache's modules.
fn find_mod_auth_openidc() -> Option<PathBuf> {
    Some(PathBuf::from("/usr/lib/apache2/modules/mod_auth_openidc.so")).filter(|module| module.is_file())
}

/// A Ruby that has the library; the distribution's own may not be the first.
fn find_ruby() -> Option<PathBuf> {
    let of_distribution = PathBuf::from("/usr/bin/ruby");
    let has_library = |ruby: &PathBuf| {
        let mut load = process::command(ruby);
        load.args(["-e", "require 'omniauth_openid_connect'"]);
        process::succeeds(load)
    };
    tools::find(&["ruby"]).into_iter().chain([of_distribution]).find(has_library)
}

/// Go, also where its own installer puts it.
fn find_go() -> Option<PathBuf> {
    let own = || Some(PathBuf::from("/usr/local/go/bin/go")).filter(|program| tools::is_program(program));
    tools::find(&["go"]).or_else(own)
}

fn find_chromium() -> Option<PathBuf> {
    let on_path = tools::find(&["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]);
    on_path.or_else(|| {
        [
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        ]
        .into_iter()
        .map(PathBuf::from)
        .find(|program| tools::is_program(program))
    })
}

/// A file of that name is not enough: some systems install a stub that only says where to get the real one.
fn runs(program: &Path, elsewhere: &str) -> anyhow::Result<()> {
    let mut version = process::command(program);
    version.arg("--version");
    process::output(version).map(|_version| ()).map_err(|error| {
        Problem::because(error, format!("{} does not run", program.display()), elsewhere.to_owned())
    })
}
