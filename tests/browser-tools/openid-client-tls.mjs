// An independent relying party that proves itself by the certificate of its connection (RFC 8705): openid-client finds the
// endpoints for that in the metadata, pushes its request, and uses tokens that are bound to the certificate.
//
// The first argument is JSON: issuer, clientId, redirectUri, method ("tls_client_auth" or "self_signed_tls_client_auth"), cert and key
// (in PEM), ca (the authority of the server). It writes the authorization URL, reads the URL that the browser came back to, and
// writes its findings. Each of these is a line.
import * as client from "openid-client";
import https from "node:https";
import { createInterface } from "node:readline";

const asked = JSON.parse(process.argv[2]);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (what) => console.log(JSON.stringify(what));
const part = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url").toString());

const trace = [];
const shows = ({ cert, key }) => async (url, { method, headers, body }) => {
  trace.push(`${method} ${url}`);
  if (!url.startsWith("https:")) return fetch(url, { method, headers, body });
  const options = { method, headers: Object.fromEntries(new Headers(headers)), cert, key, ca: asked.ca };
  return new Promise((resolve, reject) => {
    const request = https.request(url, options, async (answer) => {
      const chunks = await answer.toArray();
      resolve(new Response(Buffer.concat(chunks), { status: answer.statusCode, headers: answer.headers }));
    });
    request.on("error", reject);
    request.end(body?.toString());
  });
};

const config = await client.discovery(
  new URL(asked.issuer),
  asked.clientId,
  { use_mtls_endpoint_aliases: true, tls_client_certificate_bound_access_tokens: true, id_token_signed_response_alg: "ES256" },
  client.TlsClientAuth(),
  { execute: [client.allowInsecureRequests], [client.customFetch]: shows(asked) },
);
trace.length = 0;
const verifier = client.randomPKCECodeVerifier();
const [state, nonce] = [client.randomState(), client.randomNonce()];
const url = await client.buildAuthorizationUrlWithPAR(config, {
  redirect_uri: asked.redirectUri,
  scope: "openid email",
  state,
  nonce,
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
});
say({ authorize: url.href });
const callback = new URL((await lines.next()).value);
const tokens = await client.authorizationCodeGrant(config, callback, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
});
const { sub } = tokens.claims();
const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub);
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
const introspected = await client.tokenIntrospection(config, refreshed.access_token);
// The same token by somebody who has no certificate.
config[client.customFetch] = shows({});
const stolen = await client.fetchUserInfo(config, tokens.access_token, sub).then(
  () => "accepted",
  (error) => error.code,
);
const cnf = [tokens.access_token, refreshed.access_token].map((token) => part(token).cnf);
say({ sub, userinfo, cnf, introspected, stolen, trace });
process.exit(0);
