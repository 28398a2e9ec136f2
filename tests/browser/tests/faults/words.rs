//! Words and languages as a person meets them.

use vestibule_browser_tests::{Preset, Tab};
use vestibule_tests::PASSWORD;

/// Chooses a language as a person does, with the keyboard's and the mouse's own controls.
async fn choose(tab: &Tab, tag: &str) {
    tab.eval(&format!("document.querySelector('#language').value = '{tag}'; null")).await;
    tab.follow("#language-submit").await;
    assert_eq!(tab.attribute("html", "lang").await, tag);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u8_the_language_is_chosen_on_the_page_and_stays_with_and_without_a_script() {
    for scripts in [true, false] {
        let Some(preset) = Preset::start("authing").await else { return };
        let tab = preset.visitor().await;
        tab.open(&preset.provider("/u")).await;
        choose(&tab, "zh-Hans").await;
        assert!(tab.sees("#login-submit").await, "still the sign-in");
        // A page that works without a script works with one that is switched off.
        tab.scripts(scripts).await;
        tab.log_in("mei", PASSWORD).await;
        tab.scripts(true).await;
        assert!(tab.text("h1").await.starts_with("您好"), "{}", tab.text("h1").await);
        choose(&tab, "ar").await;
        assert_eq!(tab.attribute("html", "dir").await, "rtl");
        tab.open(&preset.provider("/u/security")).await;
        assert_eq!(tab.attribute("html", "lang").await, "ar");
        preset.end(&tab).await;
    }
}

/// The names of the regions of a page; two of the same name cannot be told apart by somebody who hears them.
async fn regions(tab: &Tab) -> Vec<String> {
    let names = "Array.from(document.querySelectorAll('section[aria-labelledby]'), section =>
        section.getAttribute('aria-labelledby').split(' ')
            .map(id => document.getElementById(id).textContent.trim()).join(' ')).join('|')";
    tab.eval(names).await.as_str().unwrap_or_default().split('|').map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c8_every_region_of_the_security_pages_has_a_name_of_its_own() {
    for (name, user) in
        [("authing", "mei"), ("experimental-iam", "sam"), ("cloudeka", "budi"), ("clevertap", "priya")]
    {
        let Some(preset) = Preset::start(name).await else { return };
        let tab = preset.visitor().await;
        preset.enter(&tab, user, None).await;
        if tab.sees("#enrol-submit").await {
            preset.confirm(&tab).await;
        }
        for path in ["/u/security", "/u"] {
            tab.open(&preset.provider(path)).await;
            let found = regions(&tab).await;
            let mut apart = found.clone();
            apart.sort();
            apart.dedup();
            assert_eq!(found.len(), apart.len(), "{name} {path}: {found:?}");
        }
        preset.end(&tab).await;
    }
}
