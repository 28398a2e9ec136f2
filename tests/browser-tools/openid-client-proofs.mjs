// An independent relying party that proves itself: openid-client pushes and signs its requests, reads signed answers, binds
// its tokens, asks about them and gives them back. jose makes its keys, and checks access tokens as an API would.
//
// The first argument is JSON, see `asked`. It writes its public keys and waits until it is registered with them, then
// writes the authorization URL (of a grant with a browser) and reads the URL that the browser came back to, and last
// writes its findings. Each of these is a line.
import * as jose from "jose";
import * as client from "openid-client";
import assert from "node:assert";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

// issuer, clientId, redirectUri; auth: "basic", "post" (with clientSecret), "key" or "none"; keyAlg: of its own key;
// alg: of what it is told; par, jar, jarm: whether it pushes, signs, wants signed answers; dpop: algorithm of proofs;
// encrypt: algorithm that its ID tokens and userinfo are encrypted with; resource: an API; grant: "code", "client_credentials" or "metadata"; signed: introspection is to be signed.
const asked = JSON.parse(process.argv[2]);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const hear = async () => (await lines.next()).value;
const say = (what) => console.log(JSON.stringify(what));
const part = (jwt, number) => JSON.parse(Buffer.from(jwt.split(".")[number], "base64url").toString());
const opened = (jwt) => (jwt.split(".").length === 3 ? { header: part(jwt, 0), claims: part(jwt, 1) } : {});

const pair = await jose.generateKeyPair(asked.keyAlg ?? "ES256", { extractable: true });
const jwk = await jose.exportJWK(pair.publicKey);
const key = { key: pair.privateKey, kid: await jose.calculateJwkThumbprint(jwk) };
const published = [{ ...jwk, kid: key.kid, use: "sig", alg: asked.keyAlg ?? "ES256" }];
const reading = asked.encrypt && (await jose.generateKeyPair(asked.encrypt, { crv: "P-256", extractable: true }));
if (reading) published.push({ ...(await jose.exportJWK(reading.publicKey)), kid: "enc", use: "enc", alg: asked.encrypt });
say({ jwks: { keys: published } });
await hear();

// What went over the wire, with what proved the sender.
const trace = [];
const watched = async (url, options) => {
  const response = await fetch(url, options);
  const headers = new Headers(options.headers);
  const proof = headers.get("dpop");
  const marks = [
    headers.has("authorization") ? headers.get("authorization").split(" ")[0] : "",
    new URLSearchParams(options.body ?? "").has("client_assertion") ? "assertion" : "",
    proof ? (part(proof, 1).nonce ? "proof+nonce" : "proof") : "",
  ];
  trace.push([options.method, new URL(url).pathname, response.status, ...marks.filter(Boolean)].join(" "));
  return response;
};

const proves = {
  basic: () => client.ClientSecretBasic(asked.clientSecret),
  post: () => client.ClientSecretPost(asked.clientSecret),
  key: () => client.PrivateKeyJwt(key),
  none: () => client.None(),
};
const discover = (algorithm) =>
  client.discovery(
    new URL(asked.issuer),
    asked.clientId,
    {
      id_token_signed_response_alg: asked.alg ?? "ES256",
      ...(asked.jarm ? { authorization_signed_response_alg: asked.alg ?? "ES256" } : {}),
      ...(asked.encrypt ? { userinfo_signed_response_alg: asked.alg ?? "ES256" } : {}),
      ...(asked.signed ? { introspection_signed_response_alg: asked.signed } : {}),
    },
    proves[asked.auth ?? "basic"](),
    { algorithm, [client.customFetch]: watched, execute: [client.allowInsecureRequests] },
  );
const config = await discover("oidc");
// Without this, no signature is looked at that comes over a direct connection.
client.enableNonRepudiationChecks(config);
if (asked.jarm) client.useJwtResponseMode(config);
if (reading) {
  client.enableDecryptingResponses(config, ["A128GCM", "A256GCM"], {
    key: reading.privateKey,
    alg: asked.encrypt,
    kid: "enc",
  });
}
trace.length = 0;

const pairOfProofs = asked.dpop ? await client.randomDPoPKeyPair(asked.dpop) : undefined;
const DPoP = pairOfProofs && client.getDPoPHandle(config, pairOfProofs);
const jkt = await DPoP?.calculateThumbprint();
const resource = asked.resource ? { resource: asked.resource } : {};

const told = (tokens) => ({
  claims: tokens.claims(),
  header: tokens.id_token && part(tokens.id_token, 0),
  tokenType: tokens.token_type,
  scope: tokens.scope,
  expiresIn: tokens.expiresIn(),
  access: opened(tokens.access_token),
});

// What an API knows of a provider is its address: with that and its own name it checks a token.
async function asTheApi(token) {
  const keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
  const { payload } = await jose.jwtVerify(token, keys, { issuer: asked.issuer, audience: asked.resource });
  await assert.rejects(jose.jwtVerify(token, keys, { issuer: asked.issuer, audience: "https://other.example" }));
  return payload;
}

async function address(parameters) {
  if (asked.jar) {
    const signed = await client.buildAuthorizationUrlWithJAR(config, parameters, key);
    return asked.par ? client.buildAuthorizationUrlWithPAR(config, signed.searchParams, { DPoP }) : signed;
  }
  return asked.par
    ? client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP })
    : client.buildAuthorizationUrl(config, parameters);
}

// Who asks about a token and gives it back.
async function lastOf(token) {
  const before = await client.tokenIntrospection(config, token);
  await client.tokenRevocation(config, token);
  return { before, after: await client.tokenIntrospection(config, token) };
}

async function code() {
  const verifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const url = await address({
    redirect_uri: asked.redirectUri,
    scope: "openid email",
    prompt: "none",
    max_age: "600",
    claims: JSON.stringify({ id_token: { email: { essential: true } } }),
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...resource,
    ...(jkt ? { dpop_jkt: jkt } : {}),
  });
  say({ authorize: url.href });
  const callback = new URL(await hear());
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    maxAge: 600,
    idTokenExpected: true,
  };
  const tokens = await client.authorizationCodeGrant(config, callback, checks, {}, { DPoP });
  const found = { ...told(tokens), answer: [...callback.searchParams.keys()] };
  const { sub } = found.claims;
  found.userinfo = await client.fetchUserInfo(config, tokens.access_token, sub, { DPoP });
  const me = new URL(config.serverMetadata().userinfo_endpoint);
  const again = await client.fetchProtectedResource(config, tokens.access_token, me, "POST", null, undefined, { DPoP });
  if (reading) assert.equal(again.headers.get("content-type"), "application/jwt");
  else assert.deepEqual(await again.json(), found.userinfo);
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token, {}, { DPoP });
  assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
  await client.fetchUserInfo(config, refreshed.access_token, sub, { DPoP });
  found.refreshed = told(refreshed);
  if (asked.auth === "none") {
    // It may not ask, but give back.
    await client.tokenRevocation(config, refreshed.refresh_token);
    await assert.rejects(client.refreshTokenGrant(config, refreshed.refresh_token, {}, { DPoP }), {
      error: "invalid_grant",
    });
    await assert.rejects(client.fetchUserInfo(config, refreshed.access_token, sub, { DPoP }));
    return found;
  }
  found.refreshToken = await client.tokenIntrospection(config, refreshed.refresh_token);
  found.introspected = await lastOf(refreshed.access_token);
  return found;
}

async function itself() {
  const tokens = await client.clientCredentialsGrant(config, { scope: "orders.read", ...resource }, { DPoP });
  const found = told(tokens);
  if (found.access.header) found.verified = await asTheApi(tokens.access_token);
  found.introspected = await client.tokenIntrospection(config, tokens.access_token);
  return found;
}

// Which metadata the library reads, by its own source.
async function metadata() {
  const source = await Promise.all(
    ["oauth4webapi", "openid-client"].map((name) =>
      readFile(new URL(`./node_modules/${name}/build/index.js`, import.meta.url), "utf8"),
    ),
  );
  const places = source
    .join("\n")
    .matchAll(/\b(?:as|metadata)\??\.([a-z_]+_(?:supported|endpoint|aliases|uri))\b|resolveEndpoint\(as, '([a-z_]+)'/g);
  const server = config.serverMetadata();
  assert.ok(server.supportsPKCE());
  // By both ways: OpenID Connect Discovery and RFC 8414.
  const other = (await discover("oauth2")).serverMetadata();
  const plain = (metadata) => JSON.parse(JSON.stringify(metadata));
  assert.deepEqual(plain(other), plain(server));
  return { reads: [...new Set([...places].map(([, value, endpoint]) => value ?? endpoint))].sort(), metadata: server };
}

const grants = { code, client_credentials: itself, metadata };
say({ ...(await grants[asked.grant ?? "code"]()), jkt, trace });
process.exit(0);
