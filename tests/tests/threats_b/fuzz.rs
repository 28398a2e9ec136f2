//! Two thousand requests that make no sense: none of them may be the server's fault.

use crate::support::{BROWSER, SESSION, Victim, changed, cookies, exchange, is_signed_in, rows};
use vestibule_web::ROUTES;

/// A generator of numbers that are always the same (xorshift), so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.roll(from.len())]
    }
}

const BYTES: [&[u8]; 26] = [
    b"",
    b"\0",
    b"%00",
    b"%",
    b"%f",
    b"%ff%fe",
    b"\xff\xfe",
    b"\xc3\x28",
    b"+",
    b"%2B",
    b"..%2f..%2f",
    b"\"",
    b"'; DROP TABLE users; --",
    b"{{7*7}}",
    b"<script>",
    b"null",
    b"-1",
    b"99999999999999999999999999",
    b"true",
    b"[]",
    b"{\"a\":[",
    b"\xe2\x80\xae",
    b"a=b&a=b",
    b"&&&===",
    b"#?#?",
    b"\xf0\x9f\x92\xa9",
];

const NAMES: [&str; 36] = [
    "csrf",
    "request",
    "flow",
    "ceremony",
    "kind",
    "credential",
    "session",
    "client",
    "decision",
    "name",
    "label",
    "locale",
    "username",
    "identifier",
    "email",
    "password",
    "current_password",
    "new_password",
    "code",
    "token",
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "prompt",
    "max_age",
    "claims",
    "acr_values",
    "id_token_hint",
    "grant_type",
    "refresh_token",
    "code_verifier",
    "post_logout_redirect_uri",
    "switch",
];

fn value(dice: &mut Dice, victim: &Victim) -> Vec<u8> {
    match dice.roll(6) {
        0 => {
            let fields = victim.known.fields(dice.pick(&["", "/u/settings"]));
            let (_, value) = &fields[dice.roll(fields.len())];
            url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().into_bytes()
        }
        1 => b"A".repeat(dice.roll(9000)),
        2 => (0..dice.roll(40)).map(|_| u8::try_from(dice.roll(256)).unwrap()).collect(),
        3 => dice.pick(&BYTES).repeat(1 + dice.roll(4)),
        4 => dice
            .pick(&[
                "openid",
                "none",
                "code",
                "S256",
                "app",
                "alice",
                "totp",
                "refresh_token",
                "authorization_code",
                "login",
            ])
            .into(),
        _ => format!("%{:02x}%{:02x}", dice.roll(256), dice.roll(256)).into_bytes(),
    }
}

fn pairs(dice: &mut Dice, victim: &Victim) -> Vec<u8> {
    let mut all = Vec::new();
    for _ in 0..dice.roll(7) {
        all.extend_from_slice(dice.pick(&NAMES).as_bytes());
        if dice.roll(12) > 0 {
            all.push(b'=');
        }
        all.extend(value(dice, victim));
        all.push(b'&');
    }
    // Most forms come with a token that is good, so that they get beyond the first check.
    if dice.roll(4) > 0 {
        all.extend_from_slice(format!("csrf={}", victim.csrf).as_bytes());
    }
    all
}

/// Bytes that may stand in the target of a request, so that it is the product that refuses it.
fn in_target(bytes: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    if dice.roll(20) == 0 {
        return bytes;
    }
    let fits = |byte: &u8| byte.is_ascii_graphic() && *byte != b'#' || *byte >= 0x80;
    bytes.into_iter().filter(fits).collect()
}

fn one(dice: &mut Dice, victim: &Victim) -> Vec<u8> {
    let route = ROUTES[dice.roll(ROUTES.len())];
    let method = match dice.roll(10) {
        0 => dice.pick(&["PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE", "X"]).to_owned(),
        _ => route.methods[dice.roll(route.methods.len())].to_uppercase(),
    };
    let mut path = route.path.to_owned();
    for hole in ["{kind}", "{credential}", "{hash}", "{name}"] {
        let filling = value(dice, victim);
        let filling = String::from_utf8_lossy(&in_target(filling, dice))
            .replace(['?', '\u{fffd}', ' ', '\r', '\n'], "");
        path = path.replace(hole, &filling);
    }
    if dice.roll(15) == 0 {
        path.push_str(dice.pick(&["/", "//", "/..", "/%2e%2e/", "%00", ";x", "/%ff"]));
    }
    let mut head = format!("{method} {path}?").into_bytes();
    let query = pairs(dice, victim);
    head.extend(in_target(query, dice));
    let body = if dice.roll(3) == 0 { value(dice, victim) } else { pairs(dice, victim) };
    let cookie = match dice.roll(4) {
        0 => String::new(),
        1 => {
            let (session, own) = (victim.browser.on_wire(SESSION), victim.browser.on_wire(BROWSER));
            format!("{session}={}; {own}=x{}", "y".repeat(dice.roll(200)), dice.roll(99))
        }
        _ => cookies(&victim.browser),
    };
    let kind = dice.pick(&[
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/json",
        "",
        "multipart/form-data",
        "\u{e9}",
    ]);
    let kind = if dice.roll(3) > 0 { "application/x-www-form-urlencoded" } else { kind };
    let authorization = dice.pick(&[
        "",
        "Basic",
        "Basic !!!",
        "Basic YXBwOng=",
        "Basic OjpwOg==",
        "Bearer",
        "Bearer x",
        "Bearer a.b.c",
        "Basic YXBwJWZmOiVmZg==",
        "bearer eyJhbGciOiJub25lIn0.e30.",
        "Digest x",
        "\u{fc}",
    ]);
    let host = victim.server.pool().origin.authority();
    let more = format!(
        " HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: {kind}\r\nCookie: {cookie}\r\nAuthorization: {authorization}\r\nAccept-Language: {}\r\nContent-Length: {}\r\n\r\n",
        dice.pick(&["", "*", "de;q=x", "\u{fc},,;;", "en-US,en;q=0.5", "x"]),
        body.len()
    );
    [head, more.into_bytes(), body].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e6_two_thousand_senseless_requests_cause_no_failure() {
    let victim = Victim::new().await;
    let before = rows(&victim.server).await;
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut statuses = std::collections::BTreeMap::new();
    for number in 0..2000 {
        let bytes = one(&mut dice, &victim);
        let answer = exchange(victim.server.address(0), &bytes).await;
        assert!(
            answer.status < 500,
            "request {number}: {}\n{}",
            answer.status,
            String::from_utf8_lossy(&bytes)
        );
        assert!(answer.status > 0, "request {number}: no answer\n{}", String::from_utf8_lossy(&bytes));
        *statuses.entry(answer.status).or_insert(0_u32) += 1;
    }
    // The dice reached beyond the parser: pages, redirects and every kind of refusal.
    for status in [200, 303, 400, 401, 403, 404, 405] {
        assert!(statuses.contains_key(&status), "{statuses:?}");
    }
    assert!(statuses.get(&200).is_some_and(|count| *count > 80), "{statuses:?}");
    let after = rows(&victim.server).await;
    assert_eq!(before.get("pools"), after.get("pools"));
    assert_eq!(before.get("clients"), after.get("clients"));
    let kept = changed(
        &before,
        &after,
        &[
            "audit",
            "sessions",
            "remembered_devices",
            "attempts",
            "budgets",
            "flows",
            "ceremonies",
            "mail_tokens",
            "outbox",
            "users",
            "credentials",
            "grants",
            "codes",
            "consents",
        ],
    );
    assert_eq!(kept, Vec::<String>::new());
    let mut browser = victim.server.browser();
    assert_eq!(browser.get("/login").await.status, 200);
    let _ = is_signed_in(&victim.browser).await;
}
