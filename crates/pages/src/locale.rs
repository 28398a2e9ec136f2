//! The languages the pages speak, and which one a person gets.

use serde::{Serialize, Serializer};

use crate::generated;

/// One language of the fixed set. Values come only from that set, so nothing a client sends can grow it.
#[derive(Clone, Copy)]
pub struct Locale(&'static Info);

struct Info {
    tag: &'static str,
    name: &'static str,
    rtl: bool,
}

const fn info(tag: &'static str, name: &'static str, rtl: bool) -> Info {
    Info { tag, name, rtl }
}

/// What is known of each language. It is offered once `templates/locales/<tag>/main.ftl` exists.
const KNOWN: [Info; 8] = [
    info("en", "English", false),
    info("zh-Hans", "简体中文", false),
    info("fr", "Français", false),
    info("de", "Deutsch", false),
    info("es", "Español", false),
    info("ja", "日本語", false),
    info("id", "Bahasa Indonesia", false),
    info("ar", "العربية", true),
];

/// How much of a client's wish is read: enough for a person's list, too little to cost anything.
const MOST_TAGS: usize = 12;
const MOST_BYTES: usize = 512;

impl Locale {
    /// The language of last resort, and the one every translation is measured against.
    #[must_use]
    pub fn english() -> Self {
        let [first, ..] = &KNOWN;
        Self(first)
    }

    /// Every language there is a translation for.
    pub fn all() -> impl Iterator<Item = Self> {
        KNOWN.iter().filter(|known| generated::LOCALES.iter().any(|(tag, _)| *tag == known.tag)).map(Self)
    }

    /// The language of a tag such as `de` or `de-AT`; `None` when it is not spoken here. Where a language is known in
    /// one script only, a tag that means another (`zh-Hant`, `zh-TW`) is not spoken here.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let mut parts = tag.trim().split(['-', '_']);
        let primary = parts.next()?;
        let (script, region) = match parts.next() {
            Some(part) if part.len() == 4 => (Some(part), parts.next()),
            part => (None, part),
        };
        Self::all().find(|locale| {
            let mut own = locale.tag().split('-');
            own.next().is_some_and(|language| language.eq_ignore_ascii_case(primary))
                && own.next().is_none_or(|own| {
                    own.eq_ignore_ascii_case(script.unwrap_or_else(|| usual_script(region)))
                })
        })
    }

    /// Picks the language: OpenID Connect Core 3.1.2.1 `ui_locales` first, then `Accept-Language`
    /// (RFC 9110 12.5.4), then the pool's own, then English. Reads a bounded part of each.
    #[must_use]
    pub fn negotiate(ui_locales: Option<&str>, accept_language: Option<&str>, pool_default: &str) -> Self {
        let wished =
            ui_locales.and_then(|list| bounded(list).split(' ').take(MOST_TAGS).find_map(Self::parse));
        wished
            .or_else(|| accept_language.and_then(Self::accepted))
            .or_else(|| Self::parse(pool_default))
            .unwrap_or_else(Self::english)
    }

    fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for item in bounded(header).split(',').take(MOST_TAGS) {
            let mut parts = item.split(';');
            let Some(locale) = parts.next().and_then(Self::parse) else { continue };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(_, highest)| weight > highest) {
                best = Some((locale, weight));
            }
        }
        best.map(|(locale, _)| locale)
    }

    /// BCP 47 tag, for `lang` and the `locale` claim.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.0.tag
    }

    /// Its name in itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Writing direction, for `dir`: `ltr` or `rtl`.
    #[must_use]
    pub fn dir(self) -> &'static str {
        if self.0.rtl { "rtl" } else { "ltr" }
    }
}

/// The script of Chinese where only the region is told (CLDR likely subtags).
fn usual_script(region: Option<&str>) -> &'static str {
    let traditional = |region: &str| ["tw", "hk", "mo"].iter().any(|own| own.eq_ignore_ascii_case(region));
    if region.is_some_and(traditional) { "Hant" } else { "Hans" }
}

fn bounded(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MOST_BYTES)).unwrap_or(text)
}

impl Default for Locale {
    fn default() -> Self {
        Self::english()
    }
}

impl PartialEq for Locale {
    fn eq(&self, other: &Self) -> bool {
        self.0.tag == other.0.tag
    }
}

impl Eq for Locale {}

impl std::fmt::Debug for Locale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.tag)
    }
}

impl std::fmt::Display for Locale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.tag)
    }
}

impl Serialize for Locale {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(ui: Option<&str>, accept: Option<&str>, pool: &str) -> &'static str {
        Locale::negotiate(ui, accept, pool).tag()
    }

    #[test]
    fn wishes_are_honoured_in_order() {
        assert_eq!(pick(Some("xx de-AT en"), Some("en"), "en"), "de");
        assert_eq!(pick(Some("xx"), Some("xx, en;q=0.4, de;q=0.8"), "en"), "de");
        assert_eq!(pick(None, Some("de;q=0, en"), "de"), "en");
        assert_eq!(pick(None, Some("*"), "de"), "de");
        assert_eq!(pick(None, None, "tlh"), "en");
        assert_eq!(pick(None, Some("DE"), "en"), "de");
    }

    #[test]
    fn chinese_is_spoken_in_one_script() {
        for tag in ["zh", "zh-CN", "zh_SG", "zh-Hans", "ZH-hans-HK", "zh-hans-cn"] {
            assert_eq!(Locale::parse(tag).map(Locale::tag), Some("zh-Hans"), "{tag}");
        }
        for tag in ["zh-TW", "zh-HK", "zh-MO", "zh-Hant", "zh-Hant-CN", "zho", ""] {
            assert_eq!(Locale::parse(tag), None, "{tag}");
        }
        assert_eq!(pick(None, Some("zh-TW, ja;q=0.9, en;q=0.1"), "en"), "ja");
        assert_eq!(Locale::parse("de-Latn-AT").map(Locale::tag), Some("de"));
    }

    #[test]
    fn a_long_list_is_cut_off() {
        let long = "xx,".repeat(100_000) + "de";
        assert_eq!(pick(None, Some(&long), "en"), "en");
        assert_eq!(pick(Some(&"ü".repeat(100_000)), None, "de"), "de");
    }

    #[test]
    fn every_translation_has_a_row() {
        assert_eq!(Locale::all().count(), generated::LOCALES.len());
    }

    #[test]
    fn arabic_will_run_from_right_to_left() {
        assert!(KNOWN.iter().filter(|known| known.rtl).map(|known| known.tag).eq(["ar"]));
        assert_eq!(Locale(KNOWN.last().unwrap()).dir(), "rtl");
    }
}
