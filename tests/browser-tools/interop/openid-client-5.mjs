// openid-client 5, as its README's quick start says.
import { Issuer, generators } from "openid-client-5";
import { asked, complaint, found, visit } from "./party.mjs";

const issuer = await Issuer.discover(asked.issuer);
const clientWith = (client_secret) =>
  new issuer.Client({
    client_id: asked.clientId,
    client_secret,
    redirect_uris: [asked.redirectUri],
    response_types: ["code"],
  });
const client = clientWith(asked.clientSecret);
const signIn = async (client, as) => {
  const code_verifier = generators.codeVerifier();
  const url = client.authorizationUrl({
    scope: "openid email profile",
    code_challenge: generators.codeChallenge(code_verifier),
    code_challenge_method: "S256",
  });
  const params = client.callbackParams(await visit(url, as));
  return client.callback(asked.redirectUri, params, { code_verifier });
};

const cancelled = await complaint(() => signIn(client, "cancel"));
const tokens = await signIn(client, "sign-in");
const userinfo = await client.userinfo(tokens.access_token);
const refreshed = await client.refresh(tokens.refresh_token);
const wrongSecret = await complaint(() => signIn(clientWith("another-secret-altogether-0123456789"), "sign-in"));
const signedOut = await visit(
  client.endSessionUrl({ id_token_hint: tokens.id_token, post_logout_redirect_uri: asked.signedOutUri }),
  "sign-out",
);
found({ cancelled, claims: tokens.claims(), userinfo, refreshed: refreshed.claims(), wrongSecret, signedOut });
