// A client of the Model Context Protocol, as its SDK comes. It knows the address of a server and nothing else: it finds the
// provider, registers there, sends its person to sign in, calls a tool, refreshes its tokens and calls it again.
import { auth, UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { asked, found, visit } from "./party.mjs";

const kept = {};
const provider = {
  redirectUrl: asked.redirectUri,
  clientMetadata: {
    client_name: "Notebook assistant",
    redirect_uris: [asked.redirectUri],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  },
  state: () => "the-state",
  clientInformation: () => kept.client,
  saveClientInformation: (client) => (kept.client = client),
  tokens: () => kept.tokens,
  saveTokens: (tokens) => (kept.tokens = tokens),
  codeVerifier: () => kept.verifier,
  saveCodeVerifier: (verifier) => (kept.verifier = verifier),
  redirectToAuthorization: (url) => (kept.url = url),
};
const server = new URL(asked.server);
const transport = () => new StreamableHTTPClientTransport(server, { authProvider: provider });

/** What the tool of the server says. */
async function call() {
  const client = new Client({ name: "notebook-assistant", version: "1.0.0" });
  await client.connect(transport());
  const tools = await client.listTools();
  const said = await client.callTool({ name: tools.tools[0].name });
  await client.close();
  return said.content[0].text;
}

let refused = false;
const first = transport();
try {
  await new Client({ name: "notebook-assistant", version: "1.0.0" }).connect(first);
} catch (error) {
  if (!(error instanceof UnauthorizedError)) throw error;
  refused = true;
}
const back = new URL(await visit(kept.url, "sign-in"));
await first.finishAuth(back.searchParams.get("code"));
const whoami = await call();
const before = kept.tokens.access_token;
const refreshed = await auth(provider, { serverUrl: server });
found({
  refused,
  authorize: Object.fromEntries(kept.url.searchParams),
  iss: back.searchParams.get("iss"),
  whoami,
  scope: kept.tokens.scope,
  refreshed,
  renewed: kept.tokens.access_token !== before,
  again: await call(),
});
