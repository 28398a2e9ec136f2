// Comforts only: every page works without this file.
"use strict";

(() => {
  const text = (element) =>
    element.dataset.value ??
    (element.querySelector("li")
      ? Array.from(element.querySelectorAll("li"), (item) => item.textContent.trim()).join("\n")
      : element.textContent.trim());

  // Says "Copied" on the button for a moment, in the button's own words.
  const confirmOn = (button) => {
    const label = button.textContent;
    button.textContent = button.dataset.done;
    button.setAttribute("aria-live", "polite");
    setTimeout(() => { button.textContent = label; }, 2000);
  };

  // Times as their reader's clock shows them; the page has them in UTC.
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (isNaN(at)) continue;
    const format = { dateStyle: "medium", timeStyle: "short" };
    time.title = time.textContent;
    time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, format).format(at);
    time.dir = "auto";
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    const target = document.getElementById(button.dataset.copy);
    if (!target || !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(text(target)).then(() => confirmOn(button), () => {
        getSelection().selectAllChildren(target);
      });
    });
  }

  for (const button of document.querySelectorAll("[data-download]")) {
    const target = document.getElementById(button.dataset.download);
    if (!target) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const content = `${button.dataset.heading}\n\n${text(target)}\n`;
      const url = URL.createObjectURL(new Blob([content], { type: "text/plain" }));
      const link = document.createElement("a");
      link.href = url;
      link.download = button.dataset.filename;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
    });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  for (const box of document.querySelectorAll("[data-reveal]")) {
    const input = box.querySelector("input");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "reveal-button";
    button.setAttribute("aria-controls", input.id);
    const show = (visible) => {
      input.type = visible ? "text" : "password";
      button.textContent = visible ? box.dataset.hideText : box.dataset.showText;
      button.setAttribute("aria-label", visible ? box.dataset.hide : box.dataset.show);
    };
    button.addEventListener("click", () => show(input.type === "password"));
    input.form?.addEventListener("submit", () => show(false));
    show(false);
    box.append(button);
  }

  // What is shown only once must not come back from a browser's memory of the page.
  addEventListener("pageshow", (event) => {
    if (!event.persisted || !document.querySelector("[data-shown-once]")) return;
    document.body.hidden = true;
    location.reload();
  });

  // An answer for an application leaves by itself. Whoever comes back to the page finds a button: the answer is good once.
  const answer = document.querySelector("form[data-send-once]");
  const [arrival] = performance.getEntriesByType("navigation");
  if (answer && arrival?.type === "navigate") addEventListener("load", () => answer.requestSubmit());

  // One press is enough. Nothing is disabled, so the pressed button's value still travels.
  for (const form of document.querySelectorAll("form[method=post]")) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) { event.preventDefault(); return; }
      sent = true;
      form.classList.add("busy");
      setTimeout(() => { sent = false; form.classList.remove("busy"); }, 8000);
    });
    addEventListener("pageshow", () => { sent = false; form.classList.remove("busy"); });
  }
})();
