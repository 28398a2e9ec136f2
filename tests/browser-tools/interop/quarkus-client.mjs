// Quarkus as a web application, as its guide to the code flow says, with a path to sign out.
import { asked, found, visit } from "./party.mjs";
import { start } from "./quarkus.mjs";

const application = (secret, more) =>
  start({
    "quarkus.oidc.application-type": "web-app",
    "quarkus.oidc.client-id": asked.clientId,
    "quarkus.oidc.credentials.secret": secret,
    "quarkus.oidc.authentication.scopes": "profile,email",
    "quarkus.oidc.logout.path": "/logout",
    "quarkus.oidc.logout.post-logout-path": "/signed-out",
    ...more,
  });

/** What it says of a refusal stands in its log alone. */
async function signIn({ browser, log }, as) {
  const { left } = await browser.get("/person");
  log.splice(0);
  const page = await browser.get(await visit(left, as));
  return page.status === 200 ? page.json() : { status: page.status, log: log.join("").match(/ERROR.*/g) };
}

// Every request is late enough for a refresh.
const refreshing = { "quarkus.oidc.token.refresh-expired": true, "quarkus.oidc.token.refresh-token-time-skew": "1H" };
const [usual, late, wrong] = await Promise.all([
  application(asked.clientSecret),
  application(asked.clientSecret, refreshing),
  application("another-secret-altogether-0123456789"),
]);
const cancelled = await signIn(usual, "cancel");
const { claims } = await signIn(usual, "sign-in");
const first = await signIn(late, "sign-in");
const later = (await late.browser.get("/person")).json();
const wrongSecret = await signIn(wrong, "sign-in");
const { left } = await usual.browser.get("/logout");
found({
  cancelled,
  claims,
  refreshed: first.token !== undefined && later.token !== undefined && first.token !== later.token,
  wrongSecret,
  signedOut: await visit(left, "sign-out"),
});
