//! Which host a request is for. Every pool is an origin of its own, so this decides which pool answers.

use http::{Request, header, request::Parts};

/// Host and port that the request is for: the URI's authority (HTTP/2) or the `Host` header, without default ports.
pub(crate) fn authority(parts: &Parts) -> Option<String> {
    let from_uri = parts.uri.authority().map(|authority| authority.as_str().to_owned());
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let from_header = hosts.next().and_then(|host| host.to_str().ok()).map(str::to_owned);
    if hosts.next().is_some() {
        return None;
    }
    let authority = from_uri.or(from_header)?.to_ascii_lowercase();
    let bare = authority.strip_suffix(":443").or_else(|| authority.strip_suffix(":80"));
    Some(bare.map_or(authority.clone(), str::to_owned))
}

/// The host of a request, if it is written exactly as pools are known. [`authority`] judges any other spelling.
pub(crate) fn plain_host<B>(request: &Request<B>) -> Option<&str> {
    if request.uri().authority().is_some() {
        return None;
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    hosts.next().is_none().then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host_of(uri: &str, hosts: &[&str]) -> Option<String> {
        let mut request = Request::builder().uri(uri);
        for host in hosts {
            request = request.header(header::HOST, *host);
        }
        plain_host(&request.body(()).unwrap()).map(str::to_owned)
    }

    #[test]
    fn only_a_single_host_header_is_taken_as_it_is() {
        assert_eq!(host_of("/keys", &["a.test:8080"]).as_deref(), Some("a.test:8080"));
        assert_eq!(host_of("/keys", &[]), None);
        assert_eq!(host_of("/keys", &["a.test", "b.test"]), None);
        assert_eq!(host_of("http://b.test/keys", &["a.test"]), None, "the router knows which counts");
    }
}
