// @auth/express (Auth.js), as its README (whose route is one of express 4) and the page on custom providers say.
import express from "express-4";
import { ExpressAuth } from "@auth/express";
import { Browser, asked, found, visit } from "./party.mjs";

process.env.AUTH_SECRET = "a secret of the application's own, of 32 characters";
process.env.AUTH_TRUST_HOST = "true";
const [complaints, profiles] = [[], []];

/** What an error of Auth.js was caused by, as it logs it. */
const causes = ({ cause }) => cause && { ...cause, err: cause.err && { message: cause.err.message, cause: cause.err.cause } };

function application(clientSecret) {
  const app = express();
  app.use(
    "/auth/*",
    ExpressAuth({
      providers: [
        {
          id: "vestibule",
          name: "Vestibule",
          type: "oidc",
          issuer: asked.issuer,
          clientId: asked.clientId,
          clientSecret,
        },
      ],
      events: { signIn: ({ profile }) => profiles.push(profile) },
      logger: { error: (error) => complaints.push({ error: error.name, cause: causes(error) }) },
    }),
  );
  app.get("/", (request, response) => response.json({}));
  return app;
}

async function signIn(clientSecret, as) {
  const browser = await Browser.of(application(clientSecret));
  const { csrfToken } = (await browser.get("/auth/csrf")).json();
  const { left } = await browser.send("POST", "/auth/signin/vestibule", { csrfToken, callbackUrl: asked.base });
  const page = await browser.get(await visit(left, as));
  const session = (await browser.get("/auth/session")).json();
  return { session, complaint: complaints.splice(0), at: page.url };
}

const cancelled = await signIn(asked.clientSecret, "cancel");
const { session, complaint } = await signIn(asked.clientSecret, "sign-in");
const wrongSecret = await signIn("another-secret-altogether-0123456789", "sign-in");
found({
  cancelled: cancelled.complaint,
  claims: { sub: profiles[0]?.sub, ...session?.user },
  complaint,
  wrongSecret: wrongSecret.complaint,
});
