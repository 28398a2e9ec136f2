//! The language of a person's pages and mails, which travels with a sign-in from its first page to its last mail.
//!
//! What counts, best first: what the person has just chosen on a page; the account's own language; what the person chose
//! earlier, or the application wished with `ui_locales` (OpenID Connect Core §3.1.2.1); `Accept-Language`; the pool's own.

use crate::{
    http::{cookies::Cookie, form::parse, headers::text},
    paths::UI_LOCALES,
};
use http::{HeaderMap, header, request::Parts};
use vestibule_domain::{Pool, Timestamp};
use vestibule_flows::Language;
use vestibule_pages::Locale;

/// What a request says of its language.
pub(crate) struct Spoken {
    /// The language to answer in.
    pub(crate) locale: Locale,
    /// Whether the person has just chosen it.
    pub(crate) chosen: bool,
    /// Whether the person's side has asked for any language.
    pub(crate) asked: bool,
    /// To be kept in the browser from now on.
    pub(crate) keep: Option<String>,
}

impl Spoken {
    /// English, which programs read.
    pub(crate) fn english() -> Self {
        Self { locale: Locale::english(), chosen: false, asked: false, keep: None }
    }

    /// Reads the language of a person's request.
    pub(crate) fn read(parts: &Parts, pool: &Pool, now: Timestamp) -> Self {
        let kept = Kept::read(&parts.headers, pool);
        let chosen = kept.as_ref().is_some_and(|kept| kept.is_fresh(pool, now));
        let wished = if chosen { None } else { wished(parts) };
        let keep = wished.filter(|wished| kept.as_ref().is_none_or(|kept| kept.locale != *wished));
        let best = wished.or(kept.map(|kept| kept.locale));
        let accepted = text(&parts.headers, header::ACCEPT_LANGUAGE);
        let own = pool.settings.locale.as_str();
        let locale = best.unwrap_or_else(|| Locale::negotiate(None, accepted, own));
        let asked =
            best.is_some() || accepted.is_some_and(|list| Locale::negotiate(None, Some(list), "") == locale);
        Self { locale, chosen, asked, keep: keep.map(|locale| locale.tag().to_owned()) }
    }

    /// The same for use cases.
    pub(crate) fn language(&self) -> Language {
        let tag = if self.asked { self.locale.tag().to_owned() } else { String::new() };
        Language { tag, chosen: self.chosen }
    }
}

/// What the browser keeps: the tag, and when the person chose it; an application's wish has no time.
struct Kept {
    locale: Locale,
    chosen_at: Option<i64>,
}

impl Kept {
    fn read(headers: &HeaderMap, pool: &Pool) -> Option<Self> {
        let value = Cookie::Language.read(headers, &pool.origin)?;
        let (tag, at) = value.split_once('_').map_or((value.as_str(), None), |(tag, at)| (tag, Some(at)));
        Some(Self { locale: Locale::parse(tag)?, chosen_at: at.and_then(|at| at.parse().ok()) })
    }

    /// Whether it was chosen in the sign-in that is under way, as far as that can be told.
    fn is_fresh(&self, pool: &Pool, now: Timestamp) -> bool {
        let age = self.chosen_at.map(|at| now.since(Timestamp::from_seconds(at)));
        age.is_some_and(|age| (0..pool.settings.lifetimes.flow).contains(&age))
    }
}

/// The first language of `ui_locales` that is spoken here.
fn wished(parts: &Parts) -> Option<Locale> {
    let query = parts.uri.query().filter(|query| query.contains(UI_LOCALES))?;
    let fields = parse(query)?;
    fields.optional(UI_LOCALES)?.split(' ').find_map(Locale::parse)
}
