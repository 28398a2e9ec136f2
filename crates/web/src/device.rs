//! A short name for what is behind a `User-Agent`, so that people recognise their own devices. A guess by the
//! well-known marks, never a decision.

// Browsers of phones have marks of their own: on iOS every one of them also says that it is Safari.
const BROWSERS: [(&str, &str); 15] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("OPiOS/", "Opera"),
    ("CriOS/", "Chrome"),
    ("FxiOS/", "Firefox"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("Mobile/", "WebView"),
];

const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("iPod", "iPod"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// What a device looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Phone,
    Tablet,
    Computer,
}

impl Form {
    /// Its picture.
    pub(crate) const fn icon(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Computer => "sessions",
        }
    }
}

/// What the device looks like. An iPad that asks for pages of computers says that it is one.
pub(crate) fn form(user_agent: Option<&str>) -> Form {
    let agent = user_agent.unwrap_or_default();
    let has = |mark: &str| agent.contains(mark);
    if has("iPad") || has("Tablet") || (has("Android") && !has("Mobile")) {
        Form::Tablet
    } else if has("iPhone") || has("iPod") || has("Mobile") || has("Windows Phone") {
        Form::Phone
    } else {
        Form::Computer
    }
}

/// For instance `Firefox, Linux`; the beginning of the text where nothing is known; empty where there is none.
pub(crate) fn name(user_agent: Option<&str>) -> String {
    let agent = user_agent.unwrap_or_default();
    let find = |marks: &[(&str, &'static str)]| {
        marks.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, form, name};

    #[test]
    fn people_recognise_their_devices() {
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(name(Some(edge)), "Edge, Windows");
        let phone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(name(Some(phone)), "Safari, iPhone");
        assert_eq!(
            name(Some("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko Firefox/132.0")),
            "Firefox, Linux"
        );
        assert_eq!(name(Some("my-script")), "my-script");
        assert_eq!(name(None), "");
    }

    #[test]
    fn fault_u19_phones_and_tablets_are_no_monitors() {
        let ios = |device: &str, browser: &str| {
            format!(
                "Mozilla/5.0 ({device}; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 {browser} Mobile/15E148 Safari/604.1"
            )
        };
        let android = |model: &str, browser: &str| {
            format!("Mozilla/5.0 (Linux; Android 15; {model}) AppleWebKit/537.36 Chrome/130.0.0.0 {browser}")
        };
        let firefox =
            |device: &str| format!("Mozilla/5.0 (Android 15; {device}; rv:132.0) Gecko/132.0 Firefox/132.0");
        for (agent, looks, called) in [
            (ios("iPhone", "Version/18.0"), Form::Phone, "Safari, iPhone"),
            (ios("iPhone", "CriOS/130.0"), Form::Phone, "Chrome, iPhone"),
            (ios("iPhone", "FxiOS/132.0"), Form::Phone, "Firefox, iPhone"),
            (ios("iPod touch", "Version/15.0"), Form::Phone, "Safari, iPod"),
            (ios("iPad", "EdgiOS/130.0"), Form::Tablet, "Edge, iPad"),
            (android("Pixel 9", "Mobile Safari/537.36"), Form::Phone, "Chrome, Android"),
            (android("Pixel 9", "Mobile Safari/537.36 EdgA/130.0"), Form::Phone, "Edge, Android"),
            (android("SM-X910", "Safari/537.36"), Form::Tablet, "Chrome, Android"),
            (firefox("Mobile"), Form::Phone, "Firefox, Android"),
            (firefox("Tablet"), Form::Tablet, "Firefox, Android"),
            (
                "Mozilla/5.0 (X11; CrOS x86_64) Chrome/130.0 Safari/537.36".into(),
                Form::Computer,
                "Chrome, ChromeOS",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15".into(),
                Form::Computer,
                "Safari, macOS",
            ),
            ("curl/8.5.0".into(), Form::Computer, "curl"),
        ] {
            assert_eq!((form(Some(&agent)), name(Some(&agent)).as_str()), (looks, called), "{agent}");
        }
        assert_eq!(form(None), Form::Computer);
    }
}
