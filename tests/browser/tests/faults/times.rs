//! Times as their reader's clock shows them.

use vestibule_browser_tests::Preset;
use vestibule_tests::PASSWORD;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u19_times_are_those_of_the_readers_clock_and_utc_without_a_script() {
    let Some(preset) = Preset::start("authing").await else { return };
    let tab = preset.visitor().await;
    tab.open(&preset.provider("/u")).await;
    tab.log_in("mei", PASSWORD).await;
    tab.open(&preset.provider("/u/sessions")).await;
    let shown = tab.text("time[datetime]").await;
    assert!(!shown.contains("UTC"), "{shown}");
    assert!(tab.attribute("time[datetime]", "title").await.contains("UTC"));
    let expected =
        "new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' })
        .format(new Date(document.querySelector('time[datetime]').dateTime))";
    assert_eq!(tab.eval(expected).await, shown.as_str());
    tab.scripts(false).await;
    tab.open(&preset.provider("/u/sessions")).await;
    tab.scripts(true).await;
    assert!(tab.text("time[datetime]").await.ends_with("UTC"));
    assert!(tab.complaints().is_empty(), "the policy of the pages lets the script run");
    preset.end(&tab).await;
}
