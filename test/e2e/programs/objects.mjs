// Asks an S3 service as an app does: with the variables and key files that the platform gave it. Takes a list of
// requests as JSON and prints the list of answers.
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";

const { AWS_ENDPOINT_URL_S3, AWS_REGION, S3_BUCKET, AWS_ACCESS_KEY_ID_FILE, AWS_SECRET_ACCESS_KEY_FILE } = process.env;
const own = {
  id: readFileSync(AWS_ACCESS_KEY_ID_FILE, "utf8").trim(),
  key: readFileSync(AWS_SECRET_ACCESS_KEY_FILE, "utf8").trim(),
};
const hmac = (key, text) => createHmac("sha256", key).update(text).digest();
const sha256 = (content) => createHash("sha256").update(content).digest("hex");

/** Content of so many bytes that a seed decides on, or a text. */
function contentOf({ text, bytes, seed = "" }) {
  if (bytes === undefined) return text;
  const content = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += 32) createHash("sha256").update(`${seed}${at}`).digest().copy(content, at);
  return content;
}

async function ask({ method, path, headers = {}, bucket = S3_BUCKET, keys = own, ...content }) {
  const url = new URL(`${AWS_ENDPOINT_URL_S3}/${bucket}${path}`);
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const sent = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD", "x-amz-date": now, ...headers };
  const signed = { host: url.host, ...sent };
  const names = Object.keys(signed).sort();
  const query = [...url.searchParams].sort().map((pair) => pair.map(encodeURIComponent).join("="));
  const canonical = [
    ...[method, url.pathname, query.join("&")],
    ...names.map((name) => `${name}:${signed[name]}`),
    ...["", names.join(";"), "UNSIGNED-PAYLOAD"],
  ].join("\n");
  const scope = `${now.slice(0, 8)}/${AWS_REGION}/s3/aws4_request`;
  const key = scope.split("/").reduce((before, part) => hmac(before, part), `AWS4${keys.key}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${now}\n${scope}\n${sha256(canonical)}`).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${keys.id}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  const response = await fetch(url, { method, headers: { ...sent, authorization }, body: contentOf(content) });
  const body = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    version: response.headers.get("x-amz-version-id") ?? undefined,
    type: response.headers.get("content-type") ?? undefined,
    sha256: sha256(body),
    text: body.length < 100_000 ? body.toString() : "",
  };
}

const answers = [];
for (const request of JSON.parse(process.argv.at(-1))) answers.push(await ask(request));
console.log(JSON.stringify(answers));
