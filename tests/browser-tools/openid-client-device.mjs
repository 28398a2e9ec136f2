// A device without a browser: openid-client asks, waits until its user has answered, and tells in JSON what it found.
//
// The first argument is JSON: issuer, clientId, alg, and what else the request asks for (extra). It writes what its
// user has to be shown as a line, and its findings, or the error that ended the wait, as a line.
import * as client from "openid-client";

const asked = JSON.parse(process.argv[2]);

const config = await client.discovery(
  new URL(asked.issuer),
  asked.clientId,
  { id_token_signed_response_alg: asked.alg },
  client.None(),
  { execute: [client.allowInsecureRequests] },
);
client.enableNonRepudiationChecks(config);

const handle = asked.dpop
  ? client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"))
  : undefined;
const shown = await client.initiateDeviceAuthorization(config, {
  scope: "openid profile email offline_access",
  ...asked.extra,
});
console.log(JSON.stringify(shown));

try {
  const tokens = await client.pollDeviceAuthorizationGrant(config, shown, undefined, { DPoP: handle });
  const claims = tokens.claims();
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub, { DPoP: handle });
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP: handle });
  console.log(
    JSON.stringify({
      claims,
      userinfo,
      tokenType: tokens.token_type,
      scope: tokens.scope,
      rotated: refreshed.refresh_token !== tokens.refresh_token,
    }),
  );
} catch (error) {
  console.log(JSON.stringify({ error: error.error ?? String(error) }));
}
process.exit(0);
