// What the parties of this folder share: how they talk to the test that runs them, and the browser that a person uses
// at the application's side.
//
// A party writes lines of JSON. `{"visit": URL, "as": "sign-in" | "cancel" | "sign-out"}` sends its person to the
// provider, and the answer, one line, is the address at which the person came back. `{"found": …}` is the end.
import { spawn } from "node:child_process";
import { request } from "node:http";
import { createInterface } from "node:readline";

/** What the test says next, line by line. */
export const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** What the test says at first: issuer, clientId, clientSecret, base (the application's origin), redirectUri. */
export const asked = JSON.parse(process.argv[2]);

/** Sends the person to the provider; gives the address at which they came back. */
export async function visit(url, as) {
  console.log(JSON.stringify({ visit: String(url), as }));
  const answer = await lines.next();
  if (answer.done) throw new Error("nobody came back");
  return answer.value;
}

/** Says what was found, and ends. */
export function found(what) {
  process.stdout.write(`${JSON.stringify({ found: what })}\n`, () => process.exit(0));
}

/** Starts a server that ends with this program, however that ends, and whose folder goes then. */
export function leashed(folder, env, program, ...words) {
  const leash = 'folder=$1; shift; "$@" & read -r _; kill $!; wait; rm -rf "$folder"';
  return spawn("sh", ["-c", leash, "sh", folder, program, ...words], { env, stdio: ["pipe", "ignore", "inherit"] });
}

/** The error's name and text, as the library gives them. */
export async function complaint(work) {
  try {
    await work();
    return null;
  } catch (error) {
    return {
      error: error.error ?? error.code ?? error.name,
      description: error.error_description ?? error.cause?.error_description ?? error.message,
    };
  }
}

/** A browser at an application that listens where it can and believes to be at `asked.base`. */
export class Browser {
  #cookies = new Map();
  #where;

  /** `where` is what node's `http.request` connects to. */
  constructor(where) {
    this.#where = where;
  }

  /** For an express application. */
  static async of(app) {
    const server = app.listen(0, "127.0.0.1");
    await new Promise((ready) => server.once("listening", ready));
    return new Browser({ host: "127.0.0.1", port: server.address().port });
  }

  /** One request. Redirects within the application are followed; one that leaves it is given as `left`. */
  async send(method, url, form, more) {
    const to = new URL(url, asked.base);
    if (to.origin !== new URL(asked.base).origin) return { left: to.href };
    const body = form && new URLSearchParams(form).toString();
    const answer = await new Promise((done, failed) => {
      const headers = {
        host: to.host,
        accept: "text/html, */*;q=0.8",
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...more,
        ...(body ? { "content-type": "application/x-www-form-urlencoded", "content-length": body.length } : {}),
      };
      const sent = request({ ...this.#where, method, path: to.pathname + to.search, headers });
      sent.on("error", failed);
      sent.on("response", async (response) => {
        let text = "";
        for await (const piece of response) text += piece;
        done({ status: response.statusCode, headers: response.headers, text });
      });
      sent.end(body);
    });
    for (const cookie of answer.headers["set-cookie"] ?? []) {
      const [pair] = cookie.split(";");
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      const gone = /max-age=0|expires=thu, 01 jan 1970/i.test(cookie);
      if (gone) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const { location } = answer.headers;
    if (answer.status >= 300 && answer.status < 400 && location) {
      return this.send("GET", new URL(location, to));
    }
    return { ...answer, url: to.href, json: () => JSON.parse(answer.text) };
  }

  get(url, headers) {
    return this.send("GET", url, undefined, headers);
  }

  /** Another browser, without cookies, at the same application. */
  stranger() {
    return new Browser(this.#where);
  }
}
