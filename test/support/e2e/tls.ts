import { once } from "node:events";
import { request } from "node:https";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { answerOf, type Answer } from "./answer.ts";

export interface SecureRequest {
  readonly method?: string;
  readonly body?: string | Buffer;
  /** Sends the body without saying how long it is. @default false */
  readonly chunked?: boolean;
  readonly headers?: Record<string, string>;
  readonly tls?: ConnectionOptions;
}

/** Asks the proxy's HTTPS port for a page by host name. */
export function getSecure(
  port: number,
  host: string,
  path: string,
  { method = "GET", body, chunked = false, headers = {}, tls = {} }: SecureRequest = {},
): Promise<Answer> {
  const length = body === undefined || chunked ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port,
        path,
        method,
        servername: host,
        agent: false,
        timeout: 20_000,
        headers: { Host: host, ...length, ...headers },
        ...tls,
      },
      (response) => {
        answerOf(response).then(resolve, reject);
      },
    );
    call.on("error", reject);
    call.on("timeout", () => call.destroy(new Error("timeout")));
    call.end(body);
  });
}

/** Opens a TLS connection and ends it; rejects when the handshake fails. */
export async function handshake(
  port: number,
  options: ConnectionOptions,
): Promise<{ protocol: string | null; authorized: boolean; names: string; subject: string }> {
  const socket: TLSSocket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
  await once(socket, "secureConnect");
  const { subjectaltname = "", subject } = socket.getPeerCertificate();
  const seen = {
    protocol: socket.getProtocol(),
    authorized: socket.authorized,
    names: subjectaltname,
    subject: subject.CN as string,
  };
  socket.destroy();
  return seen;
}
