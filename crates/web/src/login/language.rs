//! The language that a person chooses, on whatever page.

use crate::{
    extract::Posted,
    http::reply::{Reply, Stop},
    paths,
};
use http::StatusCode;
use vestibule_pages::{Locale, keys};

/// Answers in another language from now on, and leads back to the page where it was chosen.
pub(crate) async fn choose(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let wanted = fields.get("language");
    let locale = Locale::all().find(|locale| locale.tag() == wanted);
    let locale = locale.ok_or(Stop::Problem(StatusCode::BAD_REQUEST, keys::LOCALE_INVALID))?;
    visit.app().accounts().choose_language(&visit.cx, locale.tag()).await?;
    let back = visit.see_other(paths::back_to(fields.get("to")));
    Ok(visit.with_language(back, Some(locale)))
}
