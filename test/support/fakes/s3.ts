import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface FakeS3 {
  readonly endpoint: string;
  /** Objects by key; `undefined` before the bucket is made. */
  objects: Map<string, Buffer> | undefined;
  /** What is answered to a question about versions, as the service's own XML or error. */
  versioning: string;
  /** Code of an error that refuses everything. */
  refuses: string | undefined;
  /** What was asked: method and key. */
  readonly asked: string[];
  close(): void;
}

/** An S3 service with one bucket, as far as copies of the state need one. */
export async function fakeS3(): Promise<FakeS3> {
  const server = createServer((request, response) => void answer(fake, request, response));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const fake: FakeS3 = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    versioning: "<VersioningConfiguration/>",
    refuses: undefined,
    asked: [],
    close: () => server.close(),
  };
  return fake;
}

async function answer(fake: FakeS3, request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const url = new URL(request.url ?? "", fake.endpoint);
  const key = decodeURIComponent(url.pathname).split("/").slice(2).join("/");
  const body = await buffer(request);
  fake.asked.push(`${request.method ?? ""} ${key}`.trim());
  const end = (status: number, content: string | Buffer = "") => response.writeHead(status).end(content);
  const error = (status: number, code: string) =>
    end(status, `<Error><Code>${code}</Code><Message>no</Message></Error>`);
  if (fake.refuses !== undefined) return error(403, fake.refuses);
  if (url.searchParams.has("versioning")) return end(200, fake.versioning);
  if (url.searchParams.has("object-lock")) return error(404, "ObjectLockConfigurationNotFoundError");
  if (key === "" && request.method === "PUT") fake.objects ??= new Map();
  const { objects } = fake;
  if (objects === undefined) return error(404, "NoSuchBucket");
  if (key === "" && request.method === "GET") return end(200, listing(objects, url.searchParams));
  const found = objects.get(key);
  if (request.method === "GET") return found === undefined ? error(404, "NoSuchKey") : end(200, found);
  if (request.method === "PUT" && key !== "") objects.set(key, body);
  if (request.method === "DELETE") objects.delete(key);
  return end(200);
}

/** Two keys a page, so that whoever reads the first alone is found out. */
function listing(objects: ReadonlyMap<string, Buffer>, query: URLSearchParams): string {
  const keys = [...objects.keys()].filter((key) => key.startsWith(query.get("prefix") ?? "")).sort();
  const start = Number(query.get("continuation-token") ?? "0");
  const page = keys.slice(start, start + 2).map((key) => `<Contents><Key>${key}</Key></Contents>`);
  const next = start + 2 < keys.length ? `<NextContinuationToken>${start + 2}</NextContinuationToken>` : "";
  return `<ListBucketResult>${page.join("")}<IsTruncated>${String(next !== "")}</IsTruncated>${next}</ListBucketResult>`;
}
