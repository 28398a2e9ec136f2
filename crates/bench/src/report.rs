//! The report that is made of the figures.

use crate::{
    figures::{EngineFigures, Report},
    measure::Spread,
    targets,
};
use std::fmt::Write as _;

const INTRODUCTION: &str = "# Benchmarks

Written by `cargo xtask bench`; do not edit. The machine is shared with other work: **the ratios are the result**, the
absolute times are not. The figure that counts is the user and system processor time of the server's process (with
PostgreSQL, of all its processes as well), divided by the operations of a round. The load generator is a process of its
own and not counted. Product and floor take turns, A, B, A, B; each cell is the middle of the rounds, its range in
parentheses. Operations per second are shared with the generator and only a by-product.

*Floor*: `axum` and nothing around it, doing the same number of requests, durable commits and ES256 signatures as the
protocol makes unavoidable, measured in the same run. A commit of the floor is one row in a commit shared by the rows
that wait (SQLite, raw driver), or one insert (PostgreSQL). Floors read no row and render no page.

Settings are those of production: argon2id with 19 MiB, 2 passes, 1 lane and one permit a core; ES256 tokens; SQLite
WAL with `synchronous = FULL`, PostgreSQL with `fsync = on` and `synchronous_commit = on`; limits, counting of attempts
and the audit trail on, nothing relaxed; logs at `warn`; no TLS; loopback; 16 connections (6 for sign-ins). Every answer is
checked: status, state, issuer, nonce, signature, `acr`, rotation, and that a refresh token used twice is refused.
Statements and commits are counted by the store, one operation at a time, without those that begin and end a
transaction. A trip is one question to the driver's thread (SQLite) or to the server (PostgreSQL): several statements may
share one, and those that begin and end a transaction count unless they share one, too. Codes of an authenticator are good once here, too, so sign-ins and step-ups are
bounded in number.

The letters are those by which older reports name the workloads.
";

/// What profiles said; written by hand.
const NOTES: &str = include_str!("notes.md");

/// The report as it is kept in the repository.
pub(crate) fn markdown(report: &Report) -> String {
    let mut text = INTRODUCTION.to_owned();
    let machine = &report.machine;
    line(
        &mut text,
        &format!(
            "\nMachine: {}, {} cores, {} MiB, Linux {}; load average at the end {}. Version {}{}.",
            machine.processor,
            machine.cores,
            machine.memory_mib,
            machine.kernel,
            machine.load,
            machine.version,
            if machine.quick { "; a **quick** run: few and short rounds" } else { "" },
        ),
    );
    for engine in &report.engines {
        section(&mut text, engine);
    }
    text + NOTES
}

/// Writing to a text cannot fail.
fn line(text: &mut String, line: &str) {
    let _ = writeln!(text, "{line}");
}

fn section(text: &mut String, engine: &EngineFigures) {
    let name = if engine.memory.engine_is_sqlite { "SQLite" } else { "PostgreSQL" };
    line(text, &format!("\n## {name}\n\n### Targets\n\n|Target | Measured | Met|\n|---|---|---|"));
    for verdict in targets::judge(engine) {
        let met = if verdict.kept { "yes" } else { "**no**" };
        line(text, &format!("|{} | {} | {met}|", verdict.promise, verdict.figure));
    }
    line(
        text,
        "\n### Workloads\n\n|Workload | Floor | CPU µs | Floor µs | Ratio | Statements | Trips | Commits | Per second|",
    );
    line(text, "|---|---|---|---|---|---|---|---|---|");
    for row in &engine.rows {
        let side = |figures: &[f64]| whole(Spread::of(figures));
        let ratio = Spread::of(&row.comparison.ratio);
        line(
            text,
            &format!(
                "|{} | {} | {} | {} | **{:.2}** ({:.2}–{:.2}) | {} | {} | {} | {:.0}|",
                row.work.name(),
                row.work.floor_name(),
                side(&row.comparison.product.cpu_us),
                side(&row.comparison.floor.cpu_us),
                ratio.median,
                ratio.least,
                ratio.most,
                row.counted.statements,
                row.counted.trips,
                row.counted.commits,
                Spread::of(&row.comparison.product.per_second).median,
            ),
        );
    }
    let floors = &engine.floors;
    line(text, "\n### Floors by themselves\n\n|Floor | CPU µs|\n|---|---|");
    for (name, spread) in [
        ("empty handler", floors.hello),
        ("form, SHA-256, one ES256 signature, JSON", floors.sign),
        ("the same and one durable row", floors.commit),
        ("one ES256 verification, JSON", floors.verify),
    ] {
        line(text, &format!("|{name} | {}|", whole(spread)));
    }
    memory(text, engine);
}

fn memory(text: &mut String, engine: &EngineFigures) {
    let memory = &engine.memory;
    let mib = |kib: u64| format!("{}.{} MiB", kib / 1024, kib % 1024 * 10 / 1024);
    line(
        text,
        &format!(
            "\n### Memory and start\n\nIdle {}, after the workloads {}, at the most while {} people sign in at once {}.",
            mib(memory.idle_kib),
            mib(memory.after_load_kib),
            memory.storm,
            mib(memory.storm_peak_kib),
        ),
    );
    if let Some(starts) = &engine.starts {
        let (warm, first) = (Spread::of(&starts.warm_ms), Spread::of(&starts.first_ms));
        line(
            text,
            &format!(
                "From starting the program to its first answer: {} ms with a database, {} ms with none (schema included).",
                whole(warm),
                whole(first)
            ),
        );
    }
}

fn whole(spread: Spread) -> String {
    format!("{:.0} ({:.0}–{:.0})", spread.median, spread.least, spread.most)
}
