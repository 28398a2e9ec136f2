// @okta/oidc-middleware in an express application, as its README says.
import express from "express-4";
import session from "express-session";
import okta from "@okta/oidc-middleware";
import { Browser, asked, found, visit } from "./party.mjs";

/** The application, with a secret of the provider's, once the middleware is ready. */
async function application(client_secret) {
  const app = express();
  const oidc = new okta.ExpressOIDC({
    issuer: asked.issuer,
    client_id: asked.clientId,
    client_secret,
    appBaseUrl: asked.base,
    scope: "openid profile email",
    // This provider speaks plain HTTP, as on a developer's machine.
    testing: { disableHttpsCheck: true },
  });
  app.use(session({ secret: "this-should-be-very-random", resave: true, saveUninitialized: false }));
  app.use(oidc.router);
  app.get("/", (request, response) => response.json(request.userContext ?? {}));
  app.get("/protected", oidc.ensureAuthenticated(), (request, response) => response.json({ in: true }));
  app.use((error, request, response, next) =>
    response.json({ error: error.error ?? error.name, description: error.error_description ?? error.message }),
  );
  // At a sign-out it revokes at Okta's own path below the issuer, whatever the metadata says, and goes on when that fails.
  oidc.on("error", () => {});
  await new Promise((ready) => oidc.once("ready", ready));
  return app;
}

async function signIn(secret, as) {
  const browser = await Browser.of(await application(secret));
  const { left } = await browser.get("/protected");
  const page = await browser.get(await visit(left, as));
  return { browser, page: { status: page.status, text: page.text } };
}

const cancelled = await signIn(asked.clientSecret, "cancel");
const { browser } = await signIn(asked.clientSecret, "sign-in");
const { userinfo } = (await browser.get("/")).json();
const wrongSecret = await signIn("another-secret-altogether-0123456789", "sign-in");
const { left } = await browser.send("POST", "/logout");
found({
  cancelled: cancelled.page,
  claims: userinfo,
  userinfo,
  wrongSecret: wrongSecret.page,
  signedOut: await visit(left, "sign-out"),
});
