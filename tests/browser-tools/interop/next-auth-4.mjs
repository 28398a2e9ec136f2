// next-auth 4, as its page on custom providers says, with its handler of the pages router behind express, which
// stands in for Next.js: both hand over the same request.
import express from "express";
import NextAuthModule from "next-auth";
import { Browser, asked, found, visit } from "./party.mjs";

process.env.NEXTAUTH_URL = asked.base;
const NextAuth = NextAuthModule.default ?? NextAuthModule;
const complaints = [];

/** The options of `pages/api/auth/[...nextauth].js`. */
const options = (clientSecret) => ({
  secret: "a secret of the application's own",
  providers: [
    {
      id: "vestibule",
      name: "Vestibule",
      type: "oauth",
      wellKnown: `${asked.issuer}/.well-known/openid-configuration`,
      authorization: { params: { scope: "openid email profile" } },
      idToken: true,
      checks: ["pkce", "state"],
      clientId: asked.clientId,
      clientSecret,
      profile: (profile) => ({ id: profile.sub, name: profile.name, email: profile.email }),
    },
  ],
  callbacks: {
    session: ({ session, token }) => ({ ...session, sub: token.sub }),
  },
  logger: { error: (code, data) => complaints.push({ error: code, description: String(data.error?.message ?? data.message) }) },
});

function application(clientSecret) {
  const app = express();
  app.use(express.urlencoded({ extended: false }));
  app.all("/api/auth/*nextauth", (request, response) => {
    const cookies = (request.headers.cookie ?? "").split("; ").filter(Boolean).map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))];
    });
    const asNext = {
      method: request.method,
      headers: request.headers,
      body: request.body ?? {},
      query: { ...request.query, nextauth: request.params.nextauth },
      cookies: Object.fromEntries(cookies),
    };
    return NextAuth(asNext, response, options(clientSecret));
  });
  app.get("/", (request, response) => response.json({}));
  return app;
}

async function signIn(clientSecret, as) {
  const browser = await Browser.of(application(clientSecret));
  const { csrfToken } = (await browser.get("/api/auth/csrf")).json();
  const { left } = await browser.send("POST", "/api/auth/signin/vestibule", { csrfToken, callbackUrl: asked.base });
  const page = await browser.get(await visit(left, as));
  const session = (await browser.get("/api/auth/session")).json();
  return { session, complaint: complaints.splice(0), at: page.url };
}

const cancelled = await signIn(asked.clientSecret, "cancel");
const { session, complaint } = await signIn(asked.clientSecret, "sign-in");
const wrongSecret = await signIn("another-secret-altogether-0123456789", "sign-in");
found({
  cancelled: cancelled.complaint,
  claims: { sub: session.sub, ...session.user },
  complaint,
  wrongSecret: wrongSecret.complaint,
});
