// openid-client 6, as its README's quick start says.
import * as client from "openid-client";
import { asked, complaint, found, visit } from "./party.mjs";

// The one thing beyond the quick start: this provider speaks plain HTTP, as on a developer's machine.
const plainHttp = { execute: [client.allowInsecureRequests] };
const configured = (secret) =>
  client.discovery(new URL(asked.issuer), asked.clientId, secret, undefined, plainHttp);
const config = await configured(asked.clientSecret);
const signIn = async (config, as) => {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: asked.redirectUri,
    scope: "openid email profile",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
  });
  const back = new URL(await visit(url, as));
  return client.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier, expectedState: state });
};

const cancelled = await complaint(() => signIn(config, "cancel"));
const tokens = await signIn(config, "sign-in");
const claims = tokens.claims();
const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
const other = await configured("another-secret-altogether-0123456789");
const wrongSecret = await complaint(() => signIn(other, "sign-in"));
const end = client.buildEndSessionUrl(config, {
  id_token_hint: tokens.id_token,
  post_logout_redirect_uri: asked.signedOutUri,
});
found({
  cancelled,
  claims,
  userinfo,
  refreshed: refreshed.claims(),
  wrongSecret,
  signedOut: await visit(end, "sign-out"),
});
