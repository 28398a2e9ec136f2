//! A client of the protected API that answers its challenge by stepping up, then calls again (RFC 9470 section 4).

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use crate::challenge::StepUp;
use crate::session::Tokens;
use crate::sign_in::{self, Ask};
use crate::{App, Shared};

/// What the API said.
struct Reply {
    line: String,
    step_up: Option<StepUp>,
}

/// The button: calls the API, and goes to the provider when the API asks for a stronger sign-in.
pub(crate) async fn call(State(app): Shared, headers: HeaderMap) -> Response {
    let Some(tokens) = app.sessions.with(&headers, |session| session.tokens.clone()) else {
        return app.sessions.redirect(&headers, false, "/", |_| ());
    };
    let reply = ask(&app, &tokens).await;
    let mut steps = vec![reply.line];
    let Some(step_up) = reply.step_up else {
        return app.sessions.redirect(&headers, false, "/", |session| session.api_steps = steps);
    };
    let wished = step_up.acr_values.as_deref().unwrap_or("a fresh sign-in");
    let because = step_up.description.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
    steps.push(format!(
        "The API asks for {wished}{because}, so you were sent to the provider with just that wish."
    ));
    app.sessions.with(&headers, |session| session.api_steps = steps);
    let ask = Ask {
        acr_values: step_up.acr_values,
        max_age: step_up.max_age,
        then_call_api: true,
        ..Ask::default()
    };
    sign_in::begin(&app, &headers, ask).await
}

/// The second call, after the step-up. A second challenge is shown and not followed: that could go on for ever.
pub(crate) async fn again(app: &App, tokens: &Tokens) -> Vec<String> {
    let reply = ask(app, tokens).await;
    let mut steps = vec![reply.line];
    if reply.step_up.is_some() {
        steps.push(
            "Still not enough: the provider let you in without it. Add a second factor and try again."
                .to_owned(),
        );
    }
    steps
}

async fn ask(app: &App, tokens: &Tokens) -> Reply {
    let request =
        app.provider.http().0.post(app.url("/api/transfer")).bearer_auth(tokens.access_token.secret());
    let response = match request.send().await {
        Ok(response) => response,
        Err(_) => return Reply { line: "The API cannot be reached.".to_owned(), step_up: None },
    };
    let status = response.status();
    if status == StatusCode::UNAUTHORIZED {
        let challenge = response
            .headers()
            .get(header::WWW_AUTHENTICATE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        return Reply {
            line: format!("The API answered {status}, WWW-Authenticate: {challenge}"),
            step_up: StepUp::asked_for_in(challenge),
        };
    }
    let body = response.text().await.unwrap_or_default();
    Reply { line: format!("The API answered {status}: {body}"), step_up: None }
}
