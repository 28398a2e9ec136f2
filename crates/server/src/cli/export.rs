//! `export`: pools, applications and users as a pool file that `apply` reads.

use super::Common;
use crate::{console, specs};
use toml::{Table, Value};
use vestibule_config::{ClientSpec, UserSpec};
use vestibule_domain::{Client, Pool, User};

/// What of a pool is exported, besides its settings.
pub(super) struct Contents {
    pub(super) clients: Vec<Client>,
    pub(super) users: Vec<User>,
}

/// Prints a pool file that declares the pool as it is. Passwords and secrets are not in it: those of applications are
/// there as digests, and users keep theirs where they exist.
///
/// # Errors
/// When a value has no place in the file.
pub(super) fn print(common: &Common, pool: &Pool, contents: Contents) -> anyhow::Result<()> {
    let mut table = specs::as_declared(pool)?;
    let clients = contents.clients.iter().map(|client| Table::try_from(ClientSpec::of(client)));
    put(&mut table, "client", clients.collect::<Result<_, _>>()?);
    let declared = contents.users.iter().filter_map(|user| UserSpec::of(user, &pool.settings.attributes));
    let users: Vec<Table> = declared.map(Table::try_from).collect::<Result<_, _>>()?;
    let without = contents.users.len() - users.len();
    if without > 0 {
        console::complain(format_args!(
            "note: {without} users have no address, and no pool file can declare them"
        ));
    }
    put(&mut table, "user", users);
    let mut file = Table::new();
    file.insert("pool".to_owned(), Value::Array(vec![table.into()]));
    if common.json {
        console::json(&serde_json::to_value(&file)?);
    } else {
        console::say(toml::to_string(&file)?.trim_end());
    }
    Ok(())
}

fn put(table: &mut Table, key: &str, each: Vec<Table>) {
    if !each.is_empty() {
        table.insert(key.to_owned(), Value::Array(each.into_iter().map(Value::from).collect()));
    }
}
