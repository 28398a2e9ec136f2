// oidc-agent, as its quick start says: with an application that is registered for the device flow, and with one that it registers
// itself.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { asked, found, leashed, visit } from "./party.mjs";

const folder = mkdtempSync(join(tmpdir(), "oidc-agent-"));
const socket = join(folder, "socket");
const env = { ...process.env, TMPDIR: folder, OIDC_CONFIG_DIR: folder, OIDC_SOCK: socket, OIDC_ENCRYPTION_PW: "their own" };
leashed(folder, env, asked.agent, "--console", "--always-allow-idtoken", "--socket-path", socket);
for (let turn = 0; !existsSync(socket); turn += 1) {
  if (turn > 1000) throw new Error("the agent does not listen");
  await setTimeout(20);
}

/** Runs one of its programs; `watch` is told all that it has written so far. Gives what it wrote. */
async function run(name, options, watch = () => {}) {
  const child = spawn(join(dirname(asked.agent), name), options, { env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (more) => {
      text += more;
      watch(text);
    });
  }
  await new Promise((ended) => child.once("close", ended));
  // Without the pictures that a telephone reads.
  return text.replace(/^.*\x1b.*$/gm, "").trim();
}

/** Makes an account; a person goes where it says, once. */
function generate(name, pattern, go, ...options) {
  let gone = false;
  const usual = ["--iss", asked.issuer, "--scope", "openid profile email offline_access", "--pw-env", "--prompt=none"];
  return run("oidc-gen", [name, ...usual, "--confirm-default", "--no-url-call", ...options], (text) => {
    const shown = !gone && text.match(pattern);
    if (shown) {
      gone = true;
      go(shown);
    }
  });
}

/** With the application that is registered, by a code that the person types elsewhere. */
const byDevice = (name, secret, as) => {
  const manually = ["-m", "--client-id", asked.clientId, "--client-secret", secret, "--flow", "device"];
  const pattern = /visit:\s+(http\S+)[^]*enter the code: (\S+)\n/;
  return generate(name, pattern, ([, url, code]) => visit(url, `${as} ${code}`), ...manually);
};

/** With one that it registers itself. It listens where the person comes back. */
const byItself = (name) =>
  generate(name, /(http\S+\/auth\?\S+)\n/, async ([, url]) => fetch(await visit(url, "sign-in")), "--flow", "code");

const token = async (...options) => (await run("oidc-token", options)).split("\n")[0];
const claims = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url"));

const cancelled = await byDevice("cancelled", asked.clientSecret, "refuse");
const made = await byDevice("made", asked.clientSecret, "type");
const first = await token("made");
const later = await token("--force-new", "made");
const told = claims(await token("--id-token", "made"));
const wrongSecret = await byDevice("wrong", "another-secret-altogether-0123456789", "type");
await byItself("registered");
const own = claims(await token("registered"));
found({
  cancelled,
  device: made.endsWith("Everything setup correctly!"),
  claims: told,
  refreshed: first !== later,
  registered: { sub: own.sub, other: own.client_id !== asked.clientId },
  wrongSecret,
});
