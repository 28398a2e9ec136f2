// oauth2-proxy with its provider `oidc`, as its documentation says. It listens on a socket of its own.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Browser, asked, found, visit } from "./party.mjs";

const folder = mkdtempSync(join(tmpdir(), "oauth2-proxy-"));
const running = [];
process.on("exit", () => {
  running.forEach((proxy) => proxy.kill());
  rmSync(folder, { recursive: true });
});

/** Starts one; `more` is what it needs beyond the quick start. */
async function proxy(name, secret, ...more) {
  const socketPath = join(folder, name);
  const child = spawn(asked.program, [
    "--provider=oidc",
    `--oidc-issuer-url=${asked.issuer}`,
    `--client-id=${asked.clientId}`,
    `--client-secret=${secret}`,
    `--redirect-url=${asked.redirectUri}`,
    "--email-domain=*",
    "--cookie-secret=0123456789abcdef0123456789abcdef",
    "--upstream=static://200",
    // This provider and this proxy speak plain HTTP, as on a developer's machine.
    "--cookie-secure=false",
    `--http-address=unix://${socketPath}`,
    ...more,
  ]);
  running.push(child);
  const log = [];
  child.stdout.on("data", (text) => log.push(String(text)));
  child.stderr.on("data", (text) => log.push(String(text)));
  while (!existsSync(socketPath)) {
    if (child.exitCode !== null) throw new Error(`it ended: ${log.join("")}`);
    await setTimeout(20);
  }
  return { browser: new Browser({ socketPath }), log };
}

async function signIn({ browser }, as) {
  const { left } = await browser.get("/oauth2/start?rd=/");
  return browser.get(await visit(left, as));
}
const shown = (page) => ({
  status: page.status,
  text: page.text.replace(/<style[^]*?<\/style>|<[^>]+>/g, " ").replace(/\s+/g, " "),
});

const usual = await proxy("usual", asked.clientSecret);
const cancelled = shown(await signIn(usual, "cancel"));
const home = await signIn(usual, "sign-in");
const claims = (await usual.browser.get("/oauth2/userinfo")).json();

// Every request is late enough for a refresh, and the ID token is shown and counts alone.
const more = ["--cookie-refresh=1ns", "--set-authorization-header", "--skip-jwt-bearer-tokens"];
const refreshing = await proxy("refreshing", asked.clientSecret, ...more);
await signIn(refreshing, "sign-in");
const bearer = async () => (await refreshing.browser.get("/oauth2/auth")).headers.authorization;
const first = await bearer();
let later = await bearer();
// It counts in whole seconds.
for (let i = 0; i < 300 && later === first; i += 1) later = await setTimeout(100).then(bearer);
const stranger = refreshing.browser.stranger();
const without = await stranger.get("/oauth2/auth");
const withBearer = await stranger.get("/oauth2/auth", { authorization: later });

// With a group that the person is in, and with another one.
const groups = [];
for (const group of ["staff", "directors"]) {
  const guarded = await proxy(group, asked.clientSecret, `--allowed-group=${group}`);
  groups.push((await signIn(guarded, "sign-in")).status);
}

const wrong = await proxy("wrong", "another-secret-altogether-0123456789");
const wrongPage = shown(await signIn(wrong, "sign-in"));
found({
  cancelled,
  claims: { sub: claims.user, ...claims },
  home: home.status,
  refreshed: first !== undefined && first !== later,
  bearer: [without.status, withBearer.status],
  groups,
  wrongSecret: { ...wrongPage, log: wrong.log.join("").match(/Error redeeming.*/)?.[0] },
});
