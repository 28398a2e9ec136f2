// oauth4webapi, as its example of the code flow with OpenID Connect says.
import * as oauth from "oauth4webapi";
import { asked, complaint, found, visit } from "./party.mjs";

const issuer = new URL(asked.issuer);
// The one thing beyond the example: this provider speaks plain HTTP, as on a developer's machine.
const plainHttp = { [oauth.allowInsecureRequests]: true };
const as = await oauth
  .discoveryRequest(issuer, { algorithm: "oidc", ...plainHttp })
  .then((response) => oauth.processDiscoveryResponse(issuer, response));
const client = { client_id: asked.clientId };
const clientAuth = oauth.ClientSecretPost(asked.clientSecret);

const signIn = async (clientAuth, does) => {
  const code_verifier = oauth.generateRandomCodeVerifier();
  const url = new URL(as.authorization_endpoint);
  url.searchParams.set("client_id", client.client_id);
  url.searchParams.set("redirect_uri", asked.redirectUri);
  url.searchParams.set("response_type", "code");
  url.searchParams.set("scope", "openid email profile");
  url.searchParams.set("code_challenge", await oauth.calculatePKCECodeChallenge(code_verifier));
  url.searchParams.set("code_challenge_method", "S256");
  const back = new URL(await visit(url, does));
  const params = oauth.validateAuthResponse(as, client, back);
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    clientAuth,
    params,
    asked.redirectUri,
    code_verifier,
    plainHttp,
  );
  return oauth.processAuthorizationCodeResponse(as, client, response, { requireIdToken: true });
};

const cancelled = await complaint(() => signIn(clientAuth, "cancel"));
const tokens = await signIn(clientAuth, "sign-in");
const claims = oauth.getValidatedIdTokenClaims(tokens);
const info = await oauth.userInfoRequest(as, client, tokens.access_token, plainHttp);
const userinfo = await oauth.processUserInfoResponse(as, client, claims.sub, info);
const again = await oauth.refreshTokenGrantRequest(as, client, clientAuth, tokens.refresh_token, plainHttp);
const refreshed = oauth.getValidatedIdTokenClaims(await oauth.processRefreshTokenResponse(as, client, again));
const wrong = oauth.ClientSecretPost("another-secret-altogether-0123456789");
const wrongSecret = await complaint(() => signIn(wrong, "sign-in"));
const end = new URL(as.end_session_endpoint);
end.searchParams.set("id_token_hint", tokens.id_token);
end.searchParams.set("post_logout_redirect_uri", asked.signedOutUri);
found({ cancelled, claims, userinfo, refreshed, wrongSecret, signedOut: await visit(end, "sign-out") });
