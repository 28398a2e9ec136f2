// express-openid-connect, as its README's quick start says, with the code flow (EXAMPLES.md, "Obtaining access
// tokens"): what it does by itself is the implicit flow.
import express from "express";
import { auth } from "express-openid-connect";
import { Browser, asked, found, visit } from "./party.mjs";

/** The application, with a secret of the provider's. */
function application(clientSecret) {
  const app = express();
  app.use(
    auth({
      issuerBaseURL: asked.issuer,
      baseURL: asked.base,
      clientID: asked.clientId,
      secret: "a long, randomly-generated string stored in env",
      idpLogout: true,
      // Beyond the quick start: the code flow.
      clientSecret,
      authorizationParams: { response_type: "code" },
    }),
  );
  app.get("/", async (request, response) => {
    const claims = request.oidc.idTokenClaims;
    const userinfo = await request.oidc.fetchUserInfo();
    const before = request.oidc.accessToken.access_token;
    const after = (await request.oidc.accessToken.refresh()).access_token;
    response.json({ user: request.oidc.user, claims, userinfo, refreshed: after !== before });
  });
  app.use((error, request, response, next) =>
    response.status(500).json({ error: error.error ?? error.name, description: error.error_description ?? error.message }),
  );
  return app;
}

async function signIn(clientSecret, as) {
  const browser = await Browser.of(application(clientSecret));
  const { left } = await browser.get("/");
  return { browser, page: await browser.get(await visit(left, as)) };
}

const cancelled = await signIn(asked.clientSecret, "cancel");
const { browser, page } = await signIn(asked.clientSecret, "sign-in");
const wrongSecret = await signIn("another-secret-altogether-0123456789", "sign-in");
const { left } = await browser.get("/logout");
found({
  cancelled: cancelled.page.json(),
  ...page.json(),
  wrongSecret: wrongSecret.page.json(),
  signedOut: await visit(left, "sign-out"),
});
