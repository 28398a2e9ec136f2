//! `cargo xtask test`: everything set up, everything run, everything taken down.

use std::path::Path;

use crate::{
    cargo, checks,
    cli::TestOptions,
    consent::Consent,
    go, java,
    needs::Machine,
    node,
    postgres::Cluster,
    problem::Problem,
    python,
    report::{self, Report},
};

/// Runs what the options ask for into the report.
pub(crate) fn run(options: &TestOptions, consent: Consent, report: &mut Report) -> anyhow::Result<()> {
    if options.fast && report::in_ci() {
        return Err(Problem::error(
            "--fast leaves tests out, and with CI=true a skip is a failure",
            "run `cargo xtask test` without --fast, or unset CI",
        ));
    }
    let filter = options.filter.as_deref();
    if options.fast {
        report.skip(
            "house checks, PostgreSQL, Chromium, relying parties, oathtool, proxies",
            "--fast was given",
        );
        return tests(filter, &[], report);
    }
    if filter.is_none() {
        checks::all(report)?;
    } else {
        report.skip("house checks", "a filter was given");
    }
    let machine = Machine::prepare(consent)?;
    let root = std::env::current_dir()?;
    let tools = node::prepare(&root, &machine.node, &machine.npm)?;
    let python = python::prepare(&root, &machine.python)?;
    let go = go::prepare(&root, &machine.go)?;
    let archives = java::prepare(&root, &machine.maven)?;
    let cluster = Cluster::start(&machine.postgres)?;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let mut environment = vec![
        ("VESTIBULE_TEST_POSTGRES", cluster.url().to_owned()),
        ("VESTIBULE_TEST_CHROMIUM", text(&machine.chromium)),
        ("VESTIBULE_TEST_NODE", text(&machine.node)),
        ("VESTIBULE_TEST_NODE_TOOLS", text(&tools)),
        ("VESTIBULE_TEST_OATHTOOL", text(&machine.oathtool)),
        ("VESTIBULE_TEST_PYTHON", text(&python)),
        ("VESTIBULE_TEST_GO_PARTIES", text(&go)),
        ("VESTIBULE_TEST_JAVA", text(&machine.java)),
        ("VESTIBULE_TEST_JAVA_PARTIES", text(&archives.spring)),
        ("VESTIBULE_TEST_QUARKUS", text(&archives.quarkus)),
        ("VESTIBULE_TEST_MOD_AUTH_OPENIDC", text(&machine.mod_auth_openidc)),
        ("VESTIBULE_TEST_OIDC_AGENT", text(&machine.oidc_agent)),
        ("VESTIBULE_TEST_RUBY", text(&machine.ruby)),
    ];
    environment.extend(machine.proxies.iter().map(|(variable, program)| (*variable, text(program))));
    tests(filter, &environment, report)
}

fn tests(filter: Option<&str>, environment: &[(&str, String)], report: &mut Report) -> anyhow::Result<()> {
    let quiet = report.json();
    let mut counts = report::Counts::default();
    report.step("tests", "see `failures:` above; `cargo xtask test NAME` runs one again", || {
        let (good, counted) = cargo::test(filter, environment, quiet)?;
        counts = counted;
        Ok(good)
    })?;
    report.count(counts);
    if counts == report::Counts::default() {
        report.step(
            "at least one test",
            "nothing ran: see the build's errors above, or the filter",
            || Ok(false),
        )?;
    }
    Ok(())
}
