//! The tables as sea-orm sees them. Private: what leaves this crate are the domain's types and [`crate::records`].
//!
//! Times are seconds since the Unix epoch, hashes 32 bytes, JSON text. A test compares them with the migrations.

#![expect(unreachable_pub, reason = "sea-orm's derive makes public items; the module is private")]

use sea_orm::{EntityTrait, IdenStatic, Iterable};

macro_rules! table {
    () => {
        #[derive(Clone, Copy, Debug, sea_orm::EnumIter, sea_orm::DeriveRelation)]
        pub enum Relation {}
        impl sea_orm::ActiveModelBehavior for ActiveModel {}
    };
}

mod browsers;
#[cfg(test)]
pub mod budgets;
mod devices;
pub use browsers::{known_browsers, remembered_browsers, spent_challenges};
pub use devices::device_requests;

/// Customers.
pub mod tenants {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "tenants")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub slug: String,
        pub name: String,
    }

    table!();
}

/// User pools.
pub mod pools {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "pools")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub tenant: String,
        pub slug: String,
        pub name: String,
        pub origin: String,
        pub settings: String,
        pub version: i64,
        pub audit_kept: i64,
    }

    table!();
}

/// Applications, each as one document.
pub mod clients {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "clients")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub document: String,
    }

    table!();
}

/// Signing keys, private halves sealed.
pub mod signing_keys {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "signing_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kid: String,
        pub alg: String,
        pub status: String,
        pub private_key: Vec<u8>,
        pub public_jwk: String,
        pub created_at: i64,
    }

    table!();
}

/// Secrets of a pool that are not signing keys, sealed.
pub mod pool_secrets {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "pool_secrets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub purpose: String,
        pub secret: Vec<u8>,
        pub created_at: i64,
    }

    table!();
}

/// Users.
pub mod users {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub username: String,
        pub username_key: String,
        pub email: Option<String>,
        pub email_key: Option<String>,
        pub email_verified: bool,
        pub name: Option<String>,
        pub locale: Option<String>,
        pub group_names: String,
        pub status: String,
        pub password_hash: Option<String>,
        pub mfa_skips: i64,
        pub created_at: i64,
        pub updated_at: i64,
        pub username_skeleton: Option<String>,
        pub profile: Option<String>,
    }

    table!();
}

/// Browser sessions.
pub mod sessions {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub token_hash: Vec<u8>,
        pub events: String,
        pub created_at: i64,
        pub last_seen_at: i64,
        pub expires_at: i64,
        pub ip: Option<String>,
        pub user_agent: Option<String>,
        pub revoked_at: Option<i64>,
        pub ended_at: Option<i64>,
    }

    table!();
}

/// Counters of failed attempts.
pub mod attempts {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attempts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        pub failures: i64,
        pub blocked_until: i64,
        pub last_at: i64,
    }

    table!();
}

/// Enrolled factors.
pub mod credentials {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "credentials")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub label: String,
        pub public_data: String,
        pub secret: Option<Vec<u8>>,
        pub counter: i64,
        pub chosen: bool,
        pub created_at: i64,
        pub last_used_at: Option<i64>,
        pub spent_at: Option<i64>,
    }

    table!();
}

/// Sign-ins under way, each as one document.
pub mod flows {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "flows")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub document: String,
        pub version: i64,
        pub expires_at: i64,
    }

    table!();
}

/// Challenges that wait for their answer.
pub mod ceremonies {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ceremonies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub kind: String,
        pub purpose: String,
        pub bound_to: Vec<u8>,
        pub state: Vec<u8>,
        pub expires_at: i64,
    }

    table!();
}

/// What users granted to applications.
pub mod grants {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "grants")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub client_id: String,
        pub session_id: Uuid,
        pub scopes: String,
        pub acr: String,
        pub amr: String,
        pub auth_time: i64,
        pub claims: Option<String>,
        pub basis: String,
        pub offline: bool,
        pub created_at: i64,
        pub expires_at: i64,
        pub revoked_at: Option<i64>,
        pub resources: String,
    }

    table!();
}

/// Authorization codes.
pub mod codes {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "codes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        pub grant_id: Uuid,
        pub client_id: String,
        pub redirect_uri: String,
        pub nonce: Option<String>,
        pub challenge: Option<String>,
        pub expires_at: i64,
        pub spent_at: Option<i64>,
        pub dpop_jkt: Option<String>,
    }

    table!();
}

/// Refresh tokens.
pub mod refresh_tokens {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "refresh_tokens")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        pub grant_id: Uuid,
        pub client_id: String,
        pub issued_at: i64,
        pub expires_at: i64,
        pub absolute_expires_at: i64,
        pub spent_at: Option<i64>,
        pub dpop_jkt: Option<String>,
        pub x5t_s256: Option<String>,
    }

    table!();
}

/// What users agreed to.
pub mod consents {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "consents")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub client_id: String,
        pub scopes: String,
        pub granted_at: i64,
        pub last_used_at: i64,
    }

    table!();
}

/// Mailed links.
pub mod mail_tokens {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mail_tokens")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        pub purpose: String,
        pub user_id: Option<Uuid>,
        pub email: String,
        pub email_key: String,
        pub data: String,
        pub created_at: i64,
        pub expires_at: i64,
    }

    table!();
}

/// Mail on its way out.
pub mod outbox {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub recipient: String,
        pub subject: String,
        pub body_text: String,
        pub body_html: String,
        pub created_at: i64,
        pub tries: i64,
        pub next_try_at: i64,
        pub body: Option<Vec<u8>>,
        pub destination: String,
    }

    table!();
}

/// Applications that are to be told of the end of a session.
pub mod logout_notices {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "logout_notices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub session_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub client_id: String,
        pub subject: String,
        pub created_at: i64,
        pub tries: i64,
        pub next_try_at: Option<i64>,
        pub last_error: Option<String>,
        pub delivered_at: Option<i64>,
    }

    table!();
}

/// The audit trail.
pub mod audit {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub happened_at: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub action: String,
        pub user_id: Option<Uuid>,
        pub client_id: Option<String>,
        pub session_id: Option<Uuid>,
        pub ip: Option<String>,
        pub request_id: Option<String>,
        pub outcome: String,
        pub detail: String,
    }

    table!();
}

/// The columns of a table, each behind `alias`, and named with `prefix` in the result.
pub(crate) fn columns<E: EntityTrait>(alias: &str, prefix: &str) -> String {
    let names: Vec<String> = E::Column::iter()
        .map(|column| {
            let name = column.as_str();
            format!("{alias}{name} AS {prefix}{name}")
        })
        .collect();
    names.join(", ")
}

/// `SELECT` all columns of a table, and then `tail`: the condition, and what follows it.
pub(crate) fn select<E: EntityTrait>(tail: &str) -> String {
    format!("SELECT {} FROM {} WHERE {tail}", columns::<E>("", ""), E::default().table_name())
}

/// `RETURNING` all columns of a table.
pub(crate) fn returning<E: EntityTrait>(statement: &str) -> String {
    format!("{statement} RETURNING {}", columns::<E>("", ""))
}
