#![allow(missing_docs)]
use vestibule_tests::PASSWORD;
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn probe() {
    let Some(p) = vestibule_browser_tests::Preset::start("cloudeka").await else { return };
    let tab = p.visitor().await;
    p.enter(&tab, "budi", None).await;
    println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    let phone = p.confirm(&tab).await;
    tab.open(&p.provider("/u/profile")).await;
    tab.follow("#mfa-manage").await;
    tab.follow("#add-totp").await;
    println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    p.server.clock.advance(2);
    tab.fill("#password", PASSWORD).await;
    tab.follow("#login-submit").await;
    println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    if tab.sees("#factor-submit").await {
        p.answer(&tab, &phone).await;
        println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    }
    let _new = p.confirm(&tab).await;
    println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    p.end(&tab).await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn probe2() {
    let Some(p) = vestibule_browser_tests::Preset::start("experimental-iam").await else { return };
    let tab = p.signed_in("sam", None).await;
    println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    tab.follow("#mfa-enable").await;
    println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    tab.follow("#confirm-submit").await;
    println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    let phone = p.confirm(&tab).await;
    println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    tab.open(&p.provider("/u")).await;
    println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    tab.follow("#mfa-disable").await;
    println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    p.server.clock.advance(2);
    if tab.sees("#factor-submit").await {
        p.answer(&tab, &phone).await;
        println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    }
    tab.follow("#confirm-submit").await;
    println!("{} {}", tab.url().await, tab.eval("document.body.innerText").await.as_str().unwrap());
    p.end(&tab).await;
}
