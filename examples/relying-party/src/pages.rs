//! The pages. Plain HTML that works without a script; everything that is not ours goes through [`escape`].

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::session::Tokens;
use crate::{Settings, Shared, api, explain};

/// Text as HTML, fit for content and for quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Something that ended a sign-in, and what to do about it. Never holds a token.
pub(crate) struct Failure {
    code: String,
    cause: String,
    remedy: String,
    status: StatusCode,
}

impl Failure {
    /// The provider refused, with an OAuth error.
    pub(crate) fn oauth(code: &str, description: Option<&str>) -> Self {
        Self {
            code: code.to_owned(),
            cause: description.unwrap_or("The provider gave no description.").to_owned(),
            remedy: explain::next_step(code).to_owned(),
            status: StatusCode::BAD_REQUEST,
        }
    }

    /// Something here does not fit.
    pub(crate) fn local(cause: &str) -> Self {
        Self { code: "unusable_answer".to_owned(), ..Self::oauth("", Some(cause)) }
    }

    /// No sign-in of this browser began with the `state` of the answer.
    pub(crate) fn state() -> Self {
        Self {
            code: "state_mismatch".to_owned(),
            remedy: "Start again with the button of this page. Your browser must accept its cookie."
                .to_owned(),
            ..Self::oauth("", Some("This answer belongs to no sign-in that this browser began here."))
        }
    }

    /// The answer comes from another issuer (RFC 9207).
    pub(crate) fn issuer(found: &str) -> Self {
        let cause = format!("The answer comes from {found}, not from the provider that was asked.");
        Self {
            code: "issuer_mismatch".to_owned(),
            remedy: "Do not go on. Someone may be mixing up providers; tell whoever runs the application."
                .to_owned(),
            ..Self::oauth("", Some(&cause))
        }
    }

    /// The ID token does not hold.
    pub(crate) fn token(why: &str) -> Self {
        let cause = format!("The ID token is refused: {why}.");
        Self { code: "id_token_refused".to_owned(), ..Self::oauth("", Some(&cause)) }
    }

    /// The provider does not answer.
    pub(crate) fn unreachable(error: &anyhow::Error) -> Self {
        Self {
            code: "provider_unreachable".to_owned(),
            cause: format!("The identity provider does not answer: {error}."),
            remedy: "Check that it runs and that the issuer is right, then try again.".to_owned(),
            status: StatusCode::BAD_GATEWAY,
        }
    }
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} · Demo Application</title>\n\
         <link rel=\"stylesheet\" href=\"/app.css\">\n<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n\
         </head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to content</a>\n\
         <header class=\"bar\"><a class=\"brand\" href=\"/\"><img src=\"/icon.svg\" alt=\"\" width=\"28\" height=\"28\">\
         Demo Application</a></header>\n<main id=\"main\">\n{body}\n</main>\n\
         <footer>A relying party on the <code>openidconnect</code> crate. It knows its provider only by discovery.\
         </footer>\n</body>\n</html>\n",
        title = escape(title)
    )
}

/// A form that is one button.
fn button(action: &str, id: &str, label: &str, class: &str) -> String {
    format!(
        "<form method=\"post\" action=\"{action}\"><button id=\"{id}\" class=\"{class}\" type=\"submit\">{label}\
         </button></form>"
    )
}

pub(crate) async fn home(State(app): Shared, headers: HeaderMap) -> Html<String> {
    let (tokens, steps, notice) = app.sessions.with(&headers, |session| {
        (session.tokens.clone(), std::mem::take(&mut session.api_steps), session.notice.take())
    });
    let notice = notice
        .map(|text| format!("<p class=\"notice\" role=\"status\" id=\"notice\">{}</p>\n", escape(&text)))
        .unwrap_or_default();
    Html(match tokens {
        Some(tokens) => page("Signed in", &(notice + &signed_in(&app.settings, &tokens, &steps, api::now()))),
        None => page("Welcome", &(notice + &welcome(&app.settings.issuer))),
    })
}

fn welcome(issuer: &str) -> String {
    format!(
        "<section class=\"card hero\">\n<h1>See what a sign-in proves</h1>\n\
         <p>This application keeps no passwords. It sends you to its identity provider, \
         <code>{issuer}</code>, and reads in the signed answer who you are, how you proved it, and when.</p>\n\
         <div class=\"actions\">{plain}{mfa}</div>\n\
         <p class=\"quiet\">Signed in at the provider already? It can answer without asking you anything.</p>\n\
         <div class=\"actions\">{silent}</div>\n</section>",
        issuer = escape(issuer),
        plain = button("/sign-in", "sign-in", "Sign in", "primary"),
        mfa = button("/sign-in-mfa", "sign-in-mfa", "Sign in with a second factor required", ""),
        silent = button("/sign-in-silent", "sign-in-silent", "Try a silent sign-in", ""),
    )
}

fn signed_in(settings: &Settings, tokens: &Tokens, steps: &[String], now: i64) -> String {
    let step_up = settings.acr_step_up.as_str();
    let account = settings.account_url.as_deref().map_or_else(String::new, |url| {
        format!(
            "<a class=\"button\" id=\"account\" href=\"{}\">Your account at the provider</a>",
            escape(url)
        )
    });
    let text = |name: &str| tokens.claims.get(name).and_then(Value::as_str);
    let told = ["name", "preferred_username", "email"].iter().find_map(|name| text(name));
    let who = tokens.name.as_deref().or(told).map(|name| format!(", {}", escape(name))).unwrap_or_default();
    let refresh = match tokens.refresh_token {
        Some(_) => button("/refresh", "refresh", "Refresh the tokens", ""),
        None => String::new(),
    };
    format!(
        "<section class=\"card hero\">\n<h1>Hello{who}</h1>\n\
         <p>The provider vouches for you. What you may do next depends on how you signed in.</p>\n\
         <div class=\"actions\">{step_up_now}{call}{refresh}{silent}{account}{out}</div>\n</section>\n{result}\
         <section class=\"card\">\n<h2 id=\"claims\">What the ID token says</h2>\n\
         <table aria-labelledby=\"claims\">\n<thead><tr><th scope=\"col\">Claim</th><th scope=\"col\">Value</th></tr>\
         </thead>\n<tbody>\n{rows}</tbody>\n</table>\n</section>",
        step_up_now = button("/step-up", "step-up", "Step up now", "primary"),
        call = button("/call-api", "call-api", "Call the protected API", ""),
        silent = button("/sign-in-silent", "sign-in-silent", "Silent sign-in", ""),
        out = button("/sign-out", "sign-out", "Sign out", ""),
        result = api_result(steps),
        rows = rows(&tokens.claims, step_up, now),
    )
}

fn api_result(steps: &[String]) -> String {
    if steps.is_empty() {
        return String::new();
    }
    let items: String = steps.iter().map(|step| format!("<li>{}</li>\n", escape(step))).collect();
    format!(
        "<section class=\"card\" id=\"api-result\" role=\"status\">\n<h2>What the protected API said</h2>\n\
         <ol>\n{items}</ol>\n</section>\n"
    )
}

/// The claims, those that tell about the sign-in first.
fn rows(claims: &Map<String, Value>, step_up: &str, now: i64) -> String {
    const FIRST: [&str; 5] = ["acr", "amr", "auth_time", "sub", "sid"];
    let rest = claims.keys().map(String::as_str).filter(|name| !FIRST.contains(name));
    // acr and auth_time are worth a row even when the provider says nothing.
    FIRST
        .into_iter()
        .filter(|name| claims.contains_key(*name) || matches!(*name, "acr" | "amr" | "auth_time"))
        .chain(rest)
        .map(|name| {
            let value = claims.get(name);
            let id = match name {
                "auth_time" => " id=\"claim-auth-time\"".to_owned(),
                name if FIRST.contains(&name) => format!(" id=\"claim-{name}\""),
                _ => String::new(),
            };
            format!(
                "<tr><th scope=\"row\"><code>{}</code></th><td{id}>{}{}</td></tr>\n",
                escape(name),
                shown(value),
                told(name, value, step_up, now)
            )
        })
        .collect()
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "<span class=\"quiet\">not in the token</span>".to_owned(),
        Some(Value::String(text)) => format!("<code class=\"value\">{}</code>", escape(text)),
        Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
            items.iter().map(|item| shown(Some(item))).collect::<Vec<_>>().join(" ")
        }
        Some(other) => format!("<code class=\"value\">{}</code>", escape(&other.to_string())),
    }
}

/// What a claim means, where words help.
fn told(name: &str, value: Option<&Value>, step_up: &str, now: i64) -> String {
    let words = match name {
        "acr" => explain::acr(value.and_then(Value::as_str), step_up),
        "amr" => {
            let items = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            explain::amr(&items.iter().filter_map(Value::as_str).collect::<Vec<_>>())
        }
        "auth_time" => match value.and_then(Value::as_i64) {
            Some(time) => {
                format!("You proved it {}, at {}.", explain::age(now.saturating_sub(time)), instant(time))
            }
            None => "The provider does not say when you proved it.".to_owned(),
        },
        "sub" => {
            "Your permanent id at this provider. Applications keep this, not the email address.".to_owned()
        }
        "sid" => "The provider's session. It stays the same through a step-up.".to_owned(),
        "iat" | "exp" => value.and_then(Value::as_i64).map(instant).unwrap_or_default(),
        _ => return String::new(),
    };
    format!("<p class=\"told\">{}</p>", escape(&words))
}

fn instant(time: i64) -> String {
    OffsetDateTime::from_unix_timestamp(time)
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| time.to_string())
}

pub(crate) fn failure(failure: &Failure) -> Response {
    let body = format!(
        "<section class=\"card hero\">\n<h1>The sign-in did not complete</h1>\n\
         <p class=\"code\"><code id=\"oauth-error\">{code}</code></p>\n\
         <p id=\"oauth-error-description\">{cause}</p>\n\
         <h2>What to do next</h2>\n<p id=\"oauth-error-next\">{remedy}</p>\n\
         <div class=\"actions\">{again}<a class=\"button plain\" id=\"home\" href=\"/\">Back to the start</a></div>\n\
         </section>",
        code = escape(&failure.code),
        cause = escape(&failure.cause),
        remedy = escape(&failure.remedy),
        again = button("/sign-in", "sign-in", "Sign in", "primary"),
    );
    (failure.status, Html(page("The sign-in did not complete", &body))).into_response()
}

/// `ours`: the sign-out was begun here; `signed_in`: somebody still is.
pub(crate) fn signed_out(ours: bool, signed_in: bool) -> Response {
    let (title, text) = match (ours, signed_in) {
        (_, true) => {
            ("Still signed in here", "This sign-out was not begun here, so nothing was changed here.")
        }
        (true, false) => ("You are signed out", "Your session here is over, and the provider ended its own."),
        (false, false) => ("You are signed out", "There is no session here."),
    };
    let body = format!(
        "<section class=\"card hero\">\n<h1 id=\"signed-out\">{title}</h1>\n<p>{text}</p>\n\
         <div class=\"actions\">{again}<a class=\"button plain\" id=\"home\" href=\"/\">Back to the start</a></div>\n\
         </section>",
        again = button("/sign-in", "sign-in", "Sign in", "primary"),
    );
    Html(page(title, &body)).into_response()
}

pub(crate) async fn not_found() -> Response {
    let body = "<section class=\"card hero\">\n<h1>There is no such page</h1>\n\
                <div class=\"actions\"><a class=\"button\" href=\"/\">Back to the start</a></div>\n</section>";
    (StatusCode::NOT_FOUND, Html(page("Not found", body))).into_response()
}

pub(crate) async fn css() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=300")];
    (headers, include_str!("app.css")).into_response()
}

pub(crate) async fn icon() -> Response {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "max-age=300")];
    (headers, include_str!("icon.svg")).into_response()
}
