//! Processes and the machine: starting, stopping, processor time, memory.

use anyhow::{Context as _, bail};
use serde::Serialize;
use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

/// A server that was started here. Dropping it ends it.
pub(crate) struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Process {
    /// Starts a server and waits for its line that says where it listens.
    pub(crate) fn start(program: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = child.stdout.take().context("no standard output")?;
        let input = child.stdin.take();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut process = Self { child, input, output: BufReader::new(output), address };
        let line = process.line()?;
        let ready: serde_json::Value =
            serde_json::from_str(&line).with_context(|| format!("the server did not start: {line:?}"))?;
        let address = ready.get("listen").and_then(serde_json::Value::as_str).context("no address")?;
        process.address = address.parse()?;
        if !process.address.ip().is_loopback() {
            bail!("the server listens on {address}, which is not loopback");
        }
        Ok(process)
    }

    fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    /// Statements, trips and commits so far; only of a server that was started with its counters on the pipe.
    pub(crate) fn counters(&mut self) -> anyhow::Result<[u64; 3]> {
        let input = self.input.as_mut().context("no pipe")?;
        input.write_all(b"?\n")?;
        input.flush()?;
        let line = self.line()?;
        let mut numbers = line.split(' ').map(str::parse);
        let mut next = || anyhow::Ok(numbers.next().context("no counters")??);
        Ok([next()?, next()?, next()?])
    }

    /// Its number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// A figure of memory in KiB from `/proc/ID/status`: `VmRSS` now, `VmHWM` at most.
    pub(crate) fn memory(&self, field: &str) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        Ok(line.and_then(|line| line.split_whitespace().next()).context("no such figure")?.parse()?)
    }

    /// Forgets the highest memory so far.
    pub(crate) fn forget_peak(&self) -> anyhow::Result<()> {
        std::fs::write(format!("/proc/{}/clear_refs", self.id()), "5").context("clear_refs")
    }

    /// Ends it with SIGTERM, as an operator would.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        drop(self.input.take());
        let ended = Command::new("kill").args(["-TERM", &self.id().to_string()]).status()?;
        if !ended.success() {
            bail!("the server was gone before it was stopped");
        }
        for _ in 0..150 {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        bail!("the server did not stop")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After `stop` there is nothing left to do, and the error says so.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads the processor time of a server, and of the database's processes with it.
pub(crate) struct Meter {
    server: u32,
    postmaster: Option<u32>,
    per_second: f64,
}

/// User and system time of a process and of its children that ended, in ticks, and its parent.
struct Times {
    own: u64,
    reaped: u64,
    parent: u32,
}

fn times(process: u32) -> Option<Times> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Times {
        own: number(11)? + number(12)?,
        reaped: number(13)? + number(14)?,
        parent: u32::try_from(number(1)?).ok()?,
    })
}

impl Meter {
    /// For a server and, with PostgreSQL, the process that all of the database's processes descend from.
    pub(crate) fn new(server: u32, postmaster: Option<u32>) -> anyhow::Result<Self> {
        let ticks = Command::new("getconf").arg("CLK_TCK").output().context("getconf")?;
        let per_second = String::from_utf8_lossy(&ticks.stdout).trim().parse().context("CLK_TCK")?;
        Ok(Self { server, postmaster, per_second })
    }

    /// Seconds of processor time so far.
    pub(crate) fn seconds(&self) -> anyhow::Result<f64> {
        let server = times(self.server).context("the server is gone")?;
        let mut ticks = server.own + server.reaped;
        if let Some(postmaster) = self.postmaster {
            let main = times(postmaster).context("the database is gone")?;
            ticks += main.own + main.reaped;
            let others = std::fs::read_dir("/proc")?.flatten();
            let others = others.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
            let children = others.filter_map(times).filter(|child| child.parent == postmaster);
            ticks += children.map(|child| child.own + child.reaped).sum::<u64>();
        }
        #[expect(clippy::cast_precision_loss, reason = "ticks of a benchmark are few")]
        Ok(ticks as f64 / self.per_second)
    }
}

/// The parent of a process.
pub(crate) fn parent_of(process: u32) -> anyhow::Result<u32> {
    Ok(times(process).context("no such process")?.parent)
}

/// Where it was measured.
#[derive(Serialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_mib: u64,
    pub(crate) kernel: String,
    pub(crate) load: String,
    pub(crate) quick: bool,
    pub(crate) version: String,
}

/// What to say about the machine; `quick` is noted with it.
pub(crate) fn describe(quick: bool) -> Machine {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo.lines().find(|line| line.starts_with("model name"));
    let model = model.and_then(|line| line.split_once(':')).map_or("unknown", |(_, model)| model.trim());
    let memory = read("/proc/meminfo");
    let memory = memory.lines().next().and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    let load = read("/proc/loadavg");
    Machine {
        processor: model.to_owned(),
        cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        memory_mib: memory.unwrap_or_default() / 1024,
        kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
        load: load.split_whitespace().next().unwrap_or_default().to_owned(),
        quick,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}
