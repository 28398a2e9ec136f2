// An independent relying party: openid-client goes through the whole flow and tells in JSON what it found.
//
// The first argument is JSON: issuer, clientId, clientSecret (none for a public client), redirectUri, alg,
// postLogoutRedirectUri. It writes the authorization URL as a line, reads the URL that the browser came back to as
// a line, and writes its findings as a line.
import * as client from "openid-client";
import { createInterface } from "node:readline";

const asked = JSON.parse(process.argv[2]);
const scope = "openid profile email offline_access";

const config = await client.discovery(
  new URL(asked.issuer),
  asked.clientId,
  { id_token_signed_response_alg: asked.alg, redirect_uris: [asked.redirectUri] },
  asked.clientSecret ? client.ClientSecretBasic(asked.clientSecret) : client.None(),
  { execute: [client.allowInsecureRequests] },
);
// Without this, the signature of an ID token that comes over a direct connection is not looked at.
client.enableNonRepudiationChecks(config);

const verifier = client.randomPKCECodeVerifier();
const [state, nonce] = [client.randomState(), client.randomNonce()];
const authorizationUrl = client.buildAuthorizationUrl(config, {
  redirect_uri: asked.redirectUri,
  scope,
  state,
  nonce,
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  max_age: "600",
  ...(asked.acr ? { claims: JSON.stringify({ id_token: { acr: { essential: true, values: [asked.acr] } } }) } : {}),
});
console.log(authorizationUrl.href);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const callback = new URL((await lines.next()).value);

const tokens = await client.authorizationCodeGrant(config, callback, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  maxAge: 600,
  idTokenExpected: true,
});
const claims = tokens.claims();
const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
const logout = client.buildEndSessionUrl(config, {
  id_token_hint: tokens.id_token,
  post_logout_redirect_uri: asked.postLogoutRedirectUri,
  state: "signed-out-state",
});

const header = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[0], "base64url").toString());
console.log(
  JSON.stringify({
    claims,
    header: header(tokens.id_token),
    tokenType: tokens.token_type,
    expiresIn: tokens.expiresIn(),
    scope: tokens.scope,
    userinfo,
    refreshed: { claims: refreshed.claims(), rotated: refreshed.refresh_token !== tokens.refresh_token },
    logout: logout.href,
  }),
);
process.exit(0);
