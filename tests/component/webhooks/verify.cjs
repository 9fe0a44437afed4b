// Checks requests with the verifiers customers use. stdin: {secret, requests: [{body, headers}]}, stdout: one word per
// verifier and request. argv[2]: a file in the folder whose node_modules are used.
const { createRequire } = require("node:module");

const load = createRequire(process.argv[2]);
const verifiers = [load("standardwebhooks").Webhook, load("svix").Webhook];

let input = "";
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => {
  const { secret, requests } = JSON.parse(input);
  for (const Verifier of verifiers) {
    for (const { body, headers } of requests) {
      try {
        new Verifier(secret).verify(body, headers);
        console.log("holds");
      } catch (error) {
        console.log(error.message.replaceAll("\n", " "));
      }
    }
  }
});
