//! Logs: on standard error, as text for people or JSON for machines, with dotted fields such as `pool.id`.

use tracing_subscriber::{
    Layer as _, filter::LevelFilter, filter::Targets, fmt, layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};
use vestibule_config::{Log, LogFormat, LogLevel};

/// Starts logging. A second call in one process changes nothing.
pub(crate) fn init(log: &Log) {
    let own = match log.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    // Libraries are heard only when something is wrong: their details repeat statements and addresses.
    let filter = Targets::new().with_target("vestibule", own).with_default(own.min(LevelFilter::WARN));
    let layer = fmt::layer().with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => {
            let rich = std::io::IsTerminal::is_terminal(&std::io::stderr())
                && std::env::var_os("NO_COLOR").is_none();
            tracing_subscriber::registry().with(layer.with_ansi(rich).with_filter(filter)).try_init()
        }
        LogFormat::Json => {
            let layer = layer.json().flatten_event(true).with_current_span(true).with_span_list(false);
            tracing_subscriber::registry().with(layer.with_filter(filter)).try_init()
        }
    };
    // An error means that a subscriber is there already: a test's, which is just as well.
    drop(started);
}
