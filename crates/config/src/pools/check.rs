//! Checks that types alone cannot make; all that is wrong is collected.

mod enrolment;
mod mfa;

use std::collections::BTreeMap;

use url::Url;

use super::{ClientAuthMethod, ClientKind, ClientSpec, GrantKind, PoolFile, PoolSpec, UserSpec};
use crate::document::{Document, KeyPath};
use crate::error::{ConfigError, Problem};
use crate::settings::check::{is_email, is_loopback};

/// Collects problems with their places.
struct Report<'a, 'i> {
    document: &'a Document<'i>,
    problems: Vec<Problem>,
}

impl Report<'_, '_> {
    fn add(&mut self, path: &KeyPath, problem: Problem) {
        self.problems.push(self.document.locate(path, problem));
    }

    /// Adds a problem when `fits` is false.
    fn require(&mut self, fits: bool, path: &KeyPath, problem: impl FnOnce() -> Problem) {
        if !fits {
            self.add(path, problem());
        }
    }

    /// Reports every value that was there before; `values` are (where, what).
    fn unique(&mut self, what: &str, values: impl IntoIterator<Item = (KeyPath, String)>) {
        let mut seen: BTreeMap<String, KeyPath> = BTreeMap::new();
        for (path, value) in values {
            if let Some(first) = seen.get(&value) {
                let problem = Problem::new(format!("this {what} is there twice"))
                    .expected(format!("a {what} of its own"))
                    .found(format!("{value:?}, as in {first}"));
                self.add(&path, problem.hint("rename or remove one of the two"));
            } else {
                seen.insert(value, path);
            }
        }
    }
}

impl PoolFile {
    pub(super) fn check(&self, document: &Document<'_>) -> Result<(), ConfigError> {
        let mut report = Report { document, problems: Vec::new() };
        let pools = KeyPath::root().key("pool");
        let each = || self.pool.iter().enumerate().map(|(index, pool)| (pools.index(index), pool));
        report.require(!self.pool.is_empty(), &pools, || {
            Problem::new("the file declares no pool")
                .expected("at least one [[pool]] table")
                .hint("see config/pools.example.toml")
        });
        for (path, pool) in each() {
            check_pool(&mut report, &path, pool);
        }
        report.unique("slug", each().map(|(path, pool)| (path.key("slug"), pool.slug.clone())));
        report.unique("origin", each().map(|(path, pool)| (path.key("origin"), pool.origin.clone())));
        ConfigError::check(report.problems)
    }
}

fn check_pool(report: &mut Report<'_, '_>, path: &KeyPath, pool: &PoolSpec) {
    report.require(is_slug(&pool.tenant), &path.key("tenant"), || {
        Problem::new("not a slug")
            .expected("1 to 63 lower-case letters, digits and hyphens, such as \"acme\"")
            .found(format!("{:?}", pool.tenant))
    });
    report.require(is_slug(&pool.slug), &path.key("slug"), || {
        Problem::new("not a slug")
            .expected("1 to 63 of a-z, 0-9 and -, not beginning or ending with -")
            .found(format!("{:?}", pool.slug))
            .hint("choose a short name such as `acme`")
    });
    check_text(report, &path.key("name"), &pool.name);
    if let Some(problem) = origin_problem(&pool.origin) {
        report.add(&path.key("origin"), problem);
    }
    report.require(is_locale(&pool.locale), &path.key("locale"), || {
        Problem::new("not a language")
            .expected("a language tag such as `en` or `pt-BR`")
            .found(format!("{:?}", pool.locale))
            .hint("correct the tag, or remove the line for `en`")
    });
    let branding = path.key("branding");
    if let Some(accent) = &pool.branding.accent {
        report.require(is_color(accent), &branding.key("accent"), || {
            Problem::new("not a color")
                .expected("#rrggbb")
                .found(format!("{accent:?}"))
                .hint("write # and six hexadecimal digits")
        });
    }
    if let Some(address) = &pool.branding.support_email {
        report.require(is_email(address), &branding.key("support_email"), || email_problem(address));
    }
    mfa::check(report, path, pool);
    enrolment::check(report, path, pool);
    let clients =
        || pool.client.iter().enumerate().map(|(index, client)| (path.key("client").index(index), client));
    let users = || pool.user.iter().enumerate().map(|(index, user)| (path.key("user").index(index), user));
    for (path, client) in clients() {
        check_client(report, &path, client);
    }
    for (path, user) in users() {
        check_user(report, &path, user);
    }
    report.unique("client id", clients().map(|(path, client)| (path.key("id"), client.id.clone())));
    report
        .unique("username", users().map(|(path, user)| (path.key("username"), user.username.to_lowercase())));
    report.unique("email", users().map(|(path, user)| (path.key("email"), user.email.to_lowercase())));
}

fn check_client(report: &mut Report<'_, '_>, path: &KeyPath, client: &ClientSpec) {
    let visible = |c: char| c.is_ascii_graphic();
    report.require(
        !client.id.is_empty() && client.id.len() <= 128 && client.id.chars().all(visible),
        &path.key("id"),
        || {
            Problem::new("not a client id")
                .expected("1 to 128 visible ASCII characters")
                .found(format!("{:?}", client.id))
                .hint("choose an id such as `demo-app`")
        },
    );
    check_text(report, &path.key("name"), &client.name);
    check_secret(report, path, client);
    for (name, uris) in [
        ("redirect_uris", &client.redirect_uris),
        ("post_logout_redirect_uris", &client.post_logout_redirect_uris),
    ] {
        for (index, uri) in uris.iter().enumerate() {
            if let Some(problem) = redirect_problem(uri, client.kind) {
                report.add(&path.key(name).index(index), problem);
            }
        }
    }
    check_grants(report, path, client);
    for name in client.acr_aliases.keys() {
        let fits = !name.is_empty() && name.chars().all(visible);
        report.require(fits, &path.key("acr_aliases").key(name), || {
            Problem::new("not a name for an acr")
                .expected(
                    "visible ASCII characters without blanks (acr_values is a list separated by blanks)",
                )
                .found(format!("{name:?}"))
                .hint("rename it")
        });
    }
}

fn check_secret(report: &mut Report<'_, '_>, path: &KeyPath, client: &ClientSpec) {
    let (secret, hash) = (path.key("secret"), path.key("secret_sha256"));
    report.require(client.secret.is_none() || client.secret_sha256.is_none(), &hash, || {
        Problem::new("a secret and the hash of a secret")
            .expected("one of `secret` and `secret_sha256`")
            .hint("remove one of them")
    });
    let public = client.kind == ClientKind::Public;
    let where_secret = if client.secret.is_some() { &secret } else { &hash };
    report.require(
        !public || (client.secret.is_none() && client.secret_sha256.is_none()),
        where_secret,
        || {
            Problem::new("a public application cannot keep a secret")
                .expected("no secret with kind = \"public\"")
                .hint("remove the secret, or set kind = \"confidential\"")
        },
    );
    if let Some(text) = &client.secret {
        report.require(text.expose().len() >= 32, &secret, || {
            Problem::new("the secret is too short")
                .expected("at least 32 random characters")
                .found(format!("{} characters", text.expose().len()))
                .hint("remove the line and have one generated")
        });
    }
    if let Some(text) = &client.secret_sha256 {
        let fits = text.len() == 64 && text.chars().all(|c| c.is_ascii_hexdigit());
        report.require(fits, &hash, || {
            Problem::new("not a SHA-256 hash")
                .expected("64 hexadecimal digits")
                .found(format!("{} characters", text.chars().count()))
                .hint("printf %s \"$SECRET\" | sha256sum")
        });
    }
    let method = client.auth_method();
    report.require(
        public == (method == ClientAuthMethod::None),
        &path.key("token_endpoint_auth_method"),
        || {
            let expected = if public { "none" } else { "client_secret_basic or client_secret_post" };
            Problem::new("this method does not fit the kind of application")
                .expected(expected)
                .found(method.as_str())
                .hint("correct it, or remove the line for the default")
        },
    );
}

fn check_grants(report: &mut Report<'_, '_>, path: &KeyPath, client: &ClientSpec) {
    let code = client.grants.contains(&GrantKind::AuthorizationCode);
    let refresh = client.grants.contains(&GrantKind::RefreshToken);
    report.require(code, &path.key("grants"), || {
        Problem::new("an application that nobody can sign in to")
            .expected("\"authorization_code\" among the grants")
            .hint("add it, or remove the line for the default")
    });
    report.require(!code || !client.redirect_uris.is_empty(), &path.key("redirect_uris"), || {
        Problem::new("no redirect URI")
            .expected("at least one address to return to after sign-in")
            .found("none")
            .hint("add redirect_uris = [\"https://app.example.com/callback\"]")
    });
    let scopes = path.key("scopes");
    for (index, scope) in client.scopes.iter().enumerate() {
        // RFC 6749 section 3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
        let fits = !scope.is_empty() && scope.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\');
        report.require(fits, &scopes.index(index), || {
            Problem::new("not a scope")
                .expected("visible ASCII characters without blanks, quotes and backslashes")
                .found(format!("{scope:?}"))
                .hint("one scope an entry: [\"openid\", \"profile\"]")
        });
    }
    report.require(client.scopes.iter().any(|scope| scope == "openid"), &scopes, || {
        Problem::new("not an OpenID Connect application")
            .expected("\"openid\" among the scopes")
            .hint("add it, or remove the line for the default")
    });
    let offline = client.scopes.iter().position(|scope| scope == "offline_access");
    if let (Some(index), false) = (offline, refresh) {
        let problem = Problem::new("offline_access without refresh tokens")
            .expected("\"refresh_token\" among the grants")
            .hint("add the grant, or remove the scope");
        report.add(&scopes.index(index), problem);
    }
}

fn check_user(report: &mut Report<'_, '_>, path: &KeyPath, user: &UserSpec) {
    let name = &user.username;
    let fits = !name.is_empty()
        && name.chars().count() <= 64
        && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@');
    report.require(fits, &path.key("username"), || {
        Problem::new("not a username")
            .expected("1 to 64 characters without blanks and @")
            .found(format!("{name:?}"))
            .hint("choose another; the email address can be used to sign in as well")
    });
    report.require(is_email(&user.email), &path.key("email"), || email_problem(&user.email));
    if let Some(name) = &user.name {
        check_text(report, &path.key("name"), name);
    }
    for (index, group) in user.groups.iter().enumerate() {
        check_text(report, &path.key("groups").index(index), group);
    }
}

fn check_text(report: &mut Report<'_, '_>, path: &KeyPath, text: &str) {
    let fits = !text.trim().is_empty() && text.chars().count() <= 128 && !text.chars().any(char::is_control);
    report.require(fits, path, || {
        Problem::new("not a name")
            .expected("1 to 128 characters, not only blanks, without line breaks")
            .found(format!("{text:?}"))
            .hint("choose another name")
    });
}

fn email_problem(address: &str) -> Problem {
    Problem::new("not an email address")
        .expected("name@example.com")
        .found(format!("{address:?}"))
        .hint("correct the address")
}

fn is_slug(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_locale(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn origin_problem(text: &str) -> Option<Problem> {
    let problem = |cause: &str, hint: String| {
        Problem::new(cause)
            .expected("https://host or https://host:port (http only for localhost and loopback)")
            .found(format!("{text:?}"))
            .hint(hint)
    };
    let url = match Url::parse(text) {
        Ok(url) if url.has_host() && matches!(url.scheme(), "https" | "http") => url,
        _ => return Some(problem("not an origin", "write the address people see in the browser".to_owned())),
    };
    if url.scheme() == "http" && !url.host_str().is_some_and(is_loopback) {
        return Some(problem("an unprotected origin", "use https".to_owned()));
    }
    let plain = url.origin().ascii_serialization();
    // An issuer is compared character by character (OpenID Connect Discovery section 4.3): one spelling only.
    (plain != text).then(|| problem("more or other than an origin", format!("write \"{plain}\"")))
}

/// RFC 6749 section 3.1.2, RFC 8252 section 7, RFC 9700 section 2.1.
fn redirect_problem(text: &str, kind: ClientKind) -> Option<Problem> {
    let problem = |cause: &str, expected: &str, hint: &str| {
        Some(Problem::new(cause).expected(expected).found(format!("{text:?}")).hint(hint))
    };
    let Ok(url) = Url::parse(text) else {
        return problem(
            "not an absolute URI",
            "an address such as https://app.example.com/callback",
            "write scheme, host and path in full",
        );
    };
    if url.fragment().is_some() {
        return problem("a fragment in a redirect URI", "no # part", "remove everything from the #");
    }
    if text.contains('*') {
        return problem("a wildcard in a redirect URI", "one exact address", "list each address");
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) || text.contains('\\') {
        return problem(
            "a strange character in a redirect URI",
            "no blanks or backslashes",
            "encode it as %XX",
        );
    }
    // Looked at as written: the parser repairs what other parsers read differently ("https:host", "https://@host").
    let authority = text.split_once("://").map(|(_, rest)| rest.split(['/', '?']).next().unwrap_or_default());
    if authority.is_some_and(|authority| authority.contains('@')) {
        return problem("a user name in a redirect URI", "no name before the host", "remove it");
    }
    if matches!(url.scheme(), "https" | "http") && authority.is_none_or(str::is_empty) {
        return problem("a redirect URI without a host", "https://host/path", "write the host after ://");
    }
    match url.scheme() {
        "https" => None,
        "http" if url.host_str().is_some_and(is_loopback) => None,
        "http" => problem("an unprotected redirect URI", "https (http only for loopback hosts)", "use https"),
        // RFC 8252 section 7.1: a private-use scheme is a reversed domain name, so it has a dot.
        scheme if scheme.contains('.') && kind == ClientKind::Public => None,
        _ => problem(
            "a scheme that nothing vouches for",
            "https, http on loopback, or (public applications) a private scheme such as com.example.app:/callback",
            "use one of these",
        ),
    }
}
