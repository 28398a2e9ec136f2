// An API that checks access tokens with jose, as its documentation says: the issuer and its own name are all it is told.
import * as jose from "jose";
import { asked, lines } from "./party.mjs";

const { issuer, audience } = asked;
const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
const keys = jose.createRemoteJWKSet(new URL(metadata.jwks_uri));
const say = (what) => console.log(JSON.stringify(what));

say({ ready: true });
for await (const token of lines) {
  const judged = jose.jwtVerify(token, keys, { issuer, audience });
  await judged.then(
    ({ payload }) => say({ accepted: payload }),
    (error) => say({ refused: `${error.name}: ${error.message}` }),
  );
}
