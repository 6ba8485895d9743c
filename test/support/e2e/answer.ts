import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** What a server answered, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** Reads an answer to its end; rejects when the connection ends before. */
export async function answerOf(response: IncomingMessage): Promise<Answer> {
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}
