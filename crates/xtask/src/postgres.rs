//! A private PostgreSQL cluster: on a free loopback port, in a directory of its own, gone at the end.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
};

use anyhow::{Context as _, bail};

use crate::{interrupt, problem::Problem, process, report::progress, tools};

const USER: &str = "vestibule";
const ATTEMPTS: u32 = 3;

/// A running cluster. Dropping it stops the server and removes its files.
///
/// A shell script keeps it; the pipe to that script is what holds the cluster up, so that it also ends when this
/// program is killed.
#[derive(Debug)]
pub(crate) struct Cluster {
    keeper: Child,
    url: String,
}

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// It does not: the data of tests is thrown away.
    Fast,
    /// It does (`fsync`, `synchronous_commit` and `full_page_writes` on), as in production: for measuring.
    Durable,
}

impl Cluster {
    /// Starts a cluster with the programs in `binaries`. Errors with the server's own words when it does not start.
    pub(crate) fn start(binaries: &Path) -> anyhow::Result<Self> {
        Self::start_keeping(binaries, Keeping::Fast)
    }

    /// As [`Cluster::start`], with the durability given.
    pub(crate) fn start_keeping(binaries: &Path, keeping: Keeping) -> anyhow::Result<Self> {
        progress("starting a private PostgreSQL cluster");
        let mut attempt = 1;
        loop {
            // Another program may take the free port before the server does.
            match Self::try_start(binaries, keeping) {
                Err(error) if attempt < ATTEMPTS && error.to_string().contains("Address already in use") => {
                    attempt += 1;
                }
                Err(error) => {
                    process::not_interrupted()?;
                    let remedy = "see the cause above; TMPDIR must name a directory that every user may write to, \
                                  with 200 MB free";
                    return Err(Problem::because(
                        error,
                        "the private PostgreSQL cluster did not start",
                        remedy,
                    ));
                }
                Ok(cluster) => return Ok(cluster),
            }
        }
    }

    /// The address of the database `postgres`, with a superuser's name and password.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn try_start(binaries: &Path, keeping: Keeping) -> anyhow::Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let password = password()?;
        let mut keeper = process::command("sh");
        keeper
            .args(["-c", include_str!("cluster.sh"), "cluster.sh"])
            .arg(binaries)
            .arg(port.to_string())
            .arg(USER)
            .arg(if keeping == Keeping::Durable { "durable" } else { "fast" });
        keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // The test run's own environment must not reach the server or its tools.
        for name in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGOPTIONS"] {
            keeper.env_remove(name);
        }
        become_somebody(&mut keeper)?;
        let keeper = keeper.spawn().context("cannot start a shell")?;
        let url = format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres");
        let mut cluster = Self { keeper, url };
        cluster.wait_until_ready(&password)?;
        Ok(cluster)
    }

    fn wait_until_ready(&mut self, password: &str) -> anyhow::Result<()> {
        if let Some(pipe) = self.keeper.stdin.as_mut() {
            writeln!(pipe, "{password}")?;
        }
        let mut line = String::new();
        if let Some(output) = self.keeper.stdout.as_mut() {
            BufReader::new(output).read_line(&mut line)?;
        }
        if line.trim() == "ready" {
            return Ok(());
        }
        let mut words = String::new();
        if let Some(errors) = self.keeper.stderr.as_mut() {
            errors.read_to_string(&mut words)?;
        }
        bail!("{}", words.trim());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ended = self.keeper.wait();
    }
}

/// PostgreSQL refuses to run as root: root becomes the `postgres` user, or `nobody` where there is none.
fn become_somebody(command: &mut Command) -> anyhow::Result<()> {
    if !tools::is_root() {
        return Ok(());
    }
    for user in ["postgres", "nobody"] {
        let number = |flag| tools::user_number(flag, Some(user));
        if let (Some(uid), Some(gid)) = (number("-u"), number("-g")) {
            command.uid(uid).gid(gid).current_dir("/").env("HOME", "/");
            return Ok(());
        }
    }
    bail!("PostgreSQL does not run as root, and there is neither a user `postgres` nor a user `nobody`");
}

/// 128 random bits: other users of this machine can reach the port.
fn password() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The directory that holds `initdb`, `pg_ctl` and `postgres` together: of the newest version that the
/// distribution keeps, or of the first `pg_ctl` on the `PATH`, seen through links.
pub(crate) fn find_binaries() -> Option<PathBuf> {
    let versioned = [("/usr/lib/postgresql", "bin"), ("/usr", "bin"), ("/opt/homebrew/opt", "bin")];
    let mut found: Vec<(u32, PathBuf)> = versioned
        .iter()
        .filter_map(|(parent, child)| Some((std::fs::read_dir(parent).ok()?, child)))
        .flat_map(|(entries, child)| entries.flatten().map(move |entry| (entry, child)))
        .filter_map(|(entry, child)| Some((version(entry.file_name().to_str()?)?, entry.path().join(child))))
        .filter(|(_, directory)| is_complete(directory))
        .collect();
    found.sort();
    let on_path = || {
        let program = tools::find(&["pg_ctl"])?.canonicalize().ok()?;
        program.parent().map(PathBuf::from).filter(|directory| is_complete(directory))
    };
    found.pop().map(|(_, directory)| directory).or_else(on_path)
}

/// The version in a directory's name: `15`, `pgsql-16`, `postgresql@17`.
fn version(name: &str) -> Option<u32> {
    let number = name.strip_prefix("pgsql-").or_else(|| name.strip_prefix("postgresql@")).unwrap_or(name);
    number.parse().ok()
}

fn is_complete(directory: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|name| tools::is_program(&directory.join(name)))
}

/// `cargo xtask postgres`: the cluster, for as long as a command runs or until Ctrl-C; `binaries` holds its programs.
pub(crate) fn serve(command: &[String], binaries: &Path) -> anyhow::Result<ExitCode> {
    let cluster = Cluster::start(binaries)?;
    let [program, arguments @ ..] = command else {
        println!("VESTIBULE_TEST_POSTGRES={}", cluster.url());
        eprintln!("Ctrl-C stops and removes it");
        while !interrupt::requested() {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        return Ok(ExitCode::SUCCESS);
    };
    // In our own process group and with our input: the command may be interactive, and Ctrl-C reaches it directly.
    let status = Command::new(program)
        .args(arguments)
        .env("VESTIBULE_TEST_POSTGRES", cluster.url())
        .status()
        .map_err(|error| {
            Problem::because(error, format!("cannot start `{program}`"), "give a program that is on the PATH")
        })?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_the_names_distributions_use() {
        assert_eq!(version("15"), Some(15));
        assert_eq!(version("pgsql-16"), Some(16));
        assert_eq!(version("postgresql@17"), Some(17));
        assert_eq!(version("lib"), None);
    }

    #[test]
    fn passwords_differ_and_fit_an_address() {
        let (one, two) = (password().unwrap(), password().unwrap());
        assert_ne!(one, two);
        assert!(one.len() == 32 && one.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
