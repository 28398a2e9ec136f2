//! The introspection endpoint.

use crate::{
    call::AppCall,
    http::{
        headers::text,
        reply::{Reply, Stop},
    },
};
use http::{StatusCode, header};
use vestibule_flows::Introspected;
use vestibule_oidc::introspection::SIGNED;

/// The introspection endpoint (RFC 7662 §2), signed where that is asked for (RFC 9701 §4).
pub(crate) async fn introspect(call: AppCall) -> Reply {
    let AppCall { visit, headers, request } = call;
    let accepts = text(&headers, header::ACCEPT).unwrap_or_default();
    let signed = accepts.split(',').any(|one| one.split(';').next().unwrap_or_default().trim() == SIGNED);
    let told = visit.app().oidc().introspect(&visit.cx, request, signed).await?;
    match told.map_err(|error| Stop::back_channel(&headers, error))? {
        Introspected::Plain(told) => {
            let body = serde_json::to_string(&told).map_err(vestibule_flows::Failure::internal)?;
            Ok(visit.json(StatusCode::OK, body))
        }
        Introspected::Signed(token) => Ok(visit.message(StatusCode::OK, SIGNED, token)),
    }
}
