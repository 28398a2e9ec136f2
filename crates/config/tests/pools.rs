//! What people write wrong in a pool file, and what they are told.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/factors.rs"]
mod factors;

use factors::Factors;
use std::path::Path;

use vestibule_config::{ConfigError, PoolFile};
use vestibule_domain::{Acr, Editor, GrantType, MfaMode, TextField, TokenAlg};

const POOL: &str = "[[pool]]\nslug = \"acme\"\nname = \"Acme\"\norigin = \"https://acme.example\"\n";
const CLIENT: &str = "[[pool.client]]\nid = \"shop\"\nname = \"Shop\"\nkind = \"confidential\"\n";
const USER: &str = "[[pool.user]]\nusername = \"jo\"\nemail = \"jo@example.com\"\n";
const REDIRECT: &str = "redirect_uris = [\"https://shop.example/cb\"]\n";

fn parse(text: &str) -> Result<PoolFile, ConfigError> {
    PoolFile::parse(Some(Path::new("p.toml")), text, &Factors)
}

/// (line, key, cause) of every problem.
fn problems(text: &str) -> Vec<(usize, String, String)> {
    let error = parse(text).err().unwrap();
    let problems = error.problems.into_iter();
    problems.map(|p| (p.line.unwrap(), p.key.unwrap_or_default(), p.cause)).collect()
}

#[test]
fn defaults_are_careful() {
    let file = parse(&format!("{POOL}{CLIENT}{REDIRECT}{USER}")).ok().unwrap();
    let pool = &file.pool[0];
    assert!(!pool.registration && !pool.password_reset);
    assert_eq!((pool.mfa.mode(), pool.locale.as_str()), (MfaMode::Optional, "en"));
    let client = &pool.client[0];
    assert_eq!(client.scopes, ["openid"]);
    assert_eq!(client.grants, [GrantType::AuthorizationCode, GrantType::RefreshToken]);
    assert_eq!((client.id_token_alg, pool.tokens.id_token_alg), (None, TokenAlg::Rs256));
    assert!(!client.first_party && client.min_acr.is_none());
    assert!(!pool.user[0].email_verified && pool.user[0].password.is_none());
    assert!(Acr::OneFactor < Acr::Mfa);
}

#[test]
fn shape_errors_have_a_place() {
    for (text, line, cause) in [
        (format!("{POOL}colour = 1\n"), 5, "unknown key `colour`"),
        ("[[pool]]\nslug = \"a\"\nname = \"A\"\n".to_owned(), 1, "missing key `origin`"),
        (format!("{POOL}{CLIENT}min_acr = \"2fa\"\n"), 9, "`2fa` is not allowed here"),
        (
            format!("{POOL}{CLIENT}acr_aliases = {{ \"2\" = \"strong\" }}\n"),
            9,
            "`strong` is not allowed here",
        ),
        (format!("{POOL}{CLIENT}grants = [\"password\"]\n"), 9, "`password` is not allowed here"),
        (format!("{POOL}[[pool.client]]\nid = \"x\"\nname = \"X\"\n"), 5, "missing key `kind`"),
        (format!("{POOL}registration = \"yes\"\n"), 5, "a value of the wrong type"),
    ] {
        let found = problems(&text);
        assert!(found.iter().any(|(at, _, what)| (*at, what.as_str()) == (line, cause)), "{text}\n{found:?}");
    }
}

#[test]
fn origins_are_exact_and_protected() {
    for (origin, fits) in [
        ("https://id.example.com", true),
        ("https://id.example.com:8443", true),
        ("http://localhost:8080", true),
        ("http://acme.localhost:8080", true),
        ("http://127.0.0.1:8080", true),
        ("http://[::1]:8080", true),
        ("http://id.example.com", false),
        ("http://localhost.example.com", false),
        ("https://id.example.com/", false),
        ("https://id.example.com/path", false),
        ("https://ID.example.com", false),
        ("https://id.example.com:443", false),
        ("https://user@id.example.com", false),
        ("https://id.example.com?x", false),
        ("ftp://id.example.com", false),
        ("id.example.com", false),
        ("", false),
    ] {
        let text = POOL.replace("https://acme.example", origin);
        assert_eq!(parse(&text).is_ok(), fits, "{origin}");
        if !fits {
            assert_eq!(problems(&text)[0].0, 4, "{origin}");
        }
    }
}

#[test]
fn redirect_uris_are_exact_addresses() {
    for (uri, confidential, public) in [
        ("https://shop.example/cb", true, true),
        ("https://shop.example/cb?tenant=a", true, true),
        ("http://127.0.0.1:8090/callback", true, true),
        ("http://localhost/cb", true, true),
        ("com.example.app:/cb", false, true),
        ("myapp:/cb", false, false),
        ("http://shop.example/cb", false, false),
        ("https://shop.example/cb#part", false, false),
        ("https://shop.example/cb#", false, false),
        ("https://*.shop.example/cb", false, false),
        ("https://good@evil.example/cb", false, false),
        ("https:evil.example/cb", false, false),
        ("https:///evil.example/cb", false, false),
        ("https://@evil.example/cb", false, false),
        ("https://shop.example/a b", false, false),
        ("https:\\\\\\\\shop.example", false, false),
        ("javascript:alert(1)", false, false),
        ("data:text/html,x", false, false),
        ("/callback", false, false),
        ("", false, false),
    ] {
        let text = format!("{POOL}{CLIENT}redirect_uris = [\n  \"{uri}\"]\n");
        assert_eq!(parse(&text).is_ok(), confidential, "{uri}");
        if !confidential {
            let found = problems(&text);
            assert_eq!(
                (found[0].0, found[0].1.as_str()),
                (10, "pool[0].client[0].redirect_uris[0]"),
                "{uri}"
            );
        }
        assert_eq!(parse(&text.replace("confidential", "public")).is_ok(), public, "{uri}");
    }
}

#[test]
fn duplicates_are_found_within_their_pool() {
    let twice = format!("{POOL}{POOL}").replacen("https://acme.example", "https://b.example", 1);
    assert_eq!(problems(&twice), [(6, "pool[1].slug".into(), "this slug is there twice".into())]);
    let same_origin = format!("{POOL}{}", POOL.replace("\"acme\"", "\"b\""));
    assert_eq!(problems(&same_origin)[0].1, "pool[1].origin");

    let clients = format!("{POOL}{CLIENT}{REDIRECT}{CLIENT}{REDIRECT}");
    assert_eq!(
        problems(&clients),
        [(11, "pool[0].client[1].id".into(), "this client id is there twice".into())]
    );
    let users = format!("{POOL}{USER}{}", USER.replace("\"jo\"", "\"JO\"").replace("jo@", "Jo@"));
    let found = problems(&users);
    assert_eq!(found.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [9, 10]);

    let other = POOL.replace("acme", "b");
    assert!(parse(&format!("{POOL}{CLIENT}{REDIRECT}{USER}{other}{CLIENT}{REDIRECT}{USER}")).is_ok());
}

#[test]
fn secrets_fit_the_kind_of_application() {
    let long = "x".repeat(32);
    let hash = "0".repeat(64);
    for (lines, cause) in [
        (format!("secret = \"{long}\"\n"), None),
        (format!("secret_sha256 = \"{hash}\"\n"), None),
        (format!("secret = \"{long}\"\nsecret_sha256 = \"{hash}\"\n"), Some("a secret and the hash")),
        ("secret = \"hunter2\"\n".to_owned(), Some("too short")),
        ("secret_sha256 = \"hunter2\"\n".to_owned(), Some("not a SHA-256 hash")),
        ("token_endpoint_auth_method = \"none\"\n".to_owned(), Some("does not fit the kind")),
        ("token_endpoint_auth_method = \"client_secret_post\"\n".to_owned(), None),
    ] {
        let text = format!("{POOL}{CLIENT}{REDIRECT}{lines}");
        let error = parse(&text).err().map(|error| error.to_string());
        assert_eq!(error.is_some(), cause.is_some(), "{lines}: {error:?}");
        assert!(error.is_none_or(|e| e.contains(cause.unwrap()) && !e.contains("hunter2")), "{lines}");
    }
    let public = CLIENT.replace("confidential", "public");
    let text = format!("{POOL}{public}{REDIRECT}secret = \"{long}\"\n");
    assert_eq!(
        problems(&text),
        [(10, "pool[0].client[0].secret".into(), "a public application cannot keep a secret".into())]
    );
    assert!(
        !parse(&format!("{POOL}{USER}password = [\"hunter2\"]\n"))
            .err()
            .unwrap()
            .to_string()
            .contains("hunter2")
    );
}

#[test]
fn all_problems_are_told_in_the_order_of_the_file() {
    let text = "[[pool]]\nslug = \"Acme Inc\"\nname = \" \"\norigin = \"acme\"\nlocale = \"English\"\n\
                [pool.branding]\naccent = \"teal\"\nsupport_email = \"help\"\n\
                [[pool.client]]\nid = \"a b\"\nname = \"A\"\nkind = \"public\"\nscopes = [\"a b\", \"offline_access\"]\n\
                grants = [\"refresh_token\"]\nacr_aliases = { \"a b\" = \"mfa\" }\n\
                [[pool.user]]\nusername = \"a@b\"\nemail = \"nobody\"\ngroups = [\"\"]\n";
    let lines: Vec<usize> = problems(text).iter().map(|(line, ..)| *line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 7, 8, 10, 13, 13, 14, 15, 17, 18, 19]);
    assert!(parse("").err().unwrap().to_string().contains("declares no pool"));
}

#[test]
fn fault_c4_everything_that_is_wrong_is_told_at_once_with_its_place_and_what_would_be_right() {
    let text = "[[pool]]\nslug = \"acme\"\nname = \"Acme\"\norigin = \"http://acme.example\"\nregistration = \"yes\"\n\
                [[pool.client]]\nid = \"shop\"\nname = \"Shop\"\nredirect_uris = \"https://shop.example/cb\"\n\
                [[pool.client]]\nid = \"bank\"\nkind = \"secret\"\nredirect_uri = []\n\
                [[pool.user]]\nusername = \"jo\"\n";
    let error = PoolFile::parse(Some(Path::new("p.toml")), text, &Factors).err().unwrap();
    let told = error.to_string();
    for expected in [
        "p.toml:4:10: ",
        "p.toml:5:16: a value of the wrong type",
        "expected: true or false",
        "missing key `kind`",
        "expected: `confidential` or `public`",
        "p.toml:9:17: a value of the wrong type",
        "expected: a list",
        "missing key `name`",
        "p.toml:12:8: `secret` is not allowed here",
        "p.toml:13:1: unknown key `redirect_uri`",
        "did you mean `redirect_uris`?",
        "missing key `email`",
    ] {
        assert!(told.contains(expected), "{expected} is missing in:\n{told}");
    }
    // Nothing is told of what was only put in place of something.
    assert_eq!(told.matches("no redirect URI").count(), 1, "of the second application alone:\n{told}");
    assert_eq!(told.matches("missing key `kind`").count(), 1, "{told}");
}

#[test]
fn profiles_and_attributes_are_checked_where_they_stand() {
    let attribute = "[[pool.attribute]]\nname = \"badge\"\ntype = \"integer\"\nscope = \"staff\"\n";
    let profile = "[pool.user.profile]\nbirthdate = \"1990-12-31\"\nattributes = { badge = 7 }\n";
    let file = parse(&format!("{POOL}{attribute}{USER}{profile}")).ok().unwrap();
    assert_eq!(file.pool[0].user[0].profile.text(TextField::Birthdate), Some("1990-12-31"));
    assert_eq!(file.pool[0].attribute[0].edit, Editor::Administrator, "unless it is said");
    let collides = "[[pool.attribute]]\nname = \"verified\"\nclaim = \"email_verified\"\ntype = \"boolean\"\nscope = \"email\"\n";
    let error = parse(&format!("{POOL}{collides}")).err().unwrap();
    let told = error.problems.first().unwrap();
    assert_eq!((told.line, told.key.as_deref()), (Some(7), Some("pool[0].attribute[0].claim")), "{told:?}");
    assert_eq!(told.cause, "a claim that has a meaning of its own");
    assert!(told.hint.as_deref().unwrap().contains("https://acme.example/email_verified"), "{told:?}");
    for (text, key, cause) in [
        ("birthdate = \"soon\"\n", "birthdate", "not a possible value"),
        ("picture = \"http://a.example/\"\n", "picture", "not a possible value"),
        ("address = { country = \"\" }\n", "address.country", "not a possible value"),
        (
            "phone_number_verified = true\n",
            "phone_number_verified",
            "a number that is proved, and none that is known",
        ),
        ("attributes = { badge = \"7\" }\n", "attributes.badge", "not a value of this attribute"),
        ("attributes = { other = 7 }\n", "attributes.other", "an attribute that the pool does not have"),
    ] {
        let found = problems(&format!("{POOL}{attribute}{USER}[pool.user.profile]\n{text}"));
        let key = format!("pool[0].user[0].profile.{key}");
        assert!(
            found.iter().any(|(_, at, what)| (at.as_str(), what.as_str()) == (key.as_str(), cause)),
            "{text} {found:?}"
        );
    }
    assert!(parse(&format!("{POOL}{USER}[pool.user.profile]\nsub = \"x\"\n")).is_err());
    assert!(parse(&format!("{POOL}[pool.account]\nprofile_fields = [\"roles\"]\n")).is_err());
}
