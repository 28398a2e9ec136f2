//! The program in a directory of a test's own.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// A directory of a test's own, deleted at its end.
pub(crate) struct Scratch(pub(crate) PathBuf);

/// Settings for [`Scratch::ready`].
pub(crate) const SETTINGS: &str = r#"
[server]
listen = "127.0.0.1:0"
[database]
url = "sqlite://test.sqlite"
[secrets]
key_ring_file = "key-ring"
[password_hashing]
memory_kib = 8
iterations = 1
"#;

impl Scratch {
    /// An empty directory.
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("vestibule-faults-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// With settings, a key ring and a migrated database.
    pub(crate) fn ready() -> Self {
        let scratch = Self::new();
        let key = scratch.run(&["keys", "generate"]).succeeded();
        scratch.write("key-ring", &key);
        set_mode(&scratch.0.join("key-ring"), 0o600);
        scratch.write("settings.toml", SETTINGS);
        scratch.run(&["migrate"]).succeeded();
        scratch
    }

    /// As [`Scratch::ready`], with a pool `acme`.
    pub(crate) fn with_pool() -> Self {
        let scratch = Self::ready();
        scratch
            .run(&["pool", "add", "acme", "--origin", "http://localhost:9999", "--name", "Acme"])
            .succeeded();
        scratch
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The program, in this directory, with nothing of this test run's environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
        command.args(arguments).current_dir(&self.0).env_clear().stdin(Stdio::null());
        if self.0.join("settings.toml").exists() {
            command.env("VESTIBULE_CONFIG", "settings.toml");
        }
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }

    /// The JSON that the program prints with `--json`.
    pub(crate) fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let all = [arguments, &["--json"]].concat();
        serde_json::from_str(&self.run(&all).succeeded()).unwrap()
    }

    /// Starts the program with a umask, and waits until it says that it is ready.
    pub(crate) fn serve_with_umask(&self, umask: &str) -> Served {
        let mut command = self.command(&[]);
        let program = command.get_program().to_owned();
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &format!("umask {umask}; exec \"$0\" serve --migrate")]).arg(program);
        shell.current_dir(&self.0).env_clear().env("VESTIBULE_CONFIG", "settings.toml");
        command = shell;
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("ready"), "{line}");
        Served(child)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A server, ended when dropped.
pub(crate) struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// How a run ended.
pub(crate) struct Ran {
    /// The exit code.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ran {
    /// From what the process left.
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Exit code 0; what was printed.
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "out: {}\nerr: {}", self.out, self.err);
        self.out
    }

    /// Exit code 1 with every one of these texts on standard error.
    #[track_caller]
    pub(crate) fn failed(self, texts: &[&str]) {
        assert_eq!(self.code, Some(1), "out: {}\nerr: {}", self.out, self.err);
        for text in texts {
            assert!(self.err.contains(text), "{text:?} is missing in: {}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}

/// The permission bits of a file.
#[cfg(unix)]
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Sets the permission bits of a file.
pub(crate) fn set_mode(path: &Path, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}
