//! What a server can answer.

use crate::support::{JSON, Way, answer, hasty, json, patient, serve, setup};
use std::time::Duration;
use vestibule_outbound::{Fetched, Limits, OutboundError};

async fn get(way: Way, limits: Limits) -> Result<Fetched, OutboundError> {
    let (server, setup) = (serve(way).await, setup(limits));
    setup.outbound.get(&setup.rules, &server.url(), JSON).await
}

fn host() -> String {
    "rp.example".to_owned()
}

#[tokio::test]
async fn a_document_comes_with_the_time_until_which_it_is_fresh() {
    let server = serve(Way::Says(json("cache-control: max-age=300\r\n", "{\"keys\":[]}"))).await;
    let setup = setup(patient());
    let fetched = setup.outbound.get(&setup.rules, &server.url(), JSON).await.unwrap();
    assert_eq!(fetched.body, "{\"keys\":[]}");
    assert_eq!(fetched.fresh_until.as_seconds(), 784_111_777 + 300);
    let heard = server.heard().concat().to_lowercase();
    assert!(heard.starts_with("get /keys http/1.1\r\n"), "{heard}");
    for header in
        ["accept: application/json\r\n", "accept-encoding: identity\r\n", "user-agent: vestibule\r\n"]
    {
        assert_eq!(heard.matches(header).count(), 1, "{header}: {heard}");
    }
    assert!(!heard.contains("cookie") && !heard.contains("referer"), "{heard}");
}

#[tokio::test]
async fn a_form_is_posted_and_every_status_is_an_answer() {
    for status in [200, 204, 400, 404, 408, 429, 500, 503] {
        // Whatever the body is: it is not read.
        let server =
            serve(Way::Says(answer(&format!("{status} X"), "content-encoding: gzip\r\n", "x"))).await;
        let setup = setup(patient());
        let form = [("logout_token", "a.b-_+& c"), ("ä", "=")];
        let given = setup.outbound.post_form(&setup.rules, &server.url(), &form).await.unwrap();
        assert_eq!(given.as_u16(), status);
        let heard = server.heard().concat();
        assert!(heard.starts_with("POST /keys HTTP/1.1\r\n"), "{heard}");
        assert!(
            heard.to_lowercase().contains("content-type: application/x-www-form-urlencoded\r\n"),
            "{heard}"
        );
        assert!(heard.ends_with("\r\n\r\nlogout_token=a.b-_%2B%26+c&%C3%A4=%3D"), "{heard}");
    }
}

#[tokio::test]
async fn threat_c28_no_redirect_is_followed() {
    let inside = serve(Way::Says(json("", "{\"secret\":1}"))).await;
    for status in [300, 301, 302, 303, 304, 307, 308] {
        let location = format!("location: http://127.0.0.1:{}/keys\r\n", inside.address.port());
        let (server, setup) =
            (serve(Way::Says(answer(&format!("{status} X"), &location, ""))).await, setup(patient()));
        let refused = OutboundError::Redirect { host: host(), status };
        assert_eq!(setup.outbound.get(&setup.rules, &server.url(), JSON).await, Err(refused.clone()));
        let posted = setup.outbound.post_form(&setup.rules, &server.url(), &[("a", "b")]).await;
        assert_eq!(posted, Err(refused));
    }
    assert_eq!(inside.count(), 0);
}

#[tokio::test]
async fn only_a_plain_document_of_the_expected_type_is_taken() {
    let of_type = |value: &str| Way::Says(answer("200 OK", &format!("content-type: {value}\r\n"), "{}"));
    for good in ["application/json", "Application/JSON; charset=utf-8", "application/json ;a=b"] {
        assert!(get(of_type(good), patient()).await.is_ok(), "{good}");
    }
    let wrong = Err(OutboundError::ContentType { host: host(), expected: "application/json".into() });
    for bad in [
        "text/html",
        "application/jsonx",
        "text/html; application/json",
        "",
        "application/json\r\ncontent-type: text/html",
    ] {
        assert_eq!(get(of_type(bad), patient()).await, wrong, "{bad}");
    }
    assert_eq!(get(Way::Says(answer("200 OK", "", "{}")), patient()).await, wrong);
    for status in [100_u16, 201, 204, 206, 400, 401, 404, 500] {
        let given = get(
            Way::Says(answer(&format!("{status} X"), "content-type: application/json\r\n", "")),
            patient(),
        )
        .await;
        // 100 announces an answer that does not come.
        let expected = match status {
            100 => OutboundError::Broken { host: host() },
            _ => OutboundError::Status { host: host(), status },
        };
        assert_eq!(given, Err(expected));
    }
}

#[tokio::test]
async fn threat_e7_a_compressed_bomb_is_not_unpacked() {
    for encoding in ["gzip", "br", "deflate", "zstd", "identity, gzip", "unknown"] {
        let bomb = json(&format!("content-encoding: {encoding}\r\n"), "\u{1f}bomb");
        assert_eq!(
            get(Way::Says(bomb), patient()).await,
            Err(OutboundError::Encoded { host: host() }),
            "{encoding}"
        );
    }
    // A bomb that does not say so is a document of some bytes.
    let given =
        get(Way::Says(json("content-encoding: identity\r\n", "\u{1f}bomb")), patient()).await.unwrap();
    assert_eq!(given.body, "\u{1f}bomb");
}

#[tokio::test]
async fn threat_e7_a_body_is_read_to_the_limit_and_no_further() {
    let limits = || Limits { body: 1000, ..patient() };
    let large = Err(OutboundError::TooLarge { host: host(), limit: 1000 });
    assert!(get(Way::Says(json("", &"x".repeat(1000))), limits()).await.is_ok());
    assert_eq!(get(Way::Says(json("", &"x".repeat(1001))), limits()).await, large);
    let type_ = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let part = vec![b'x'; 300];
    // Announced and never sent; without an end; in chunks without an end; in one chunk that never ends.
    let announced = Way::Hangs(format!("{type_}content-length: 18446744073709551615\r\n\r\n").into_bytes());
    let endless = Way::Repeats(format!("{type_}\r\n").into_bytes(), part.clone(), Duration::ZERO);
    let head = format!("{type_}transfer-encoding: chunked\r\n\r\n");
    let chunk = [b"12c\r\n".as_slice(), &part, b"\r\n"].concat();
    let chunks = Way::Repeats(head.clone().into_bytes(), chunk, Duration::ZERO);
    let one_chunk = Way::Repeats(format!("{head}FFFFFFFFFF\r\n").into_bytes(), part, Duration::ZERO);
    for way in [announced, endless, chunks, one_chunk] {
        let given = get(way, limits()).await;
        // A length beyond what any number holds is no HTTP either.
        assert!(given == large || given == Err(OutboundError::Broken { host: host() }), "{given:?}");
    }
}

#[tokio::test]
async fn a_length_that_lies_gives_no_document() {
    let says = |length: &str, body: &str| {
        Way::Says(
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{length}\r\n{body}").into_bytes(),
        )
    };
    let broken = Err(OutboundError::Broken { host: host() });
    assert_eq!(get(says("content-length: 10\r\n", "{}"), patient()).await, broken, "too long");
    assert_eq!(get(says("content-length: 2\r\ncontent-length: 3\r\n", "{} "), patient()).await, broken);
    assert_eq!(get(says("content-length: -1\r\n", "{}"), patient()).await, broken);
    // Too short: what comes after the end is not part of the document.
    let short = get(says("content-length: 2\r\n", &format!("{{}}{}", "x".repeat(100_000))), patient()).await;
    assert_eq!(short.unwrap().body, "{}");
}

#[tokio::test]
async fn what_is_no_http_is_a_failure() {
    for bytes in [
        b"".as_slice(),
        b"\0\0\0\0",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
    ] {
        let given = get(Way::Says(bytes.to_vec()), patient()).await;
        assert_eq!(given, Err(OutboundError::Broken { host: host() }), "{bytes:?}");
    }
    let head = Way::Repeats(
        b"HTTP/1.1 200 OK\r\n".to_vec(),
        b"a: bbbbbbbbbbbbbbbbbbbbbbbb\r\n".repeat(100),
        Duration::ZERO,
    );
    assert_eq!(
        get(head, patient()).await,
        Err(OutboundError::Broken { host: host() }),
        "headers without end"
    );
}

#[tokio::test]
async fn threat_e7_a_host_that_dawdles_is_given_up() {
    let pause = Duration::from_millis(20);
    let slow_head =
        Way::Repeats(b"HTTP/1.1 200 OK\r\n".to_vec(), b"a: b\r\n".to_vec(), Duration::from_millis(50));
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n".to_vec();
    let slow_body = Way::Repeats(head.clone(), b"x".to_vec(), pause);
    for way in [Way::Hangs(Vec::new()), slow_head, slow_body, Way::Hangs(head)] {
        assert_eq!(get(way, hasty()).await, Err(OutboundError::Timeout { host: host() }));
    }
}

#[tokio::test]
async fn messages_say_neither_path_nor_answer() {
    let body = "SECRET-BODY";
    for way in [
        Way::Says(answer("500 SECRET-REASON", "x: SECRET-HEADER\r\n", body)),
        Way::Says(answer("302 SECRET-REASON", "location: https://SECRET-PLACE/\r\n", body)),
        Way::Says(answer("200 OK", "content-type: text/SECRET-TYPE\r\n", body)),
        Way::Says(json("content-encoding: SECRET\r\n", body)),
        Way::Says(b"SECRET".to_vec()),
    ] {
        let (server, setup) = (serve(way).await, setup(patient()));
        let url = format!("{}/SECRET-PATH?SECRET=SECRET", server.url());
        let error = setup.outbound.get(&setup.rules, &url, JSON).await.unwrap_err();
        let text = format!("{error} {error:?} {}", error.code());
        assert!(!text.to_lowercase().contains("secret") && text.contains("rp.example"), "{text}");
    }
}
