//! The table of devices that wait for their user's answer.

/// Devices that wait.
pub mod device_requests {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "device_requests")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pool_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        pub user_code: Vec<u8>,
        pub client_id: String,
        pub request: String,
        pub dpop_jkt: Option<String>,
        pub poll_interval: i64,
        pub expires_at: i64,
        pub denied_at: Option<i64>,
        pub grant_id: Option<Uuid>,
        pub spent_at: Option<i64>,
        pub x5t_s256: Option<String>,
    }

    table!();
}
