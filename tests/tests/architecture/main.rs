//! The direction in which the workspace's crates may depend on each other, and the libraries that must stay out.
//!
//! `domain` ← `mfa`, `oidc`, `outbound`, `store`, `pages` (siblings, never each other) ← `flows` (without `pages`) ← `web`
//! (without `store`) ← `server`. `jose` and `seal` know nobody, `config` knows `domain`, and only `server` reads `config`.
//! `resource-server` is for the APIs of others and knows `jose` alone. An edge that [`RULES`] does not name fails.
#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod folders;

use std::{collections::BTreeMap, process::Command};

/// What one crate may depend on.
struct Rule {
    /// The crate.
    name: &'static str,
    /// What it may use in the product.
    uses: &'static [&'static str],
    /// What its tests and examples may use besides.
    tests_use: &'static [&'static str],
    /// Why, for the message.
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule { name: "vestibule-seal", uses: &[], tests_use: &[], why: "sealing stands alone" },
    Rule {
        name: "vestibule-x509",
        uses: &["vestibule-seal"],
        tests_use: &[],
        why: "certificates stand alone: what they are good for is for others",
    },
    Rule { name: "vestibule-jose", uses: &[], tests_use: &[], why: "signing stands alone" },
    Rule {
        name: "vestibule-resource-server",
        uses: &["vestibule-jose"],
        tests_use: &[],
        why: "it is for APIs of other people, whoever their provider is: it knows signatures, and nothing of the product",
    },
    Rule {
        name: "vestibule-config",
        uses: &["vestibule-domain"],
        tests_use: &[],
        why: "files say the domain's own values and keep its rules; they know no protocol, factor, database or page",
    },
    Rule {
        name: "vestibule-domain",
        uses: &["vestibule-seal", "vestibule-x509"],
        tests_use: &[],
        why: "the domain is the bottom: it knows no protocol, no factor, no database, no page",
    },
    Rule {
        name: "vestibule-mfa",
        uses: &["vestibule-domain", "vestibule-seal"],
        // Itself, with the contract suite that it offers to other crates.
        tests_use: &["vestibule-mfa"],
        why: "factors know no OAuth, no database and no page; `flows` joins them",
    },
    Rule {
        name: "vestibule-oidc",
        uses: &["vestibule-domain", "vestibule-jose", "vestibule-seal", "vestibule-x509"],
        tests_use: &[],
        why: "the protocol knows no factor, no database and no page; `flows` joins them",
    },
    Rule {
        name: "vestibule-outbound",
        uses: &["vestibule-domain"],
        tests_use: &[],
        why: "the client knows addresses and limits, not what is fetched, and for which protocol",
    },
    Rule {
        name: "vestibule-store",
        uses: &["vestibule-domain", "vestibule-seal"],
        tests_use: &[],
        why: "the store knows rows, not protocols, factors or pages",
    },
    Rule {
        name: "vestibule-pages",
        uses: &["vestibule-domain"],
        // What the templates of factors are filled with comes from the factors.
        tests_use: &["vestibule-mfa"],
        why: "a page has a context of its own and knows no protocol, factor or database",
    },
    Rule {
        name: "vestibule-flows",
        uses: &[
            "vestibule-domain",
            "vestibule-jose",
            "vestibule-mfa",
            "vestibule-oidc",
            "vestibule-outbound",
            "vestibule-seal",
            "vestibule-store",
            "vestibule-x509",
        ],
        tests_use: &[],
        why: "use cases end in outcomes: they know no page, no HTTP and no settings file",
    },
    Rule {
        name: "vestibule-web",
        uses: &[
            "vestibule-domain",
            "vestibule-flows",
            "vestibule-mfa",
            "vestibule-oidc",
            "vestibule-pages",
            "vestibule-x509",
        ],
        // A route is tested on a real database; the product never reaches past `flows`.
        tests_use: &["vestibule-jose", "vestibule-seal", "vestibule-store"],
        why: "the web reaches the store only through `flows`, and settings only as values `server` hands it",
    },
    Rule {
        name: "vestibule",
        uses: &[
            "relying-party",
            "vestibule-config",
            "vestibule-domain",
            "vestibule-flows",
            "vestibule-jose",
            "vestibule-mfa",
            "vestibule-oidc",
            "vestibule-outbound",
            "vestibule-pages",
            "vestibule-seal",
            "vestibule-store",
            "vestibule-web",
        ],
        tests_use: &["vestibule-tests"],
        why: "the binary joins everything but the developer's tools",
    },
    Rule {
        name: "vestibule-browser-tests",
        uses: &[
            "relying-party",
            // Presets are read as the server reads them.
            "vestibule",
            "vestibule-config",
            "vestibule-domain",
            "vestibule-jose",
            "vestibule-flows",
            "vestibule-pages",
            // A server of the Model Context Protocol, as somebody would make one.
            "vestibule-resource-server",
            "vestibule-store",
            "vestibule-tests",
            "vestibule-web",
        ],
        tests_use: &[
            "relying-party",
            "vestibule-domain",
            "vestibule-jose",
            "vestibule-flows",
            "vestibule-pages",
            "vestibule-tests",
            "vestibule-store",
            "vestibule-web",
        ],
        why: "a browser in front of the harness; a workspace package of its own because its dependencies are heavy",
    },
    Rule {
        name: "relying-party",
        uses: &["vestibule-resource-server"],
        tests_use: &[],
        why: "the demo application is written as any customer would write it, with nothing of ours but the crate for APIs",
    },
    Rule {
        name: "grid-card",
        uses: &["vestibule", "vestibule-domain", "vestibule-mfa", "vestibule-pages", "vestibule-seal"],
        tests_use: &["vestibule-tests"],
        why: "a factor of somebody else's: what `mfa` and `pages` offer to everybody, and a binary to run it in",
    },
    Rule {
        name: "embedded",
        uses: &["vestibule"],
        tests_use: &["vestibule-domain", "vestibule-seal", "vestibule-tests"],
        why: "an application of somebody else's that mounts the product: what the binary's crate offers",
    },
    Rule {
        name: "vestibule-bench",
        uses: &[
            "vestibule",
            "vestibule-config",
            "vestibule-domain",
            "vestibule-flows",
            "vestibule-mfa",
            "vestibule-seal",
            "vestibule-store",
        ],
        tests_use: &[],
        why: "the benchmark starts the server, fills its database and speaks HTTP to it; nobody depends on it",
    },
    Rule {
        name: "xtask",
        uses: &["vestibule-config"],
        tests_use: &[],
        why: "developer commands run the product, they are not built on it; only the settings' schema is written here",
    },
];

/// The package of whole-product tests may use everything.
const FREE: &str = "vestibule-tests";

/// Libraries that must not be in the product: TLS is rustls, and cryptography is aws-lc-rs.
const BANNED: &[&str] = &["ring", "openssl-sys", "native-tls"];

/// One dependency between two crates of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edge {
    from: String,
    to: String,
    dev: bool,
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(arguments)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

/// The names of the workspace's crates, and the edges between them.
fn workspace() -> (Vec<String>, Vec<Edge>) {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1", "--offline"]);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("metadata is JSON");
    let text = |value: &serde_json::Value| value.as_str().expect("a name").to_owned();
    let packages = metadata["packages"].as_array().expect("packages");
    let names: Vec<String> = packages.iter().map(|package| text(&package["name"])).collect();
    let edges = packages.iter().flat_map(|package| {
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        dependencies.iter().map(move |dependency| Edge {
            from: text(&package["name"]),
            to: text(&dependency["name"]),
            dev: dependency["kind"] == "dev",
        })
    });
    let edges = edges.filter(|edge| names.contains(&edge.to)).collect();
    (names, edges)
}

/// What is wrong with an edge, if anything.
fn fault(edge: &Edge) -> Option<String> {
    if edge.from == FREE {
        return None;
    }
    let Edge { from, to, dev } = edge;
    let Some(rule) = RULES.iter().find(|rule| rule.name == from) else {
        return Some(format!("`{from}` has no rule: add one to RULES in tests/tests/architecture/main.rs"));
    };
    let allowed = rule.uses.contains(&to.as_str()) || (*dev && rule.tests_use.contains(&to.as_str()));
    let kind = if *dev { "dev-dependency" } else { "dependency" };
    (!allowed)
        .then(|| format!("{kind} `{from}` → `{to}` is not allowed: {}. It may use {:?}", rule.why, rule.uses))
}

#[test]
fn crates_depend_only_in_the_allowed_direction() {
    let (_, edges) = workspace();
    assert!(!edges.is_empty(), "no edge was found: the test reads cargo's metadata wrongly");
    let faults: Vec<String> = edges.iter().filter_map(fault).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_crate_has_a_rule_and_every_rule_a_crate() {
    let (names, _) = workspace();
    for name in names.iter().filter(|name| *name != FREE) {
        assert!(RULES.iter().any(|rule| rule.name == name), "`{name}` has no rule");
    }
    for rule in RULES {
        assert!(names.iter().any(|name| name == rule.name), "the rule for `{}` has no crate", rule.name);
    }
}

/// The rules themselves: whatever is edited into them, these sentences stay true.
#[test]
fn the_rules_keep_the_layers_apart() {
    let rules: BTreeMap<&str, &Rule> = RULES.iter().map(|rule| (rule.name, rule)).collect();
    let siblings =
        ["vestibule-mfa", "vestibule-oidc", "vestibule-outbound", "vestibule-store", "vestibule-pages"];
    for one in siblings {
        for other in siblings {
            assert!(!rules[one].uses.contains(&other), "siblings never use each other: {one} → {other}");
        }
    }
    assert!(!rules["vestibule-flows"].uses.contains(&"vestibule-pages"), "flows know no page");
    assert!(!rules["vestibule-web"].uses.contains(&"vestibule-store"), "web never sees the store");
    for hidden in ["vestibule-flows", "vestibule-oidc", "vestibule-store", "vestibule-web"] {
        assert!(!rules["grid-card"].uses.contains(&hidden), "a factor from outside needs no {hidden}");
    }
    let readers: Vec<&str> =
        RULES.iter().filter(|rule| rule.uses.contains(&"vestibule-config")).map(|rule| rule.name).collect();
    assert_eq!(
        readers,
        ["vestibule", "vestibule-browser-tests", "vestibule-bench", "xtask"],
        "only the server reads settings, the tests of the presets and the benchmark start it with some, and xtask \
         writes their schema"
    );
}

#[test]
fn a_forbidden_edge_is_named_with_the_rule_it_breaks() {
    let edge = |from: &str, to: &str, dev| Edge { from: from.into(), to: to.into(), dev };
    let message = fault(&edge("vestibule-web", "vestibule-store", false)).expect("forbidden");
    assert!(message.contains("`vestibule-web` → `vestibule-store`"), "{message}");
    assert!(message.contains("only through `flows`"), "{message}");
    assert_eq!(fault(&edge("vestibule-web", "vestibule-store", true)), None);
    assert!(
        fault(&edge("vestibule-flows", "vestibule-web", true)).is_some(),
        "dev edges never point upwards"
    );
    assert!(
        fault(&edge("vestibule-new", "vestibule-domain", false)).expect("no rule").contains("has no rule")
    );
}

#[test]
fn the_product_is_built_without_a_second_tls_or_cryptography_library() {
    // The features that are really built, for this machine: dev-dependencies of other crates do not count.
    let tree = cargo(&[
        "tree",
        "--package",
        "vestibule",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--offline",
    ]);
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"vestibule"), "cargo tree did not show the product: {tree}");
    for banned in BANNED {
        assert!(
            !names.contains(banned),
            "`{banned}` is built into vestibule; `cargo tree -p vestibule -e normal,build -i {banned}` shows who \
             asks for it: switch off that crate's default features"
        );
    }
}
