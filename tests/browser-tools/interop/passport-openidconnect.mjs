// passport-openidconnect in an express application, as its README and the example that it names say.
import express from "express";
import session from "express-session";
import passport from "passport";
import OpenIDConnectStrategy from "passport-openidconnect";
import { Browser, asked, found, visit } from "./party.mjs";

/** The application, with a secret of the provider's. */
function application(clientSecret) {
  const app = express();
  const pass = new passport.Passport();
  pass.use(
    new OpenIDConnectStrategy(
      {
        issuer: asked.issuer,
        authorizationURL: `${asked.issuer}/auth`,
        tokenURL: `${asked.issuer}/token`,
        userInfoURL: `${asked.issuer}/me`,
        clientID: asked.clientId,
        clientSecret,
        callbackURL: asked.redirectUri,
        scope: ["profile", "email"],
      },
      (issuer, profile, done) => done(null, profile),
    ),
  );
  pass.serializeUser((user, done) => done(null, user));
  pass.deserializeUser((user, done) => done(null, user));
  app.use(session({ secret: "keyboard cat", resave: false, saveUninitialized: false }));
  app.use(pass.session());
  app.get("/login", pass.authenticate("openidconnect"));
  app.get(
    new URL(asked.redirectUri).pathname,
    pass.authenticate("openidconnect", { failureRedirect: "/failed", failureMessage: true }),
    (request, response) => response.redirect("/"),
  );
  app.get("/failed", (request, response) => response.json({ messages: request.session.messages }));
  app.get("/", (request, response) => response.json({ user: request.user }));
  app.use((error, request, response, next) =>
    response.status(500).json({ name: error.name, error: error.code, description: error.message }),
  );
  return app;
}

async function signIn(clientSecret, as) {
  const browser = await Browser.of(application(clientSecret));
  const { left } = await browser.get("/login");
  return (await browser.get(await visit(left, as))).json();
}

const { messages } = await signIn(asked.clientSecret, "cancel");
const { user } = await signIn(asked.clientSecret, "sign-in");
const wrongSecret = await signIn("another-secret-altogether-0123456789", "sign-in");
found({
  cancelled: { description: messages?.[0] },
  claims: { sub: user?.id, name: user?.displayName, email: user?.emails?.[0].value },
  wrongSecret,
});
