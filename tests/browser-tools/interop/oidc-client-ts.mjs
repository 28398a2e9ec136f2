// A single-page application on oidc-client-ts, as its README says. It serves its page at a port of its own, writes
// `{"listening": URL}` as a line, and waits; what happens in the page is shown in `#found`.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { asked } from "./party.mjs";

const library = readFileSync(new URL("../node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js", import.meta.url));
const page = (base) => `<!doctype html>
<html lang="en"><title>A shop</title><link rel="icon" href="data:,">
<button id="sign-in">Sign in</button> <button id="renew">Renew</button> <button id="sign-out">Sign out</button>
<pre id="found"></pre>
<script src="/oidc-client-ts.js"></script>
<script type="module">
  const manager = new oidc.UserManager({
    authority: ${JSON.stringify(asked.issuer)},
    client_id: ${JSON.stringify(asked.clientId)},
    redirect_uri: ${JSON.stringify(base)},
    post_logout_redirect_uri: ${JSON.stringify(base)},
    scope: "openid profile email",
  });
  const show = (what) => { document.getElementById("found").textContent = JSON.stringify(what); };
  const told = (user) => user && { claims: user.profile, token: user.access_token, refresh: user.refresh_token };
  const on = (id, work) => {
    document.getElementById(id).onclick = () =>
      work().catch((error) => show({ error: error.error ?? error.name, description: error.error_description ?? error.message }));
  };
  on("sign-in", () => manager.signinRedirect());
  on("renew", async () => show({ renewed: told(await manager.signinSilent()) }));
  on("sign-out", () => manager.signoutRedirect());
  try {
    if (location.search.includes("state=")) {
      const user = await manager.signinCallback();
      history.replaceState(null, "", "/");
      show({ signedIn: told(user) });
    } else {
      show({ user: told(await manager.getUser()) });
    }
  } catch (error) {
    history.replaceState(null, "", "/");
    show({ error: error.error ?? error.name, description: error.error_description ?? error.message });
  }
</script></html>`;

const server = createServer((request, response) => {
  const script = request.url === "/oidc-client-ts.js";
  response.setHeader("content-type", script ? "text/javascript" : "text/html; charset=utf-8");
  response.end(script ? library : page(`http://localhost:${server.address().port}/`));
});
server.listen(asked.port ?? 0, "127.0.0.1", () =>
  console.log(JSON.stringify({ listening: `http://localhost:${server.address().port}/` })),
);
process.stdin.resume().on("end", () => process.exit(0));
