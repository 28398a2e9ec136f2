//! The rules of an application's registration.

use super::{
    Client, ClientAuthMethod, ClientKind, GrantType, logout::web_address, redirect_uri::registrable,
    without_fragment,
};
use crate::field::{self, Fault, Faults, FieldPath};

/// Longest `client_id`, in bytes.
const LONGEST_ID: usize = 255;

impl Client {
    /// Everything that is wrong with this registration, except its secret; places are below `at`.
    pub fn check(&self, at: &FieldPath, faults: &mut Faults) {
        let visible = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        // Libraries disagree whether an id is form-encoded in the Authorization header; these two characters show it.
        let plain = visible(&self.id) && !self.id.contains(['+', '%']);
        faults.require(plain && self.id.len() <= LONGEST_ID, &at.key("id"), || {
            Fault::new("not a client id")
                .expected(format!("1 to {LONGEST_ID} visible ASCII characters, neither + nor %"))
                .found(format!("{:?}", self.id))
                .hint("choose an id such as `demo-app`")
        });
        faults.judge(&at.key("name"), field::name(&self.name));
        for (key, uris) in [
            ("redirect_uris", &self.redirect_uris),
            ("post_logout_redirect_uris", &self.post_logout_redirect_uris),
        ] {
            for (index, uri) in uris.iter().enumerate() {
                faults.judge(&at.key(key).index(index), registrable(uri, self.kind));
            }
        }
        for (index, uri) in self.request_uris.iter().enumerate() {
            let at = at.key("request_uris").index(index);
            faults.judge(&at, web_address(without_fragment(uri), "signed requests").map(drop));
        }
        self.check_subject(at, faults);
        self.check_logout(at, faults);
        self.check_answers(at, faults);
        self.check_tls(at, faults);
        self.check_method(at, faults);
        self.check_grants(at, faults);
        self.check_scopes(&at.key("scopes"), faults);
        self.check_apis(at, faults);
        self.check_exchange(at, faults);
        for name in self.acr_aliases.keys() {
            faults.require(visible(name), &at.key("acr_aliases").key(name), || {
                Fault::new("not a name for an acr")
                    .expected(
                        "visible ASCII characters without blanks (acr_values is a list separated by blanks)",
                    )
                    .found(format!("{name:?}"))
                    .hint("rename it")
            });
        }
    }

    fn check_method(&self, at: &FieldPath, faults: &mut Faults) {
        // OIDC Registration §2: one of the two.
        faults.require(self.jwks.is_none() || self.jwks_uri.is_none(), &at.key("jwks_uri"), || {
            Fault::new("keys in two places")
                .expected("one of `jwks` and `jwks_uri`")
                .hint("remove one of them")
        });
        if let Some(uri) = &self.jwks_uri {
            faults.judge(&at.key("jwks_uri"), web_address(uri, "keys").map(drop));
        }
        let by_keys = [ClientAuthMethod::PrivateKeyJwt, ClientAuthMethod::SelfSignedTlsClientAuth];
        let method = self.auth_method.filter(|method| by_keys.contains(method));
        faults.require(method.is_none() || self.has_keys(), &at.key("token_endpoint_auth_method"), || {
            Fault::new("a method by keys, without keys")
                .expected("`jwks` with the application's public keys or certificates, or `jwks_uri`")
                .hint("add the keys, or choose another method")
        });
        let Some(method) = self.auth_method else { return };
        let public = self.kind == ClientKind::Public;
        let fits = public == (method == ClientAuthMethod::None);
        faults.require(fits, &at.key("token_endpoint_auth_method"), || {
            Fault::new("this method does not fit the kind of application")
                .expected(if public {
                    "none"
                } else {
                    "client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth or self_signed_tls_client_auth"
                })
                .found(method.as_str())
                .hint("correct it, or remove the line for the default")
        });
    }

    fn check_grants(&self, at: &FieldPath, faults: &mut Faults) {
        let code = self.may_use(GrantType::AuthorizationCode);
        let itself = self.may_use(GrantType::ClientCredentials);
        let device = self.may_use(GrantType::DeviceCode);
        let bearer = self.may_use(GrantType::JwtBearer);
        let exchange = bearer || self.may_use(GrantType::TokenExchange);
        let only_asks = self.grants.is_empty() && !self.introspects.is_empty();
        faults.require(code || itself || device || exchange || only_asks, &at.key("grants"), || {
            Fault::new("an application that nobody can sign in to")
                .expected("\"authorization_code\", \"client_credentials\", the device code, token exchange or JWT bearer grant among the grants, or none for an API that `introspects`")
                .hint("add one, or remove the line for the default")
        });
        // RFC 6749 §4.4: anybody could be a public application.
        faults.require(!itself || self.kind == ClientKind::Confidential, &at.key("grants"), || {
            Fault::new("an application without a secret cannot act for itself")
                .expected("client_credentials for confidential applications only")
                .hint("remove the grant, or make the application confidential")
        });
        // Whoever holds an assertion would be somebody else.
        faults.require(!bearer || self.kind == ClientKind::Confidential, &at.key("grants"), || {
            Fault::new("an application without a secret cannot use assertions")
                .expected("the JWT bearer grant for confidential applications only")
                .hint("remove the grant, or make the application confidential")
        });
        faults.require(!code || !self.redirect_uris.is_empty(), &at.key("redirect_uris"), || {
            Fault::new("no redirect URI")
                .expected("at least one address to return to after sign-in")
                .found("none")
                .hint("add redirect_uris = [\"https://app.example.com/callback\"]")
        });
    }

    fn check_scopes(&self, at: &FieldPath, faults: &mut Faults) {
        for (index, scope) in self.scopes.iter().enumerate() {
            faults.judge(&at.index(index), field::scope(scope));
        }
        let identifies = self.scopes.iter().any(|scope| scope == "openid");
        let peopleless = [GrantType::ClientCredentials, GrantType::TokenExchange, GrantType::JwtBearer];
        let itself = self.grants.is_empty() || peopleless.into_iter().any(|grant| self.may_use(grant));
        let people = [GrantType::AuthorizationCode, GrantType::DeviceCode];
        let only_itself = itself && !people.into_iter().any(|grant| self.may_use(grant));
        faults.require(identifies || only_itself, at, || {
            Fault::new("not an OpenID Connect application")
                .expected("\"openid\" among the scopes")
                .hint("add it, or remove the line for the default")
        });
        let offline = self.scopes.iter().position(|scope| scope == "offline_access");
        if let (Some(index), false) = (offline, self.may_use(GrantType::RefreshToken)) {
            let fault = Fault::new("offline_access without refresh tokens")
                .expected("\"refresh_token\" among the grants")
                .hint("add the grant, or remove the scope");
            faults.add(&at.index(index), fault);
        }
    }

    fn check_apis(&self, at: &FieldPath, faults: &mut Faults) {
        let asks = self.kind == ClientKind::Confidential || self.introspects.is_empty();
        // RFC 7662 §2.1: whoever may ask without saying who it is may try tokens out.
        faults.require(asks, &at.key("introspects"), || {
            Fault::new("an application without a secret cannot look at tokens")
                .expected("`introspects` for confidential applications only")
                .hint("remove it, or make the application confidential")
        });
    }
}
