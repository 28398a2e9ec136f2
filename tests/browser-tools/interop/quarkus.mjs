// How the tests start the application of Quarkus in the folder `quarkus`, whose settings come from outside.
import { spawn } from "node:child_process";
import { Browser, asked } from "./party.mjs";

const running = [];
process.on("exit", () => running.forEach((server) => server.kill()));

/** Starts one with these settings; gives its address, a browser at it, and its log. */
export async function start(settings) {
  const usual = {
    "quarkus.http.host": "127.0.0.1",
    "quarkus.http.port": 0,
    "quarkus.oidc.auth-server-url": asked.issuer,
  };
  const words = Object.entries({ ...usual, ...settings }).map(([name, value]) => `-D${name}=${value}`);
  // It ends when its standard input does.
  const server = spawn(asked.java, ["-XX:TieredStopAtLevel=1", ...words, "-jar", asked.quarkus]);
  running.push(server);
  const log = [];
  server.stderr.on("data", (text) => log.push(String(text)));
  const port = await new Promise((ready, failed) => {
    server.stdout.on("data", (text) => {
      log.push(String(text));
      const at = log.join("").match(/Listening on: http:\/\/127\.0\.0\.1:(\d+)/);
      if (at) ready(Number(at[1]));
    });
    server.once("exit", () => failed(new Error(`it ended: ${log.join("")}`)));
  });
  return { at: `http://127.0.0.1:${port}`, browser: new Browser({ host: "127.0.0.1", port }), log };
}
