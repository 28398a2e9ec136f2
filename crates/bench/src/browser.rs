//! A browser: one connection and the cookies it was given.

use crate::{
    http::{Answer, Http},
    site,
};
use anyhow::Context as _;
use std::collections::BTreeMap;

/// A browser that has been nowhere yet, or has cookies.
pub(crate) struct Browser {
    /// Its connection, for requests of an application's own, which have no cookies.
    pub(crate) http: Http,
    /// By name.
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    /// One without cookies.
    pub(crate) const fn new(http: Http) -> Self {
        Self { http, cookies: BTreeMap::new() }
    }

    /// Sends a request with the cookies, and keeps what the answer sets.
    pub(crate) async fn send(
        &mut self,
        method: &str,
        path: &str,
        form: Option<&str>,
    ) -> anyhow::Result<Answer> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut headers: Vec<(&str, &str)> = Vec::new();
        if !cookies.is_empty() {
            headers.push(("cookie", &cookies));
        }
        if form.is_some() {
            headers.push(("origin", site::ORIGIN));
        }
        let answer = self.http.send(method, path, &headers, form).await?;
        for cookie in answer.cookies() {
            let pair = cookie.split(';').next().and_then(|pair| pair.split_once('='));
            let (name, value) = pair.context("a cookie without a value")?;
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Ok(answer)
    }
}

/// A form as it is sent.
pub(crate) fn encoded(form: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

/// The hidden fields of the form that is sent to `action`.
pub(crate) fn hidden_fields(page: &str, action: &str) -> anyhow::Result<Vec<(String, String)>> {
    let form = page.split("<form").find(|form| form.contains(&format!("action=\"{action}\"")));
    let form = form.and_then(|form| form.split("</form>").next());
    let form = form.with_context(|| format!("no form to {action}"))?;
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        rest.split('"').next().map(str::to_owned)
    };
    let tags = form.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
    let hidden = tags.filter(|tag| tag.contains("type=\"hidden\""));
    Ok(hidden.filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_fields_of_the_form_in_question_are_read() {
        let page = r#"<form action="/a"><input type="hidden" name="x" value="1"></form>
            <form method="post" action="/b"><input type="hidden" name="csrf" value="2">
            <input class="i" name="code" type="text"></form>"#;
        assert_eq!(hidden_fields(page, "/b").unwrap(), [("csrf".to_owned(), "2".to_owned())]);
        assert!(hidden_fields(page, "/c").is_err());
    }
}
