//! The tables of relying parties in `docs/relying-parties.md` and of APIs in `docs/apis.md`: from the data that the interoperability tests use, and from
//! the files that pin the versions.

use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

const PAGE: &str = "docs/relying-parties.md";
const APIS_PAGE: &str = "docs/apis.md";
const START: &str = "<!-- parties: written by `cargo xtask generate` -->\n";
const END: &str = "<!-- parties: end -->\n";

/// A row of the tests' data, as far as the table shows it.
#[derive(Deserialize)]
struct Party {
    name: String,
    registry: String,
    package: String,
    /// Where nothing here pins it: the one that it was first tried with.
    #[serde(default)]
    version: Option<String>,
    claims: Vec<String>,
    also: Vec<String>,
    cancelled: String,
    #[serde(default)]
    wrong_secret: Option<String>,
    #[serde(default)]
    beyond: Option<String>,
    #[serde(default)]
    plain_http: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
}

/// An API of the tests' data.
#[derive(Deserialize)]
struct Checker {
    name: String,
    registry: String,
    package: String,
    /// What it takes as it comes, where that is not everything.
    #[serde(default)]
    algs: Vec<String>,
    #[serde(default)]
    types: Vec<String>,
}

/// The files in which versions are pinned.
struct Pins {
    npm: serde_json::Value,
    python: String,
    go: String,
    maven: [String; 2],
}

impl Pins {
    fn read(tools: &Path) -> anyhow::Result<Self> {
        let text = |name: &str| {
            std::fs::read_to_string(tools.join(name)).with_context(|| format!("cannot read {name}"))
        };
        Ok(Self {
            npm: serde_json::from_str(&text("package.json")?).context("package.json is no JSON")?,
            python: text("interop/requirements.txt")?,
            go: text("interop/go/go.mod")?,
            maven: [text("interop/java/pom.xml")?, text("interop/quarkus/pom.xml")?],
        })
    }

    fn version(&self, registry: &str, package: &str) -> Option<String> {
        match registry {
            // A second version of a package has a name of its own: `npm:PACKAGE@VERSION`.
            "npm" => {
                let pinned = self.npm.get("dependencies")?.get(package)?.as_str()?;
                pinned.rsplit('@').next().map(str::to_owned)
            }
            "PyPI" => self.python.lines().find_map(|line| {
                let (name, version) = line.split_once("==")?;
                (name == package).then(|| version.to_owned())
            }),
            "Go" => self.go.lines().find_map(|line| {
                let mut words = line.split_whitespace().skip_while(|word| *word == "require");
                let version = (words.next()? == package).then(|| words.next()).flatten()?;
                Some(version.trim_start_matches('v').to_owned())
            }),
            // The one version that is named is that of the platform, which pins all the others.
            "Maven" => {
                let artifact = format!("<artifactId>{package}</artifactId>");
                let project = self.maven.iter().find(|project| project.contains(&artifact))?;
                let between = |text: &str, start: &str, end: &str| {
                    let (_, rest) = text.split_once(start)?;
                    rest.split_once(end).map(|(version, _)| version.trim().to_owned())
                };
                let spring = "<artifactId>spring-boot-starter-parent</artifactId>\n    <version>";
                between(project, spring, "<").or_else(|| between(project, "<quarkus.platform.version>", "<"))
            }
            _ => None,
        }
    }
}

/// The page, with the table as it must be.
pub(crate) fn page(root: &Path) -> anyhow::Result<(&'static str, String)> {
    let tools = root.join("tests/browser-tools");
    let rows =
        std::fs::read_to_string(tools.join("interop/parties.json")).context("cannot read the parties")?;
    let parties: Vec<Party> = serde_json::from_str(&rows).context("parties.json is not as expected")?;
    let table = table(&parties, &Pins::read(&tools)?)?;
    Ok((PAGE, between_the_lines(root, PAGE, &table)?))
}

/// The page of APIs, with the table as it must be.
pub(crate) fn apis_page(root: &Path) -> anyhow::Result<(&'static str, String)> {
    let tools = root.join("tests/browser-tools");
    let rows = std::fs::read_to_string(tools.join("interop/apis.json")).context("cannot read the APIs")?;
    let checkers: Vec<Checker> = serde_json::from_str(&rows).context("apis.json is not as expected")?;
    let pins = Pins::read(&tools)?;
    let mut table =
        String::from("| library | version | `access_token_type` | `access_token_alg` |\n|---|---|---|---|\n");
    for Checker { name, registry, package, algs, types } in &checkers {
        let version =
            pins.version(registry, package).with_context(|| format!("no version of {package} is pinned"))?;
        let all = |some: &[String]| if some.is_empty() { "any".to_owned() } else { some.join(", ") };
        table.push_str(&format!("| {name} | {registry} {version} | {} | {} |\n", all(types), all(algs)));
    }
    Ok((APIS_PAGE, between_the_lines(root, APIS_PAGE, &table)?))
}

/// A page with the table between its two lines.
fn between_the_lines(root: &Path, name: &str, table: &str) -> anyhow::Result<String> {
    let page = std::fs::read_to_string(root.join(name)).with_context(|| format!("cannot read {name}"))?;
    let (before, rest) =
        page.split_once(START).with_context(|| format!("{name} has no line `{}`", START.trim()))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("{name} has no line `{}`", END.trim()))?;
    Ok(format!("{before}{START}{table}{END}{after}"))
}

fn table(parties: &[Party], pins: &Pins) -> anyhow::Result<String> {
    let mut table = String::from(
        "| library | version | it shows | also tried | cancelled, it says | wrong secret, it says | beyond its quick start |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for party in parties {
        let pinned = || pins.version(&party.registry, &party.package);
        let version = party
            .version
            .clone()
            .or_else(pinned)
            .with_context(|| format!("no version of {} is pinned", party.package))?;
        let code = |text: &str| format!("`{text}`");
        let mut beyond = party.beyond.clone().unwrap_or_else(|| "nothing".to_owned());
        if let Some(setting) = &party.plain_http {
            beyond.push_str(&format!("; on plain HTTP `{setting}`"));
        }
        for scope in &party.scopes {
            beyond.push_str(&format!("; for {scope} its scope, here"));
        }
        let cells = [
            party.name.clone(),
            format!("{} {version}", party.registry),
            party.claims.iter().map(|claim| code(claim)).collect::<Vec<_>>().join(", "),
            party.also.join(", "),
            code(&party.cancelled),
            party.wrong_secret.as_deref().map_or_else(|| "has none".to_owned(), code),
            beyond,
        ];
        table.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_lists_the_parties_that_are_tested() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let (path, wanted) = page(&root).unwrap();
        let found = std::fs::read_to_string(root.join(path)).unwrap();
        assert!(found == wanted, "{path} is stale: run `cargo xtask generate`");
        assert!(wanted.contains("| openid-client 6 | npm 6."), "{wanted}");
        let (path, wanted) = apis_page(&root).unwrap();
        let found = std::fs::read_to_string(root.join(path)).unwrap();
        assert!(found == wanted, "{path} is stale: run `cargo xtask generate`");
        assert!(wanted.contains("| jose | npm 6."), "{wanted}");
    }

    #[test]
    fn versions_are_read_from_every_kind_of_file() {
        let pins = Pins {
            npm: serde_json::json!({ "dependencies": { "a-5": "npm:@of/a@5.7.1", "b": "1.2.3" } }),
            python: "Bee==2.0\nother==1\n".to_owned(),
            maven: [
                "<artifactId>spring-boot-starter-parent</artifactId>\n    <version>4.0.7</version>\n<artifactId>e</artifactId>",
                "<quarkus.platform.version>3.33.2</quarkus.platform.version>\n<artifactId>f</artifactId>",
            ]
            .map(str::to_owned),
            go: "require (\n\texample.org/c/v3 v3.1.0\n)\nrequire example.org/d v0.2.0\n".to_owned(),
        };
        let version = |registry: &str, package: &str| pins.version(registry, package);
        assert_eq!(version("npm", "a-5").as_deref(), Some("5.7.1"));
        assert_eq!(version("npm", "b").as_deref(), Some("1.2.3"));
        assert_eq!(version("PyPI", "Bee").as_deref(), Some("2.0"));
        assert_eq!(version("Go", "example.org/c/v3").as_deref(), Some("3.1.0"));
        assert_eq!(version("Go", "example.org/d").as_deref(), Some("0.2.0"));
        assert_eq!(version("Maven", "e").as_deref(), Some("4.0.7"));
        assert_eq!(version("Maven", "f").as_deref(), Some("3.33.2"));
        assert_eq!((version("npm", "unknown"), version("Maven", "unknown")), (None, None));
    }
}
