//! For how long a document may be kept (RFC 9111 §4.2, as far as a client of this kind needs it).

use http::{
    HeaderMap,
    header::{AGE, CACHE_CONTROL, DATE, EXPIRES, HeaderName},
};
use std::time::UNIX_EPOCH;
use vestibule_domain::Timestamp;

/// Whatever a host says, it is not asked more often than this, in seconds.
pub(crate) const LEAST: i64 = 60;
/// Whatever a host says, it is asked again after this, in seconds.
pub(crate) const MOST: i64 = 24 * 60 * 60;
/// When it says nothing.
const UNSAID: i64 = 10 * 60;

/// Until when an answer of `now` is fresh: between a minute and a day.
pub(crate) fn fresh_until(headers: &HeaderMap, now: Timestamp) -> Timestamp {
    now + lifetime(headers, now).clamp(LEAST, MOST)
}

fn lifetime(headers: &HeaderMap, now: Timestamp) -> i64 {
    let directives: Vec<String> = headers
        .get_all(CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|directive| directive.trim().to_ascii_lowercase())
        .collect();
    if directives.iter().any(|directive| directive == "no-store" || directive.starts_with("no-cache")) {
        return 0;
    }
    if let Some(age) = directives.iter().find_map(|directive| directive.strip_prefix("max-age=")) {
        // What cannot be read is stale (§4.2.1); what is too large to read is very fresh.
        let seconds = age.trim_matches('"');
        let digits = !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit());
        let most = if digits { seconds.parse::<i64>().unwrap_or(i64::MAX) } else { 0 };
        let spent = text(headers, &AGE).and_then(|age| age.parse::<i64>().ok()).unwrap_or_default();
        return most.saturating_sub(spent.max(0));
    }
    if headers.contains_key(EXPIRES) {
        let sent = date(headers, &DATE).unwrap_or(now);
        return date(headers, &EXPIRES).map_or(0, |expires| expires.since(sent));
    }
    UNSAID
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<Timestamp> {
    let moment = httpdate::parse_http_date(text(headers, name)?).ok()?;
    let seconds = moment.duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(Timestamp::from_seconds(i64::try_from(seconds).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_host_says_holds_between_a_minute_and_a_day() {
        let now = Timestamp::from_seconds(784_111_777); // Sun, 06 Nov 1994 08:49:37 GMT
        for (headers, seconds) in [
            (vec![], UNSAID),
            (vec![("cache-control", "max-age=300")], 300),
            (vec![("cache-control", "public, Max-Age=300, must-revalidate")], 300),
            (vec![("cache-control", "public"), ("cache-control", "max-age=\"300\"")], 300),
            (vec![("cache-control", "max-age=300"), ("age", "100")], 200),
            (vec![("cache-control", "max-age=300"), ("age", "-100")], 300),
            (vec![("cache-control", "max-age=300"), ("age", "a lot")], 300),
            (vec![("cache-control", "max-age=300"), ("age", "9223372036854775807")], LEAST),
            (vec![("cache-control", "max-age=0")], LEAST),
            (vec![("cache-control", "max-age=-5")], LEAST),
            (vec![("cache-control", "max-age=")], LEAST),
            (vec![("cache-control", "max-age=soon")], LEAST),
            (vec![("cache-control", "max-age=31536000")], MOST),
            (vec![("cache-control", "max-age=99999999999999999999999999")], MOST),
            (vec![("cache-control", "no-store, max-age=3000")], LEAST),
            (vec![("cache-control", "no-cache")], LEAST),
            (vec![("cache-control", "max-age=300"), ("expires", "Sun, 06 Nov 1994 12:49:37 GMT")], 300),
            (vec![("expires", "Sun, 06 Nov 1994 09:49:37 GMT")], 3600),
            (
                vec![("expires", "Sun, 06 Nov 1994 09:49:37 GMT"), ("date", "Sun, 06 Nov 1994 09:39:37 GMT")],
                600,
            ),
            (vec![("expires", "Sun, 06 Nov 1994 01:49:37 GMT")], LEAST),
            (vec![("expires", "0")], LEAST),
            (vec![("expires", "Fri, 31 Dec 9999 23:59:59 GMT")], MOST),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in &headers {
                map.append(HeaderName::from_static(name), value.parse().unwrap());
            }
            assert_eq!(fresh_until(&map, now).since(now), seconds, "{headers:?}");
        }
    }
}
