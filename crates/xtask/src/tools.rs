//! Finding programs on this machine, and installing packages on Debian-like systems.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use crate::{consent::Consent, problem::Problem, process, report::progress};

/// The first of the named programs on the `PATH`.
pub(crate) fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| {
        directories.iter().map(|directory| directory.join(name)).find(|program| is_program(program))
    })
}

/// Whether the path is a file that somebody may execute.
pub(crate) fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    user_number("-u", None) == Some(0)
}

/// A number that `id` prints: `-u` for the user, `-g` for the group, of the named user or of this process.
pub(crate) fn user_number(flag: &str, user: Option<&str>) -> Option<u32> {
    let mut id = process::command("id");
    id.arg(flag).args(user);
    process::output(id).ok()?.parse().ok()
}

/// Installs packages with apt-get, if `consent` is there or given when asked for. Errors with the exact commands when it
/// is not, and when this is not a Debian-like system, when neither root nor password-less sudo is at hand, or when
/// apt-get fails.
pub(crate) fn install(packages: &[&str], by_hand: &str, consent: Consent) -> anyhow::Result<()> {
    let list = packages.join(" ");
    let remedy = format!("install it by hand and run this again:\n{by_hand}");
    if find(&["apt-get"]).is_none() {
        return Err(Problem::error(
            "programs are missing, and this system has no apt-get to install them",
            remedy,
        ));
    }
    let sudo: &[&str] = if is_root() {
        &[]
    } else if sudo_without_password() {
        &["sudo", "-n"]
    } else {
        let what =
            format!("packages are missing ({list}), and installing them needs root or password-less sudo");
        return Err(Problem::error(what, remedy));
    };
    let commands = apt_commands(sudo, packages);
    let shown = commands.iter().map(|words| words.join(" ")).collect::<Vec<_>>().join(" && ");
    if !consent.to(&format!("Packages are missing: {list}\nInstall them with `{shown}`?"))? {
        return Err(Problem::error(
            format!("packages are missing ({list}), and nobody agreed to install them"),
            format!("run `{shown}`, or run this again with `--yes`, which does the same"),
        ));
    }
    progress(&format!("installing packages: {list}"));
    for words in &commands {
        let [program, rest @ ..] = words.as_slice() else { continue };
        let mut apt = process::command(program);
        apt.args(rest);
        // Standard output may be reserved for a summary.
        if !process::run(apt, true)?.success() {
            return Err(Problem::error(format!("`{}` failed", words.join(" ")), remedy));
        }
    }
    Ok(())
}

/// What is run to install packages, word by word; `sudo` comes first.
fn apt_commands<'a>(sudo: &[&'a str], packages: &[&'a str]) -> [Vec<&'a str>; 2] {
    let apt = [sudo, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]].concat();
    let install = [&apt, &["install", "-y", "--no-install-recommends"][..], packages].concat();
    [[&apt, &["update"][..]].concat(), install]
}

fn sudo_without_password() -> bool {
    let mut sudo = process::command("sudo");
    sudo.args(["-n", "true"]);
    process::succeeds(sudo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_shown_are_the_commands_run() {
        let [update, install] = apt_commands(&["sudo", "-n"], &["one", "two"]).map(|words| words.join(" "));
        assert_eq!(update, "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get -q update");
        assert_eq!(
            install,
            "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends one two"
        );
        assert_eq!(apt_commands(&[], &["one"])[0].first(), Some(&"env"));
    }

    #[test]
    fn the_first_name_that_exists_wins() {
        let found = find(&["no-such-program-here", "sh"]).unwrap();
        assert!(found.ends_with("sh"), "{found:?}");
        assert_eq!(find(&["no-such-program-here"]), None);
    }
}
