// Quarkus as an API, as its guide to bearer tokens says: it is told the issuer and its own name.
import { asked, lines } from "./party.mjs";
import { start } from "./quarkus.mjs";

const { at } = await start({ "quarkus.oidc.token.audience": asked.audience });
const say = (what) => console.log(JSON.stringify(what));
say({ ready: true });
for await (const token of lines) {
  const answer = await fetch(`${at}/claims`, { headers: { authorization: `Bearer ${token}` } });
  say(answer.ok ? { accepted: await answer.json() } : { refused: answer.headers.get("www-authenticate") });
}
process.exit(0);
