// Passkeys and security keys: hands the page's question to the browser and its answer back to the form.
//
// A box carries the question: data-webauthn ("create" or "get"), data-options (the JSON of WebAuthn Level 3 §5.1),
// and the words for what can go wrong. It stands in a form; pressing the form's button asks. Where
// data-mediation is "conditional", passkeys are also offered in the field of the user name.
"use strict";

(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join(""))
      .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

  const question = (json) => {
    const options = JSON.parse(json);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.allowCredentials, options.excludeCredentials]) {
      for (const one of list ?? []) one.id = bytes(one.id);
    }
    return options;
  };

  const answer = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      const value = credential.response[name];
      if (value) response[name] = text(value);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    const { id, type } = credential;
    return JSON.stringify({ id, rawId: text(credential.rawId), type, response });
  };

  // Why this browser cannot ask at all, as the name of the data attribute that has the words for it.
  const obstacle = () => {
    if (!isSecureContext) return "insecure";
    return window.PublicKeyCredential && navigator.credentials ? null : "unsupported";
  };

  const reasons = {
    NotAllowedError: "denied", InvalidStateError: "known", SecurityError: "insecure", NotSupportedError: "unsupported",
  };

  // One question at a time: a browser takes no second one while another is open.
  let open = null;
  const withdraw = () => { open?.abort(); open = null; };

  const ask = async (box, mediation) => {
    withdraw();
    const controller = new AbortController();
    open = controller;
    const request = { publicKey: question(box.dataset.options), signal: controller.signal };
    if (mediation) request.mediation = mediation;
    try {
      return answer(await navigator.credentials[box.dataset.webauthn](request));
    } finally {
      if (open === controller) open = null;
    }
  };

  const boxes = new Map();
  for (const box of document.querySelectorAll("[data-webauthn]")) boxes.set(box.closest("form"), box);

  const say = (box, name, tone) => {
    const status = box.querySelector("[data-webauthn-status]");
    status.textContent = "";
    if (!name) return;
    const words = document.createElement("p");
    words.textContent = box.dataset[name];
    const frame = document.createElement("div");
    frame.className = `alert alert-${tone}`;
    frame.append(words);
    status.append(frame);
  };

  const field = (form) => form.elements.namedItem("credential");

  // Before every other listener: those of app.js must see only the submit that goes out.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const box = boxes.get(form);
    if (!box) { withdraw(); return; }
    if (field(form).value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const why = obstacle();
    if (why) { say(box, why, "error"); return; }
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    say(box, "waiting", "notice");
    ask(box).then((credential) => {
      field(form).value = credential;
      say(box);
      form.requestSubmit();
    }, (error) => {
      say(box, error.name === "AbortError" ? null : reasons[error.name] ?? "failed", "error");
    }).finally(() => form.removeAttribute("aria-busy"));
  }, true);

  // A page that comes back from the history asks again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of boxes.keys()) field(form).value = "";
  });

  for (const [form, box] of boxes) {
    const why = obstacle();
    if (box.dataset.mediation !== "conditional") {
      if (why) say(box, why, "error");
      continue;
    }
    if (why) continue;
    form.hidden = false;
    PublicKeyCredential.isConditionalMediationAvailable?.().then((available) => {
      if (!available || open) return;
      return ask(box, "conditional").then((credential) => {
        field(form).value = credential;
        form.requestSubmit();
      });
    }).catch(() => { /* Nobody asked for anything yet, so nobody is told. The button remains. */ });
  }
})();
