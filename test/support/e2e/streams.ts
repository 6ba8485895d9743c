import { connect as connectHttp2 } from "node:http2";
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import type { Readable } from "node:stream";

export type Protocol = "HTTP/1.1" | "HTTP/1.1 over TLS" | "HTTP/2";

export interface Asked {
  readonly protocol: Protocol;
  readonly port: number;
  readonly host: string;
  /** Sent as it is. */
  readonly path: string;
  readonly method?: string;
  readonly body?: string | Buffer | undefined;
  /** Sends the body without saying how long it is. @default false */
  readonly chunked?: boolean;
}

interface Opened {
  readonly status: number;
  readonly body: Readable;
  readonly end: () => void;
}

/** One request, of which the answer has begun. */
function open({ protocol, port, host, path, method = "GET", body, chunked = false }: Asked): Promise<Opened> {
  const length = body === undefined || chunked ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    if (protocol === "HTTP/2") {
      const session = connectHttp2(`https://127.0.0.1:${port}`, { servername: host, rejectUnauthorized: false });
      session.on("error", reject);
      const names = { ":method": method, ":path": path, ":authority": host, ...length };
      const stream = session.request(names, { endStream: body === undefined });
      stream.on("error", reject);
      stream.once("response", (headers) => {
        resolve({
          status: Number(headers[":status"]),
          body: stream,
          end: () => {
            session.destroy();
          },
        });
      });
      if (body !== undefined) stream.end(body);
      return;
    }
    const request = protocol === "HTTP/1.1" ? plainRequest : secureRequest;
    const options = {
      host: "127.0.0.1",
      port,
      path,
      method,
      agent: false,
      servername: host,
      rejectUnauthorized: false,
    };
    const headers = { Host: host, ...length, ...(chunked && { "transfer-encoding": "chunked" }) };
    const call = request({ ...options, headers }, (response) => {
      resolve({ status: response.statusCode ?? 0, body: response, end: () => call.destroy() });
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** The whole answer. */
export async function asked(what: Asked): Promise<{ status: number; body: string }> {
  const { status, body, end } = await open(what);
  let text = "";
  try {
    for await (const chunk of body) text += String(chunk);
  } finally {
    end();
  }
  return { status, body: text };
}

/** What arrives of a stream in some seconds: when its first and last event did, in milliseconds, and how many there were. */
export async function streamed(
  what: Asked,
  seconds: number,
): Promise<{ status: number; firstAfter: number; lastAfter: number; events: number }> {
  const started = Date.now();
  const { status, body, end } = await open(what);
  let [firstAfter, lastAfter, text] = [Infinity, 0, ""];
  body.on("data", (chunk: Buffer) => {
    lastAfter = Date.now() - started;
    firstAfter = Math.min(firstAfter, lastAfter);
    text += chunk.toString();
  });
  body.on("error", () => undefined);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  end();
  return { status, firstAfter, lastAfter, events: text.split("data: ").length - 1 };
}
