//! A program's request at a pool: it has neither cookies nor a language, and gets JSON.

use crate::{
    http::{
        certificate::{HandingOn, shown},
        form::{is_form, read},
        host::authority,
        reply::{Reply, Stop},
    },
    visit::{Caller, Slot, Visit, Web},
};
use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use std::sync::Arc;
use vestibule_oidc::{BackChannelRequest, Headers, OAuthError, Parameters};
use vestibule_x509::PeerCertificate;
use zeroize::Zeroizing;

/// The header of a proof (RFC 9449 §4.1).
const DPOP: &str = "dpop";

/// A program's request at a pool.
pub(crate) struct Call(pub(crate) Visit);

impl FromRequestParts<Arc<Web>> for Call {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Stop> {
        Visit::of(parts, web, Caller::Program).await.map(Self)
    }
}

/// A program's request at an endpoint that scripts of the pool's own applications may call as well (Fetch §3.2): they may
/// read the answer, whatever it is. No cookies travel with such requests.
pub(crate) struct ScriptCall {
    pub(crate) visit: Visit,
    pub(crate) headers: HeaderMap,
    /// The address without its query, as the caller knows it.
    pub(crate) url: String,
    /// The certificate that it showed, or why that cannot be read.
    pub(crate) certificate: Result<Option<PeerCertificate>, OAuthError>,
}

impl FromRequestParts<Arc<Web>> for ScriptCall {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Stop> {
        let visit = Visit::of(parts, web, Caller::Program).await?;
        let origin = parts.headers.get(header::ORIGIN);
        let serves =
            |origin: &&HeaderValue| origin.to_str().is_ok_and(|origin| visit.cx.pool.serves_origin(origin));
        if let Some(origin) = origin.filter(serves) {
            Slot::let_read(parts, origin.clone());
        }
        if parts.headers.contains_key(DPOP) {
            Slot::give_nonce(parts, visit.app().oidc().dpop_nonce(&visit.cx));
        }
        let handing = HandingOn {
            trusted: &web.options.trusted_proxies,
            header: web.options.client_certificate_header.as_ref(),
        };
        let (url, certificate) = (address_of(parts, &visit), shown(parts, handing, &visit.cx.pool.pool));
        Ok(Self { visit, headers: parts.headers.clone(), url, certificate })
    }
}

/// A message that came as a form, from anywhere. A browser that brings one from another site leaves its cookies at home,
/// so it counts as a program: giving it a new cookie would take the old one away.
pub(crate) struct FormCall {
    pub(crate) visit: Visit,
    pub(crate) body: Zeroizing<String>,
}

impl FromRequest<Arc<Web>> for FormCall {
    type Rejection = Stop;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Stop> {
        let (parts, body) = request.into_parts();
        let visit = Visit::of(&parts, web, Caller::Program).await?;
        if !is_form(&parts.headers) {
            let hint = "the content type must be application/x-www-form-urlencoded";
            return Err(Stop::json(OAuthError::invalid_request(hint)));
        }
        let body = read(body, web.options.body_limit).await?;
        Ok(Self { visit, body })
    }
}

impl FormCall {
    /// The same message as a query. A body that is not form-encoded would not fit into an address.
    pub(crate) fn as_get(&self, path: &str) -> Reply {
        if self.body.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(self.visit.see_other(&format!("{path}?{}", *self.body)));
        }
        Err(Stop::page(OAuthError::invalid_request("the request is not form-encoded")))
    }
}

/// A request of an application at an endpoint where it says who it is, such as the token endpoint. Scripts of the pool's own
/// applications may read the answer.
pub(crate) struct AppCall {
    pub(crate) visit: Visit,
    pub(crate) headers: HeaderMap,
    pub(crate) request: BackChannelRequest,
}

/// The address of an endpoint as the application that came to it knows it, without its query.
fn address_of(parts: &Parts, visit: &Visit) -> String {
    let pool = &visit.cx.pool.pool;
    let by_certificate = pool.settings.mutual_tls.origin.as_ref();
    let came_to = by_certificate.filter(|origin| authority(parts).as_deref() == Some(origin.authority()));
    came_to.unwrap_or(&pool.origin).url(parts.uri.path())
}

/// The headers that the protocol reads.
pub(crate) fn protocol_headers(headers: &HeaderMap) -> Headers {
    // Whatever their bytes are: one that cannot be read is one as well, and two of a kind are refused.
    let texts: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect();
    Headers::new(texts.iter().map(|(name, value)| (*name, value.as_ref())))
}

impl FromRequest<Arc<Web>> for AppCall {
    type Rejection = Stop;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Stop> {
        let (mut parts, body) = request.into_parts();
        let script = ScriptCall::from_request_parts(&mut parts, web).await?;
        let ScriptCall { visit, headers, url, certificate } = script;
        let certificate = certificate.map_err(|error| Stop::back_channel(&headers, error))?;
        let FormCall { body, .. } = FormCall::from_request(Request::from_parts(parts, body), web).await?;
        visit.note_client(&body);
        let form = Parameters::parse(&body).map_err(|error| Stop::back_channel(&headers, error))?;
        let request = BackChannelRequest {
            method: "POST".to_owned(),
            url,
            headers: protocol_headers(&headers),
            form,
            certificate,
        };
        Ok(Self { visit, headers, request })
    }
}

impl Visit {
    /// A JSON answer that no cache keeps.
    pub(crate) fn json(&self, status: StatusCode, body: String) -> Response {
        self.message(status, "application/json", body)
    }

    /// An answer of any media type that no cache keeps.
    pub(crate) fn message(&self, status: StatusCode, media_type: &'static str, body: String) -> Response {
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
