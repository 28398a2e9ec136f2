//! What an application says of itself (RFC 7591 §2).

use crate::{ErrorCode, OAuthError};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;
use vestibule_domain::{
    Client, ClientAnswers, ClientAuthMethod, ClientKind, ClientLogout, ClientRegistration, ClientTls,
    ContentEncryption, Faults, FieldPath, GrantType, KeyEncryption, Origin, Strictness, SubjectType,
    TokenAlg, field,
};
use vestibule_jose::{Alg, ForeignKeys, unique_object};

/// The longest text of what is only kept, in characters.
const LONGEST_TEXT: usize = 255;

/// Most mail addresses of people to turn to.
const MOST_CONTACTS: usize = 10;

/// Most addresses of one kind.
const MOST_URIS: usize = 20;

/// Pages that are kept as they are named; nothing here asks them.
const PAGES: [&str; 5] = ["client_uri", "logo_uri", "tos_uri", "policy_uri", "initiate_login_uri"];

/// An application as it describes itself.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What it would be: without identifier, secret and origin.
    pub client: Client,
    /// What is only kept.
    pub metadata: BTreeMap<String, Value>,
    members: Map<String, Value>,
}

impl Asked {
    /// A text of the request that is no metadata, such as `client_id` where a registration is changed (RFC 7592 §2.2).
    ///
    /// # Errors
    /// `invalid_client_metadata` when it is no text.
    pub fn text(&self, name: &str) -> Result<Option<&str>, OAuthError> {
        text(&self.members, name)
    }

    /// Whether the request has a member, whatever it is.
    pub fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }
}

/// Who describes the application.
#[derive(Clone, Copy)]
pub(super) enum Speaker<'a> {
    /// A request to this pool.
    Request,
    /// A document for all servers of the world.
    Document { host: &'a str },
}

/// Reads the body of a request, as far as the pool lets applications register: scopes beyond that are left out, everything
/// else beyond it is refused. No address of it may be one of `providers`, the pools that are served here.
///
/// # Errors
/// `invalid_client_metadata`, `invalid_redirect_uri`, or those of a software statement.
pub fn read(body: &str, rules: &ClientRegistration, providers: &[Origin]) -> Result<Asked, OAuthError> {
    let members =
        unique_object(body).ok_or_else(|| bad("the body is not a JSON object with unique members"))?;
    check_statement(&members)?;
    described(members, rules, providers, Speaker::Request)
}

/// The application that the metadata describes.
pub(super) fn described(
    members: Map<String, Value>,
    rules: &ClientRegistration,
    providers: &[Origin],
    speaker: Speaker<'_>,
) -> Result<Asked, OAuthError> {
    let redirect_uris = texts(&members, "redirect_uris", MOST_URIS)?;
    let method = method(&members, &redirect_uris, rules, speaker)?;
    let kind = if method == ClientAuthMethod::None { ClientKind::Public } else { ClientKind::Confidential };
    check_application_type(&members)?;
    let logout = logout(&members)?;
    let signed_out = texts(&members, "post_logout_redirect_uris", MOST_URIS)?;
    let shown = redirect_uris.iter().chain(&signed_out).chain(&logout.frontchannel_logout_uri);
    check_elsewhere(shown, providers)?;
    let grants = grants(&members, rules, speaker)?;
    check_fixed(&members, speaker)?;
    let mut client = Client {
        name: name(&members, &redirect_uris, speaker)?,
        auth_method: Some(method),
        jwks: members.get("jwks").filter(|keys| !keys.is_null()).cloned(),
        jwks_uri: text(&members, "jwks_uri")?.map(str::to_owned),
        tls: tls(&members)?,
        post_logout_redirect_uris: signed_out,
        logout,
        scopes: scopes(&members, rules, &grants)?,
        apis: rules.apis.clone(),
        id_token_alg: one_of(&members, "id_token_signed_response_alg", token_alg)?,
        answers: answers(&members)?,
        request_uris: texts(&members, "request_uris", MOST_URIS)?,
        default_max_age: seconds(&members, "default_max_age")?,
        subject_type: subject_type(&members, &grants)?,
        sector_identifier_uri: text(&members, "sector_identifier_uri")?.map(str::to_owned),
        strict: strict(&members)?,
        redirect_uris,
        grants,
        ..Client::new("registered", kind)
    };
    check(&client)?;
    if let Some(hint) = client.unproved_sector() {
        return Err(bad(hint));
    }
    client.id.clear();
    Ok(Asked { client, metadata: kept(&members)?, members })
}

pub(super) fn bad(hint: impl AsRef<str>) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClientMetadata, hint)
}

/// RFC 7591 §2.3: nobody is trusted here to make such statements.
fn check_statement(members: &Map<String, Value>) -> Result<(), OAuthError> {
    match members.get("software_statement") {
        None => Ok(()),
        Some(Value::String(_)) => Err(OAuthError::new(
            ErrorCode::UnapprovedSoftwareStatement,
            "software statements of nobody are trusted here",
        )),
        Some(_) => Err(OAuthError::new(ErrorCode::InvalidSoftwareStatement, "software_statement is no text")),
    }
}

/// The checks of every application, wherever it comes from.
fn check(client: &Client) -> Result<(), OAuthError> {
    let mut faults = Faults::default();
    client.check(&FieldPath::root(), &mut faults);
    if let Some(fault) = faults.into_vec().into_iter().next() {
        let place = fault.at.to_string();
        let code = if place.starts_with("redirect_uris") {
            ErrorCode::InvalidRedirectUri
        } else {
            ErrorCode::InvalidClientMetadata
        };
        let expected = fault.expected.map_or_else(String::new, |expected| format!("; expected {expected}"));
        return Err(OAuthError::new(code, format!("{place}: {}{expected}", fault.cause)));
    }
    if let Some(keys) = &client.jwks {
        ForeignKeys::parse(keys.to_string().as_bytes()).map_err(|error| bad(format!("jwks: {error}")))?;
    }
    Ok(())
}

fn method(
    members: &Map<String, Value>,
    redirect_uris: &[String],
    rules: &ClientRegistration,
    speaker: Speaker<'_>,
) -> Result<ClientAuthMethod, OAuthError> {
    // RFC 7591 §2: the first is the default. What is described in public cannot have a secret, nor can what is told of its codes
    // by a scheme that any program of its machine may claim (RFC 8252 §8.4); RFC 7591 §3.2.1 has the server say so.
    let native = redirect_uris.iter().any(|uri| is_private_use(uri));
    let unsaid = match speaker {
        Speaker::Request if !native => ClientAuthMethod::ClientSecretBasic,
        Speaker::Request | Speaker::Document { .. } => ClientAuthMethod::None,
    };
    let Some(asked) = text(members, "token_endpoint_auth_method")? else { return permitted(unsaid, rules) };
    ClientAuthMethod::named(asked).map_or_else(|| Err(foreign_method()), |method| permitted(method, rules))
}

fn permitted(method: ClientAuthMethod, rules: &ClientRegistration) -> Result<ClientAuthMethod, OAuthError> {
    rules.auth_methods.contains(&method).then_some(method).ok_or_else(foreign_method)
}

fn foreign_method() -> OAuthError {
    bad("token_endpoint_auth_method cannot be registered here")
}

/// OpenID Connect Dynamic Client Registration 1.0 §2. What it asks of the addresses of a web application is asked where tokens
/// come with the answer, which they never do here. `web` is also what nobody said, so both have the rules of all applications.
fn check_application_type(members: &Map<String, Value>) -> Result<(), OAuthError> {
    match text(members, "application_type")? {
        None | Some("native" | "web") => Ok(()),
        Some(_) => Err(bad("application_type is web or native")),
    }
}

/// Whether an address has a scheme of an application's own (RFC 8252 §7.1).
fn is_private_use(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| !matches!(url.scheme(), "https" | "http"))
}

/// An application is somewhere else than any pool: nothing is answered to a page of ours.
fn check_elsewhere<'a>(
    mut addresses: impl Iterator<Item = &'a String>,
    providers: &[Origin],
) -> Result<(), OAuthError> {
    // A dot at the end makes another name of the same host.
    let host = |text: &str| {
        let url = Url::parse(text).ok()?;
        let port = url.port_or_known_default();
        Some(format!("{}:{port:?}", url.host_str()?.trim_end_matches('.').to_ascii_lowercase()))
    };
    let own: Vec<String> = providers.iter().filter_map(|origin| host(origin.as_str())).collect();
    if addresses.any(|uri| host(uri).is_some_and(|host| own.contains(&host))) {
        let hint = "an address of this provider is no address of an application";
        return Err(OAuthError::new(ErrorCode::InvalidRedirectUri, hint));
    }
    Ok(())
}

fn grants(
    members: &Map<String, Value>,
    rules: &ClientRegistration,
    speaker: Speaker<'_>,
) -> Result<Vec<GrantType>, OAuthError> {
    // RFC 7591 §2: this is the default.
    let mut asked = texts(members, "grant_types", MOST_URIS)?;
    if !members.contains_key("grant_types") {
        asked.push(GrantType::AuthorizationCode.as_str().to_owned());
    }
    let mut grants = BTreeSet::new();
    for name in &asked {
        match (GrantType::named(name).filter(|grant| rules.grants.contains(grant)), speaker) {
            (Some(grant), _) => drop(grants.insert(grant)),
            (None, Speaker::Document { .. }) => {}
            (None, Speaker::Request) => {
                return Err(bad("grant_types has one that cannot be registered here"));
            }
        }
    }
    if !grants.contains(&GrantType::AuthorizationCode) {
        return Err(bad("authorization_code is not among the grant_types"));
    }
    Ok(grants.into_iter().collect())
}

/// What has one value here, whoever asks.
fn check_fixed(members: &Map<String, Value>, speaker: Speaker<'_>) -> Result<(), OAuthError> {
    let types = texts(members, "response_types", MOST_URIS)?;
    let code = types.iter().any(|name| name == "code") || !members.contains_key("response_types");
    let more = types.iter().any(|name| name != "code") && matches!(speaker, Speaker::Request);
    if !code || more {
        return Err(bad("response_types is [\"code\"] here"));
    }
    for name in [
        "authorization_encrypted_response_alg",
        "introspection_encrypted_response_alg",
        "request_object_encryption_alg",
    ] {
        if present(members, name).is_some() {
            return Err(bad(format!("{name} is not served here")));
        }
    }
    for name in ["request_object_signing_alg", "token_endpoint_auth_signing_alg"] {
        if text(members, name)?.is_some_and(|alg| Alg::ALL.iter().all(|known| known.as_str() != alg)) {
            return Err(bad(format!("{name} is not known here")));
        }
    }
    Ok(())
}

/// The name, or where it answers: an application without a name is known by that.
fn name(
    members: &Map<String, Value>,
    redirect_uris: &[String],
    speaker: Speaker<'_>,
) -> Result<String, OAuthError> {
    if let Some(name) = text(members, "client_name")? {
        return Ok(name.to_owned());
    }
    if let Speaker::Document { host } = speaker {
        return Ok(host.to_owned());
    }
    let first = redirect_uris.first().and_then(|uri| Url::parse(uri).ok());
    let host = first.as_ref().map(|url| url.host_str().unwrap_or_else(|| url.scheme()).to_owned());
    Ok(host.unwrap_or_else(|| "application".to_owned()))
}

/// RFC 8705 §2.1.2 and §3.4.
fn tls(members: &Map<String, Value>) -> Result<ClientTls, OAuthError> {
    let named = |name: &str| text(members, name).map(|text| text.map(str::to_owned));
    Ok(ClientTls {
        tls_client_auth_subject_dn: named("tls_client_auth_subject_dn")?,
        tls_client_auth_san_dns: named("tls_client_auth_san_dns")?,
        tls_client_auth_san_uri: named("tls_client_auth_san_uri")?,
        tls_client_auth_san_ip: named("tls_client_auth_san_ip")?,
        tls_client_auth_san_email: named("tls_client_auth_san_email")?,
        tls_client_certificate_bound_access_tokens: flag(
            members,
            "tls_client_certificate_bound_access_tokens",
        )?,
    })
}

fn logout(members: &Map<String, Value>) -> Result<ClientLogout, OAuthError> {
    Ok(ClientLogout {
        backchannel_logout_uri: text(members, "backchannel_logout_uri")?.map(str::to_owned),
        backchannel_logout_session_required: flag(members, "backchannel_logout_session_required")?,
        frontchannel_logout_uri: text(members, "frontchannel_logout_uri")?.map(str::to_owned),
        frontchannel_logout_session_required: flag(members, "frontchannel_logout_session_required")?,
    })
}

/// Those that are asked for and may be; all that may be where none is named (RFC 7591 §2).
fn scopes(
    members: &Map<String, Value>,
    rules: &ClientRegistration,
    grants: &[GrantType],
) -> Result<Vec<String>, OAuthError> {
    let asked: Option<BTreeSet<&str>> = text(members, "scope")?.map(|scope| scope.split(' ').collect());
    let refreshes = grants.contains(&GrantType::RefreshToken);
    let given = rules.scopes.iter().filter(|scope| {
        let wanted = asked.as_ref().is_none_or(|asked| asked.contains(scope.as_str()));
        (wanted || *scope == "openid") && (refreshes || *scope != "offline_access")
    });
    Ok(given.cloned().collect())
}

/// OpenID Connect Registration §2. Who is let in without an address to be sent back to has shown nothing of the host that it
/// names: anybody could learn the identifiers of that sector.
fn subject_type(members: &Map<String, Value>, grants: &[GrantType]) -> Result<SubjectType, OAuthError> {
    let asked = one_of(members, "subject_type", SubjectType::named)?.unwrap_or_default();
    if asked == SubjectType::Pairwise && grants.contains(&GrantType::DeviceCode) {
        return Err(bad(
            "a pairwise subject_type excludes the device code grant here: no address is proved by it",
        ));
    }
    Ok(asked)
}

fn token_alg(name: &str) -> Option<TokenAlg> {
    TokenAlg::ALL.into_iter().find(|alg| alg.as_str() == name)
}

/// How what it is told is signed and encrypted. Left out, an `enc` is AES-CBC (OpenID Connect Registration §2), which is not
/// served: it has to be named.
fn answers(members: &Map<String, Value>) -> Result<ClientAnswers, OAuthError> {
    let alg = |name: &str| one_of(members, name, KeyEncryption::named);
    let enc = |name: &str| one_of(members, name, ContentEncryption::named);
    let answers = ClientAnswers {
        userinfo_signed_response_alg: one_of(members, "userinfo_signed_response_alg", token_alg)?,
        id_token_encrypted_response_alg: alg("id_token_encrypted_response_alg")?,
        id_token_encrypted_response_enc: enc("id_token_encrypted_response_enc")?,
        userinfo_encrypted_response_alg: alg("userinfo_encrypted_response_alg")?,
        userinfo_encrypted_response_enc: enc("userinfo_encrypted_response_enc")?,
    };
    let halves = [
        (answers.id_token(), answers.id_token_encrypted_response_enc),
        (answers.userinfo(), answers.userinfo_encrypted_response_enc),
    ];
    if halves.iter().any(|(alg, enc)| alg.is_some() && enc.is_none()) {
        return Err(bad("an encrypted response needs its _enc here, A128GCM or A256GCM"));
    }
    Ok(answers)
}

/// A name of a closed set, if the member is there.
fn one_of<T>(
    members: &Map<String, Value>,
    member: &str,
    named: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, OAuthError> {
    let Some(asked) = text(members, member)? else { return Ok(None) };
    named(asked).map(Some).ok_or_else(|| bad(format!("{member} is not known here")))
}

fn strict(members: &Map<String, Value>) -> Result<BTreeSet<Strictness>, OAuthError> {
    let mut strict = BTreeSet::new();
    for (name, rule) in STRICT {
        if flag(members, name)? {
            strict.insert(rule);
        }
    }
    Ok(strict)
}

/// Metadata that asks something of the application itself (RFC 9126 §6, RFC 9101 §10.5, RFC 9449 §5.2).
pub(super) const STRICT: [(&str, Strictness); 3] = [
    ("require_pushed_authorization_requests", Strictness::RequirePushedRequests),
    ("require_signed_request_object", Strictness::RequireSignedRequests),
    ("dpop_bound_access_tokens", Strictness::RequireBoundTokens),
];

fn kept(members: &Map<String, Value>) -> Result<BTreeMap<String, Value>, OAuthError> {
    let mut kept = BTreeMap::new();
    for page in PAGES {
        if let Some(uri) = text(members, page)? {
            field::https_link(uri).map_err(|_| bad(format!("{page} is not an https address")))?;
            kept.insert(page.to_owned(), uri.into());
        }
    }
    for name in ["application_type", "software_id", "software_version"] {
        if let Some(text) = text(members, name)? {
            if text.chars().count() > LONGEST_TEXT || !field::is_one_line(text) {
                return Err(bad(format!("{name} is longer than 255 characters or a line")));
            }
            kept.insert(name.to_owned(), text.into());
        }
    }
    let contacts = texts(members, "contacts", MOST_CONTACTS)?;
    if contacts.iter().any(|one| one.chars().count() > LONGEST_TEXT || !field::is_one_line(one)) {
        return Err(bad("contacts has one that is longer than 255 characters or a line"));
    }
    if !contacts.is_empty() {
        kept.insert("contacts".to_owned(), contacts.into());
    }
    Ok(kept)
}

/// `null` counts as left out (RFC 7592 §2.2).
fn present<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members.get(name).filter(|value| !value.is_null())
}

pub(super) fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, OAuthError> {
    let Some(value) = present(members, name) else { return Ok(None) };
    value.as_str().map(Some).ok_or_else(|| bad(format!("{name} is no text")))
}

fn flag(members: &Map<String, Value>, name: &str) -> Result<bool, OAuthError> {
    let Some(value) = present(members, name) else { return Ok(false) };
    value.as_bool().ok_or_else(|| bad(format!("{name} is neither true nor false")))
}

fn seconds(members: &Map<String, Value>, name: &str) -> Result<Option<i64>, OAuthError> {
    let Some(value) = present(members, name) else { return Ok(None) };
    let seconds = value.as_u64().and_then(|seconds| u32::try_from(seconds).ok());
    seconds.map(|seconds| Some(seconds.into())).ok_or_else(|| bad(format!("{name} is no number of seconds")))
}

fn texts(members: &Map<String, Value>, name: &str, most: usize) -> Result<Vec<String>, OAuthError> {
    let Some(value) = present(members, name) else { return Ok(Vec::new()) };
    let list = value.as_array().filter(|list| list.len() <= most);
    let list = list.map(|list| list.iter().map(|one| one.as_str().map(str::to_owned)).collect());
    list.flatten().ok_or_else(|| bad(format!("{name} is no list of at most {most} texts")))
}
