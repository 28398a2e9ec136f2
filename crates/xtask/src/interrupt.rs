//! Ctrl-C, SIGTERM and SIGHUP: the running command is told to stop, and the program then winds up in good order,
//! so that nothing it started stays behind.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tokio::signal::unix::{SignalKind, signal};

static REQUESTED: AtomicBool = AtomicBool::new(false);
static GROUPS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Whether somebody asked the program to stop.
pub(crate) fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

/// Starts to listen, in a thread of its own. The first signal asks running commands to end, the second kills them.
pub(crate) fn listen() {
    std::thread::spawn(|| {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        runtime.block_on(async {
            let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) = (
                signal(SignalKind::interrupt()),
                signal(SignalKind::terminate()),
                signal(SignalKind::hangup()),
            ) else {
                return;
            };
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                    _ = hangup.recv() => {}
                }
                let again = REQUESTED.swap(true, Ordering::SeqCst);
                for group in GROUPS.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                    signal_group(*group, if again { "KILL" } else { "TERM" });
                }
            }
        });
    });
}

/// Sends a signal to every process of a group. Through the shell, whose `kill` is built in: sending signals needs
/// either that or unsafe code.
fn signal_group(group: u32, name: &str) {
    let _gone_already = std::process::Command::new("sh")
        .args(["-c", &format!("kill -{name} -- -{group} 2>/dev/null")])
        .status();
}

/// A process group that is told to stop while this value lives.
#[derive(Debug)]
pub(crate) struct Watched(u32);

impl Watched {
    /// Watches the group whose leader has this process id.
    pub(crate) fn new(group: u32) -> Self {
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner).push(group);
        // A signal that came between the start of the group and now has missed it.
        if requested() {
            signal_group(group, "TERM");
        }
        Self(group)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner).retain(|group| *group != self.0);
    }
}
