// An API that calls another one, and an application with the word of another issuer: openid-client asks, and tells in JSON what it
// found.
//
// The first argument is JSON: issuer, clientId, clientSecret, and the parameters of each request (exchange, assertion).
import * as client from "openid-client";

const asked = JSON.parse(process.argv[2]);

const config = await client.discovery(new URL(asked.issuer), asked.clientId, asked.clientSecret, undefined, {
  execute: [client.allowInsecureRequests],
});
const grants = config.serverMetadata().grant_types_supported;
const handle = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));

const exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
const bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const exchanged = await client.genericGrantRequest(config, exchange, asked.exchange);
const bound = await client.genericGrantRequest(config, exchange, asked.exchange, { DPoP: handle });
const told = await client.tokenIntrospection(config, exchanged.access_token);
const asserted = await client.genericGrantRequest(config, bearer, asked.assertion);
let refused;
try {
  await client.genericGrantRequest(config, bearer, asked.assertion);
} catch (error) {
  refused = error.error ?? String(error);
}
await client.tokenRevocation(config, exchanged.access_token);
const after = await client.tokenIntrospection(config, exchanged.access_token);
console.log(
  JSON.stringify({ grants, exchanged, boundAs: bound.token_type, told, asserted, refused, active: after.active }),
);
process.exit(0);
