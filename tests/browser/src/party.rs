//! A relying party that is a program of its own and talks in lines.

use serde_json::Value;
use std::{path::Path, process::Stdio};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    task::JoinHandle,
};

/// It is told in JSON, as its last argument, what it is to do; it writes lines and reads lines. It ends with this value.
pub struct RelyingParty {
    _child: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    complaint: JoinHandle<String>,
}

impl RelyingParty {
    /// Starts it.
    ///
    /// # Panics
    /// When the program is not there.
    pub fn start(mut command: Command, asked: &Value) -> Self {
        let mut child = command
            .arg(asked.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut errors = child.stderr.take().unwrap();
        // Read all along: some write more than a pipe holds.
        let complaint = tokio::spawn(async move {
            let mut text = String::new();
            errors.read_to_string(&mut text).await.unwrap();
            text
        });
        let input = child.stdin.take().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { _child: child, input, lines, complaint }
    }

    /// Its next line, or what it complained about when it ended instead.
    ///
    /// # Errors
    /// The complaint.
    pub async fn line(&mut self) -> Result<String, String> {
        match self.lines.next_line().await.unwrap() {
            Some(line) => Ok(line),
            None => Err((&mut self.complaint).await.unwrap()),
        }
    }

    /// Its next line that is JSON: a library may have something to say as well.
    ///
    /// # Errors
    /// What it complained about when it ended instead.
    pub async fn word(&mut self) -> Result<Value, String> {
        loop {
            if let Ok(word) = serde_json::from_str(&self.line().await?) {
                return Ok(word);
            }
        }
    }

    /// Tells it something.
    ///
    /// # Panics
    /// When it no longer listens.
    pub async fn tell(&mut self, line: &str) {
        self.input.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }
}

/// A party that is a script of `interop` below the directory with the tools.
pub fn script(interpreter: &Path, tools: &Path, name: &str) -> Command {
    let mut command = Command::new(interpreter);
    command.arg(tools.join("interop").join(name));
    command
}

/// A party that is a program of the archive.
pub fn java_program(java: &Path, archive: &Path, name: &str) -> Command {
    let mut command = Command::new(java);
    command.arg("-jar").arg(archive).arg(name);
    command
}
