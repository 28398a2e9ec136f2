//! The tables of browsers and of challenges that were answered.

/// Challenges that were answered.
pub mod spent_challenges {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "spent_challenges")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        pub expires_at: i64,
    }

    table!();
}

/// Browsers that are not asked for a second factor for a while.
pub mod remembered_browsers {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "remembered_devices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        pub user_id: Uuid,
        pub id: Uuid,
        pub label: String,
        pub ip: Option<String>,
        pub created_at: i64,
        pub last_used_at: i64,
        pub expires_at: i64,
    }

    table!();
}

/// Browsers that users have signed in from.
pub mod known_browsers {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "known_browsers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub browser: Vec<u8>,
        pub first_seen: i64,
        pub last_seen: i64,
    }

    table!();
}
