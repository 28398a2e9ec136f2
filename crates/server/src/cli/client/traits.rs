//! What can be said of an application, on the command line.

use super::{NONE, certificate::CertificateTraits, exchange, first_line, grants, texts};
use crate::{cli::keys, problem::Problem};
use clap::Args;
use std::path::{Path, PathBuf};
use toml::{Table, Value};
use vestibule_domain::TokenAlg;

/// What can be said of an application, whether it is new or not.
#[derive(Args)]
pub(in crate::cli) struct Traits {
    /// Name shown to people; the id by default.
    #[arg(long)]
    name: Option<String>,
    /// Where people return to after sign-out. May be repeated.
    #[arg(long, value_name = "URI")]
    post_logout_redirect_uri: Vec<String>,
    /// Where it keeps signed requests (RFC 9101). May be repeated; `none` for nowhere.
    #[arg(long, value_name = "URI")]
    request_uri: Vec<String>,
    /// Where the server posts a logout token when a session ends; `none` for nowhere.
    #[arg(long, value_name = "URI")]
    backchannel_logout_uri: Option<String>,
    /// Page of its own that the browser loads when people sign out; `none` for none.
    #[arg(long, value_name = "URI")]
    frontchannel_logout_uri: Option<String>,
    /// Scope it may ask for, besides `openid`. May be repeated; profile, email and offline_access for a new one.
    #[arg(long)]
    scope: Vec<String>,
    /// File with its public keys, a JSON Web Key Set: what it signs is verified with them.
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// Where it publishes them instead; `none` for nowhere.
    #[arg(long, value_name = "URI", conflicts_with = "jwks")]
    jwks_uri: Option<String>,
    #[command(flatten)]
    certificate: CertificateTraits,
    /// The profile that it follows as a whole: fapi2_security or fapi2_message_signing; `none` for none.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// Grant that it may use: authorization_code, refresh_token, client_credentials, device_code, token_exchange or jwt_bearer. May be
    /// repeated; the first two for a new one, `none` for an API that only introspects.
    #[arg(long, value_name = "GRANT")]
    grant: Vec<String>,
    /// Tokens that it may exchange (RFC 8693): `audience=API` or `issued_to=APPLICATION`, `api=API`, `scope=NEW=NEEDED`,
    /// `mode=delegation` or `mode=impersonation`, `bound_subjects=true`, `id_tokens=true`, in one text. May be repeated; `none` for none.
    #[arg(long, value_name = "RULE")]
    exchange: Vec<String>,
    /// API that it may ask tokens for, as in `[[pool.api]]`. May be repeated; `none` for none.
    #[arg(long, value_name = "URI")]
    api: Vec<String>,
    /// The API that a request without `resource` is for; `none` for none.
    #[arg(long, value_name = "URI")]
    default_api: Option<String>,
    /// API whose tokens it may introspect. May be repeated; `none` for none.
    #[arg(long, value_name = "URI")]
    introspects: Vec<String>,
    /// Algorithm of its ID tokens; the one of the pool when left out.
    #[arg(long, value_parser = keys::alg)]
    alg: Option<TokenAlg>,
    /// Algorithm that signs the answers of userinfo; `none` for plain JSON.
    #[arg(long, value_name = "ALG")]
    userinfo_signed_response_alg: Option<String>,
    /// Encrypts its ID tokens to one of its keys: RSA-OAEP-256 or ECDH-ES; `none` for no encryption.
    #[arg(long, value_name = "ALG")]
    id_token_encrypted_response_alg: Option<String>,
    /// How the ID token is encrypted: A128GCM or A256GCM; A256GCM when left out.
    #[arg(long, value_name = "ENC")]
    id_token_encrypted_response_enc: Option<String>,
    /// Encrypts the answers of userinfo to one of its keys: RSA-OAEP-256 or ECDH-ES; `none` for no encryption.
    #[arg(long, value_name = "ALG")]
    userinfo_encrypted_response_alg: Option<String>,
    /// How they are encrypted: A128GCM or A256GCM; A256GCM when left out.
    #[arg(long, value_name = "ENC")]
    userinfo_encrypted_response_enc: Option<String>,
    /// The one way in which it proves itself: client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth,
    /// self_signed_tls_client_auth or none. `any`, as for a new one: a secret counts in the header and in the form.
    #[arg(long, value_name = "METHOD")]
    auth_method: Option<String>,
    /// Which identifier of a user it is told: `public`, the same as other applications, or `pairwise`, which its sector alone
    /// knows.
    #[arg(long, value_name = "TYPE")]
    subject_type: Option<String>,
    /// Where a JSON list of all redirect URIs of its sector stands, where they have several hosts; `none` for nowhere.
    #[arg(long, value_name = "URL")]
    sector_identifier_uri: Option<String>,
    /// The least assurance of every sign-in: 1fa, mfa, phr or phrh; `none` for no floor.
    #[arg(long, value_name = "LEVEL")]
    min_acr: Option<String>,
    /// A name of its own for a level, such as `2=mfa`. May be repeated; `none` for none.
    #[arg(long, value_name = "NAME=LEVEL")]
    acr_alias: Vec<String>,
    /// Oldest sign-in it accepts when it does not say otherwise, in seconds; `none` for any.
    #[arg(long, value_name = "SECONDS")]
    default_max_age: Option<String>,
    /// What is asked of it beyond the usual: require_pkce, refuse_unknown_scopes, offline_access_only, no_refresh_grace,
    /// claims_at_userinfo, essential_acr_values, apis_only, require_pushed_requests, require_signed_requests,
    /// require_signed_responses, require_bound_tokens, require_dpop_nonce, issuer_audience, no_rs256 or no_shared_secrets. May be repeated; `none` for nothing.
    #[arg(long, value_name = "RULE")]
    strict: Vec<String>,
    /// Whether its answers come without `iss`, for a library that stumbles over it.
    #[arg(long, value_name = "true|false")]
    omit_iss: Option<bool>,
    /// Whether it can be used: nobody signs in to one that is switched off, and its tokens are not renewed.
    #[arg(long, value_name = "true|false")]
    enabled: Option<bool>,
    /// Read its secret from the first line of standard input.
    #[arg(long, conflicts_with = "secret_sha256")]
    secret_stdin: bool,
    /// SHA-256 of its secret, 64 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    secret_sha256: Option<String>,
}

/// Stands for whatever way an application's library likes.
const ANY: &str = "any";

impl Traits {
    /// Whether people sign in to it, as far as is said here.
    fn signs_people_in(&self) -> bool {
        self.grant.is_empty() || self.grant.iter().any(|grant| grants::signs_people_in(grant))
    }

    /// The scopes of a new one.
    pub(super) fn usual_scopes(&self) -> Vec<String> {
        let refreshes = self.grant.is_empty() || self.grant.iter().any(|grant| grant == "refresh_token");
        let fits = |scope: &&str| self.signs_people_in() && (refreshes || *scope != "offline_access");
        ["openid", "profile", "email", "offline_access"].into_iter().filter(fits).map(str::to_owned).collect()
    }

    /// The application with what is named here changed.
    pub(super) fn lay_over(self, mut client: Table) -> anyhow::Result<Table> {
        let people = self.signs_people_in();
        let mut put = |key: &str, value: Option<Value>| match value {
            Some(Value::String(text)) if text == NONE => {
                client.remove(key);
            }
            Some(value) => {
                client.insert(key.to_owned(), value);
            }
            None => {}
        };
        let several = |list: Vec<String>| (!list.is_empty()).then(|| texts(list));
        put("name", self.name.map(Value::from));
        put("post_logout_redirect_uris", several(self.post_logout_redirect_uri));
        put("backchannel_logout_uri", self.backchannel_logout_uri.map(Value::from));
        put("frontchannel_logout_uri", self.frontchannel_logout_uri.map(Value::from));
        let mut scopes = self.scope;
        if people && !scopes.is_empty() && !scopes.iter().any(|scope| scope == "openid") {
            scopes.insert(0, "openid".to_owned());
        }
        put("scopes", several(scopes));
        put("id_token_alg", self.alg.map(|alg| alg.as_str().into()));
        put("userinfo_signed_response_alg", self.userinfo_signed_response_alg.map(Value::from));
        for (what, alg, enc) in [
            ("id_token", self.id_token_encrypted_response_alg, self.id_token_encrypted_response_enc),
            ("userinfo", self.userinfo_encrypted_response_alg, self.userinfo_encrypted_response_enc),
        ] {
            // Without an algorithm there is nothing that the other one says.
            let enc = enc.or_else(|| alg.as_deref().filter(|alg| *alg == NONE).map(str::to_owned));
            put(&format!("{what}_encrypted_response_alg"), alg.map(Value::from));
            put(&format!("{what}_encrypted_response_enc"), enc.map(Value::from));
        }
        put("subject_type", self.subject_type.map(Value::from));
        put("sector_identifier_uri", self.sector_identifier_uri.map(Value::from));
        put("min_acr", self.min_acr.map(Value::from));
        let age = self.default_max_age.map(|age| age.parse::<i64>().map_or_else(|_| age.into(), Value::from));
        put("default_max_age", age);
        put("omit_iss", self.omit_iss.map(Value::from));
        put("enabled", self.enabled.map(Value::from));
        let several_or_none = |list: Vec<String>| {
            let nothing = list.iter().any(|one| one == NONE);
            if nothing { Some(NONE.into()) } else { several(list) }
        };
        let no_grant = self.grant.iter().any(|grant| grant == NONE);
        put("grants", if no_grant { Some(texts(Vec::new())) } else { several(grants::named(self.grant)) });
        put("exchange", exchange::rules(&self.exchange)?);
        put("strict", several_or_none(self.strict));
        put("apis", several_or_none(self.api));
        put("request_uris", several_or_none(self.request_uri));
        put("default_api", self.default_api.map(Value::from));
        put("profile", self.profile.map(Value::from));
        // One place takes the place of the other.
        if self.jwks_uri.is_some() {
            put("jwks", Some(NONE.into()));
        }
        if self.jwks.is_some() {
            put("jwks_uri", Some(NONE.into()));
        }
        put("jwks_uri", self.jwks_uri.map(Value::from));
        if let Some(file) = &self.jwks {
            put("jwks", Some(key_set(file)?));
        }
        put("introspects", several_or_none(self.introspects));
        self.certificate.put_into(&mut put);
        // A method called none is one: only a public application has it.
        if self.auth_method.as_deref() == Some(ANY) {
            client.remove("token_endpoint_auth_method");
        } else if let Some(method) = self.auth_method {
            client.insert("token_endpoint_auth_method".to_owned(), method.into());
        }
        if self.acr_alias.iter().any(|alias| alias == NONE) {
            client.remove("acr_aliases");
        } else if !self.acr_alias.is_empty() {
            client.insert("acr_aliases".to_owned(), aliases(&self.acr_alias)?.into());
        }
        if self.secret_stdin {
            client.remove("secret_sha256");
            client.insert("secret".to_owned(), first_line()?.as_str().into());
        } else if let Some(digest) = self.secret_sha256 {
            client.insert("secret_sha256".to_owned(), digest.into());
        }
        Ok(client)
    }
}

/// A key set from a file, as a pool file would declare it.
fn key_set(file: &Path) -> anyhow::Result<Value> {
    let remedy = "give a file with {\"keys\": [...]}, the public keys of the application";
    let text = std::fs::read_to_string(file)
        .map_err(|cause| Problem::new(format!("{}: {cause}", file.display()), remedy))?;
    let keys: serde_json::Value = serde_json::from_str(&text)
        .map_err(|cause| Problem::new(format!("{}: not JSON: {cause}", file.display()), remedy))?;
    Ok(Value::try_from(keys)?)
}

fn aliases(texts: &[String]) -> anyhow::Result<Table> {
    let pairs = texts.iter().map(|text| alias(text).map(|(name, level)| (name, level.into())));
    let remedy = "write --acr-alias NAME=LEVEL, such as --acr-alias 2=mfa";
    Ok(pairs.collect::<Result<_, _>>().map_err(|cause| Problem::new(cause, remedy))?)
}

fn alias(text: &str) -> Result<(String, String), String> {
    let pair = text.rsplit_once('=').filter(|(name, level)| !name.is_empty() && !level.is_empty());
    pair.map(|(name, level)| (name.to_owned(), level.to_owned()))
        .ok_or_else(|| "expected NAME=LEVEL, such as 2=mfa".to_owned())
}
