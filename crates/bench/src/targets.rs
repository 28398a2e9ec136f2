//! What the project promises itself, and whether these figures keep it.

use crate::{
    figures::{EngineFigures, Row},
    measure::Spread,
    workload::Work,
};

/// A promise and what came of it.
pub(crate) struct Verdict {
    /// What was promised.
    pub(crate) promise: &'static str,
    /// What was measured.
    pub(crate) figure: String,
    /// Whether it was kept.
    pub(crate) kept: bool,
}

/// KiB that one hash needs.
const HASH_KIB: u64 = 19_456;

/// All promises that these figures can judge.
pub(crate) fn judge(engine: &EngineFigures) -> Vec<Verdict> {
    let row = |work: Work| engine.rows.iter().find(|row| row.work == work);
    let mut verdicts = Vec::new();
    sign_ins(engine, &mut verdicts);
    for (work, promise, most) in [
        (Work::Silent, "silent sign-in and tokens ≤ 3 × floor", 3.0),
        (Work::Refresh, "refresh ≤ 3 × floor", 3.0),
        (Work::Userinfo, "userinfo with a JWT ≤ 2 × floor", 2.0),
        (Work::Jwks, "JWKS ≤ 1.5 × empty handler", 1.5),
        (Work::Discovery, "discovery ≤ 1.5 × empty handler", 1.5),
    ] {
        if let Some(row) = row(work) {
            let ratio = Spread::of(&row.comparison.ratio);
            let figure = format!("{:.2} × ({:.2}–{:.2})", ratio.median, ratio.least, ratio.most);
            verdicts.push(Verdict { promise, figure, kept: ratio.median <= most });
        }
    }
    if let Some(row) = row(Work::Refresh) {
        verdicts.push(commits("refresh in 1 commit", row, 1));
    }
    if let (Some(up), Some(silent)) = (row(Work::StepUp), row(Work::Silent)) {
        let cpu = |row: &Row| Spread::of(&row.comparison.product.cpu_us).median;
        let ratio = cpu(up) / cpu(silent).max(0.01);
        let figure = format!("{ratio:.2} ×");
        verdicts.push(Verdict { promise: "step-up ≤ 2 × silent sign-in", figure, kept: ratio <= 2.0 });
    }
    room_and_start(engine, &mut verdicts);
    verdicts
}

fn commits(promise: &'static str, row: &Row, most: u64) -> Verdict {
    Verdict { promise, figure: row.counted.commits.to_string(), kept: row.counted.commits <= most }
}

fn sign_ins(engine: &EngineFigures, verdicts: &mut Vec<Verdict>) {
    let row = |work: Work| engine.rows.iter().find(|row| row.work == work);
    let (Some(sign_in), Some(beside)) = (row(Work::SignIn), row(Work::SignInBesideHash)) else { return };
    let hash = Spread::of(&sign_in.comparison.floor.cpu_us).median;
    let beside_us = Spread::of(&beside.comparison.product.cpu_us).median;
    let ratio = (hash + beside_us) / hash.max(0.01);
    let whole = Spread::of(&sign_in.comparison.ratio);
    verdicts.push(Verdict {
        promise: "sign-in ≤ 1.05 × its hash",
        figure: format!(
            "{ratio:.3} × (the rest and one hash over the hash; the whole over the hash: {:.2} ×)",
            whole.median
        ),
        kept: ratio <= 1.05,
    });
    verdicts.push(Verdict {
        promise: "sign-in ≤ 0.8 ms beside its hash",
        figure: format!("{:.2} ms", beside_us / 1e3),
        kept: beside_us <= 800.0,
    });
    verdicts.push(commits("sign-in in ≤ 4 commits", sign_in, 4));
}

fn room_and_start(engine: &EngineFigures, verdicts: &mut Vec<Verdict>) {
    let mib = |kib: u64| {
        #[expect(clippy::cast_precision_loss, reason = "memory of one process")]
        let mib = kib as f64 / 1024.0;
        mib
    };
    let memory = &engine.memory;
    verdicts.push(Verdict {
        promise: "idle memory ≤ 25 MiB",
        figure: format!("{:.1} MiB", mib(memory.idle_kib)),
        kept: memory.idle_kib <= 25 * 1024,
    });
    let permits = u64::try_from(memory.permits).unwrap_or(1);
    let bound = (memory.idle_kib + permits * HASH_KIB) * 11 / 10;
    verdicts.push(Verdict {
        promise: "storm of sign-ins ≤ idle + permits × 19 MiB + 10 %",
        figure: format!("{:.1} of {:.1} MiB", mib(memory.storm_peak_kib), mib(bound)),
        kept: memory.storm_peak_kib <= bound,
    });
    if let Some(starts) = &engine.starts {
        let (warm, first) = (Spread::of(&starts.warm_ms), Spread::of(&starts.first_ms));
        let figure = |of: Spread| format!("{:.0} ms ({:.0}–{:.0})", of.median, of.least, of.most);
        let kept = warm.median <= 50.0;
        verdicts.push(Verdict { promise: "warm start ≤ 50 ms", figure: figure(warm), kept });
        let kept = first.median <= 1000.0;
        verdicts.push(Verdict { promise: "first start ≤ 1 s", figure: figure(first), kept });
    }
}
