//! `vestibule check`: whether a server could start, and what prevents it.

use super::{Common, operator};
use crate::{
    ambient::Ambient,
    console,
    extras::Extras,
    mailer::Mailer,
    permissions::{self, Loose},
    runtime,
};
use serde::Serialize;
use std::{
    net::{IpAddr, SocketAddr},
    process::ExitCode,
};
use vestibule_config::Settings;
use vestibule_domain::{Origin, TokenAlg};
use vestibule_flows::App;
use vestibule_store::Store;

#[derive(Serialize)]
struct Finding {
    check: String,
    ok: bool,
    /// Nothing that prevents a start, but likely not what is wanted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    doubtful: bool,
    detail: String,
}

fn good(check: &str, detail: impl Into<String>) -> Finding {
    Finding { check: check.to_owned(), ok: true, doubtful: false, detail: detail.into() }
}

fn bad(check: &str, detail: impl std::fmt::Display) -> Finding {
    Finding { check: check.to_owned(), ok: false, doubtful: false, detail: detail.to_string() }
}

fn doubtful(check: &str, detail: impl Into<String>) -> Finding {
    Finding { doubtful: true, ..good(check, detail) }
}

pub(super) async fn run(common: &Common) -> anyhow::Result<ExitCode> {
    let mut findings = Vec::new();
    match common.settings() {
        Err(error) => findings.push(bad("settings", format!("{error:#}"))),
        Ok(settings) => {
            let from =
                common.config.as_ref().map_or("defaults".to_owned(), |path| path.display().to_string());
            findings.push(good("settings", from));
            look(&settings, &common.extras, &mut findings).await;
        }
    }
    let fine = findings.iter().all(|finding| finding.ok);
    if common.json {
        console::json(&serde_json::json!({ "ok": fine, "checks": findings }));
    } else {
        for Finding { check, ok, doubtful, detail } in &findings {
            let mark = match (ok, doubtful) {
                (true, false) => "ok   ",
                (true, true) => "LOOK ",
                (false, _) => "WRONG",
            };
            console::say(format_args!("{mark} {check}: {detail}"));
        }
    }
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn look(settings: &Settings, extras: &Extras, findings: &mut Vec<Finding>) {
    let ring = runtime::key_ring(settings);
    findings.push(match &ring {
        Ok(ring) => {
            let ids: Vec<String> = ring.ids().map(|id| id.to_string()).collect();
            good("key ring", format!("{} ({})", settings.secrets.source(), ids.join(", ")))
        }
        Err(problem) => bad("key ring", problem),
    });
    findings.extend(loose_permissions(settings));
    findings.push(match Mailer::new(&settings.mail) {
        Err(problem) => bad("mail", problem),
        Ok(mailer) => {
            mailer.probe().await.map_or_else(|cause| bad("mail", cause), |state| good("mail", state))
        }
    });
    let store = match runtime::open_store(settings, false).await {
        Ok(store) => store,
        Err(error) => return findings.push(bad("database", format!("{error:#}"))),
    };
    match store.ping().await {
        Ok(()) => findings.push(good("database", format!("{} answers", store.engine()))),
        Err(error) => return findings.push(bad("database", error)),
    }
    match runtime::require_current_schema(&store).await {
        Ok(()) => findings.push(good("schema", "as this program needs it")),
        Err(error) => return findings.push(bad("schema", format!("{error:#}"))),
    }
    findings.push(user_names(&store).await);
    store.close().await;
    if ring.is_ok() {
        match runtime::open(settings, Ambient::default(), extras, false).await {
            Ok(opened) => pools(&opened.app, settings.server.listen, findings).await,
            Err(error) => findings.push(bad("application", format!("{error:#}"))),
        }
    }
}

/// Names from before they were compared by their look. They work, so they are told and not held against the server.
async fn user_names(store: &Store) -> Finding {
    const SHOWN: usize = 10;
    match store.name_collisions().await {
        Err(error) => bad("user names", error),
        Ok(same) if same.is_empty() => good("user names", "no two look the same"),
        Ok(same) => {
            let first: Vec<String> = same
                .iter()
                .take(SHOWN)
                .map(|one| format!("{:?} in pool {}", one.username, one.pool))
                .collect();
            let more = same.len().saturating_sub(SHOWN);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            good(
                "user names",
                format!("these look like an older one and work as before: {}{rest}", first.join(", ")),
            )
        }
    }
}

/// Every pool needs an active key of every algorithm, and the key ring has to open it.
async fn pools(app: &App, listen: SocketAddr, findings: &mut Vec<Finding>) {
    let pools = match operator(app).pools().await {
        Ok(pools) => pools,
        Err(error) => return findings.push(bad("pools", error)),
    };
    if pools.is_empty() {
        findings.push(good("pools", "none yet; `vestibule pool add` or `vestibule apply` makes one"));
    }
    for pool in pools {
        let name = format!("pool {}", pool.slug);
        findings.extend(out_of_reach(&pool.origin, listen).map(|why| doubtful(&name, why)));
        findings.extend(lost_names(app, &pool.slug).await.map(|why| bad(&name, why)));
        let keys = match operator(app).signing_keys_of(&pool.slug).await {
            Ok(keys) => keys,
            Err(error) => {
                findings.push(bad(&name, error));
                continue;
            }
        };
        let active =
            |alg: &&TokenAlg| keys.iter().any(|key| key.alg == alg.as_str() && key.status == "active");
        let missing: Vec<&str> =
            TokenAlg::ALL.iter().filter(|alg| !active(alg)).map(|alg| alg.as_str()).collect();
        let unreadable = keys.iter().filter(|key| !key.readable).count();
        findings.push(if unreadable > 0 {
            bad(
                &name,
                format!(
                    "{unreadable} signing keys are sealed under a key that is not in the ring; put it back"
                ),
            )
        } else if missing.is_empty() {
            good(&name, format!("{} with {} signing keys", pool.origin, keys.len()))
        } else {
            let slug = &pool.slug;
            bad(
                &name,
                format!(
                    "no active key for {}; run `vestibule keys rotate --pool {slug}`",
                    missing.join(", ")
                ),
            )
        });
    }
}

/// Why the applications of a pool cannot be told who their users are. Nothing else may take the place of that secret.
async fn lost_names(app: &App, pool: &str) -> Option<String> {
    match operator(app).opens_subject_secret(pool).await {
        Ok(None | Some(true)) => None,
        Ok(Some(false)) => Some(
            "the secret of pairwise identifiers is sealed under a key that is not in the ring; put it back"
                .to_owned(),
        ),
        Err(error) => Some(error.to_string()),
    }
}

/// Why people will not get from a pool's origin to this server, as far as can be seen from here. Behind an `https`
/// origin there is a proxy in any case.
fn out_of_reach(origin: &Origin, listen: SocketAddr) -> Option<String> {
    if origin.is_secure() {
        return None;
    }
    let port: u16 = origin.port().map_or(Some(80), |port| port.parse().ok())?;
    let differs = |what: &str, hint: String| {
        format!(
            "{origin} is not where this server listens ({listen}): {what}; {hint}, unless something else passes requests on"
        )
    };
    if port != listen.port() {
        let slip = format!("`[server] listen` or the pool's origin should name port {}", listen.port());
        return Some(differs("the ports differ", slip));
    }
    let host = origin.host().trim_matches(['[', ']']).parse::<IpAddr>().ok()?;
    let heard = match listen.ip() {
        any if any.is_unspecified() => true,
        ip => ip.to_canonical() == host.to_canonical(),
    };
    (!heard).then(|| differs("the addresses differ", format!("people open {origin} and nobody answers")))
}

/// Files that others on the machine can read.
fn loose_permissions(settings: &Settings) -> Vec<Finding> {
    let told = |one: Loose| {
        let (path, Loose { mode, wanted, .. }) = (one.path.display(), &one);
        bad("files", format!("others can read {path} (mode {mode:o}); run `chmod {wanted:o} {path}`"))
    };
    let loose: Vec<Finding> = permissions::loose(settings).into_iter().map(told).collect();
    if loose.is_empty() {
        return vec![good("files", "only this user can read the key ring, the database and mails")];
    }
    loose
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_c3_origins_are_compared_with_the_listening_address() {
        for (origin, listen, reached) in [
            ("http://localhost:8080", "127.0.0.1:8080", true),
            ("http://localhost:8080", "0.0.0.0:8080", true),
            ("http://localhost:8080", "[::1]:8080", true),
            ("http://127.0.0.1:8080", "0.0.0.0:8080", true),
            ("http://localhost:9090", "127.0.0.1:8080", false),
            ("http://localhost", "127.0.0.1:8080", false),
            ("http://127.0.0.1:8080", "[::1]:8080", false),
            ("http://[::1]:8080", "127.0.0.1:8080", false),
            ("https://id.example", "127.0.0.1:8080", true),
            ("https://id.example:8443", "127.0.0.1:8080", true),
        ] {
            let found = out_of_reach(&Origin::parse(origin).unwrap(), listen.parse().unwrap());
            assert_eq!(found.is_none(), reached, "{origin} {listen}: {found:?}");
            assert!(found.is_none_or(|text| text.contains(origin) && text.contains(listen)));
        }
    }
}
