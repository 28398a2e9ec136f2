// mod_auth_openidc in Apache, as the quick start for any provider in its README says.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Browser, asked, found, leashed, visit } from "./party.mjs";

const modules = ["mpm_event", "authn_core", "authz_core", "authz_user", "include", "mime", "auth_openidc"];

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

const listens = (port) =>
  new Promise((done) => {
    const tried = connect(port, "127.0.0.1");
    tried.once("connect", () => done(true)).once("error", () => done(false));
    tried.once("connect", () => tried.destroy());
  });

/** Starts one; `more` is what it needs beyond the quick start. */
async function apache(secret, ...more) {
  const folder = mkdtempSync(join(tmpdir(), "mod_auth_openidc-"));
  const port = await freePort();
  // The page shows what the module tells the applications behind it. Apache's own user reads it.
  mkdirSync(join(folder, "site/secure"), { recursive: true });
  writeFileSync(join(folder, "site/secure/page.shtml"), "<!--#printenv -->");
  chmodSync(folder, 0o755);
  const lines = [
    ...modules.map((name) => `LoadModule ${name}_module ${asked.modules}/mod_${name}.so`),
    `ServerRoot ${folder}`,
    `PidFile ${folder}/pid`,
    `ErrorLog ${folder}/log`,
    "ServerName 127.0.0.1",
    `Listen 127.0.0.1:${port}`,
    `DocumentRoot ${folder}/site`,
    "TypesConfig /dev/null",
    "AddType text/html .shtml",
    "AddOutputFilter INCLUDES .shtml",
    "<Directory />\nOptions +Includes\n</Directory>",
    ...(process.getuid() === 0 ? ["User daemon", "Group daemon"] : []),
    // The quick start.
    `OIDCProviderMetadataURL ${asked.issuer}/.well-known/openid-configuration`,
    `OIDCClientID ${asked.clientId}`,
    `OIDCClientSecret ${secret}`,
    `OIDCRedirectURI ${asked.base}/secure/redirect_uri`,
    "OIDCCryptoPassphrase the-application-s-own",
    "<Location /secure>\nAuthType openid-connect\nRequire valid-user\n</Location>",
    ...more,
  ];
  const file = join(folder, "httpd.conf");
  writeFileSync(file, `${lines.join("\n")}\n`);
  leashed(folder, process.env, asked.apache, "-DFOREGROUND", "-f", file);
  const log = () => readFileSync(join(folder, "log"), "utf8");
  for (let turn = 0; !(await listens(port)); turn += 1) {
    if (turn > 1000) throw new Error("it does not listen");
    await setTimeout(20);
  }
  return { browser: new Browser({ host: "127.0.0.1", port }), log };
}

const page = "/secure/page.shtml";
const text = ({ text }) => text.replace(/<[^>]+>|\s+/g, " ").trim();

async function signIn({ browser }, as) {
  const { left } = await browser.get(page);
  return browser.get(await visit(left, as));
}

/** Where a page sends the person on by itself, out of the application. */
const onwards = ({ left, text }) => left ?? text.match(/http-equiv="refresh" content="0; ?url=([^"]+)"/)?.[1].replaceAll("&amp;", "&");

/** A person who follows it as far as it sends them, three times at most, and does the same thing at the provider each time. */
async function follow({ browser }, as) {
  let [shown, turns] = [await browser.get(page), 0];
  for (let to = onwards(shown); to && turns < 3; turns += 1, to = onwards(shown)) {
    shown = await browser.get(await visit(to, as));
  }
  found({ turns, shown: onwards(shown) ? "sent on" : text(shown) });
}

/** A person gives up, and the application has a page of its own to begin at. */
async function cancel() {
  const home = `OIDCDefaultURL ${asked.base}${page}`;
  await follow(await apache(asked.clientSecret, home), "cancel");
}

/** A page asks for two factors, as the module's page on stepping up says. */
async function stepUp() {
  const stronger = [
    `<Location ${page}>`,
    "AuthType openid-connect",
    "Require claim acr:urn:vestibule:acr:mfa",
    "OIDCUnAutzAction auth",
    "OIDCPathAuthRequestParams acr_values=urn:vestibule:acr:mfa",
    "</Location>",
  ];
  await follow(await apache(asked.clientSecret, ...stronger), "decline");
}

async function everything() {
  // Every request is late enough for a refresh.
  const more = ['OIDCScope "openid profile email"', "OIDCRefreshAccessTokenBeforeExpiry 3600"];
  const usual = await apache(asked.clientSecret, ...more);
  const cancelled = text(await signIn(usual, "cancel"));
  const told = (shown, name) => shown.text.match(new RegExp(`^${name}=(.*)$`, "m"))?.[1];
  const first = await signIn(usual, "sign-in");
  const later = await usual.browser.get(page);
  const token = "OIDC_access_token";
  const wrong = await apache("another-secret-altogether-0123456789");
  await signIn(wrong, "sign-in");
  const { left } = await usual.browser.get(`/secure/redirect_uri?logout=${encodeURIComponent(asked.signedOutUri)}`);
  found({
    cancelled,
    claims: Object.fromEntries(["sub", "name", "email"].map((name) => [name, told(first, `OIDC_CLAIM_${name}`)])),
    refreshed: Boolean(told(first, token) && told(later, token)) && told(first, token) !== told(later, token),
    // It stands in its log alone.
    wrongSecret: wrong.log().match(/.*invalid_client.*/)?.[0],
    signedOut: await visit(left, "sign-out"),
  });
}

await { cancel, "step-up": stepUp, everything }[asked.trial ?? "everything"]();
