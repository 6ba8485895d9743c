import { address, fact } from "../kit/fact.ts";
import type { Link } from "../kit/link.ts";
import type { Centrifugo } from "./centrifugo.ts";
import { WEBSOCKET_PATH } from "./config.ts";

/** What the app is told: where it publishes, what it signs tokens with, and where it sends clients. */
export function centrifugoLink({
  url,
  internal,
  apiKey,
  tokenSecret,
  ready,
}: Pick<Centrifugo, "url" | "internal" | "apiKey" | "tokenSecret" | "ready">): Link {
  const apiUrl = `http://${internal.address}/api`;
  const websocketUrl = new URL(WEBSOCKET_PATH, url.replace(/^http/, "ws")).href;
  return {
    facts: {
      "realtime.apiUrl": address(apiUrl),
      "realtime.websocketUrl": address(websocketUrl),
      "realtime.apiKey": fact(apiKey),
      "realtime.tokenSecret": fact(tokenSecret),
    },
    environment: { CENTRIFUGO_API_URL: apiUrl, CENTRIFUGO_WEBSOCKET_URL: websocketUrl },
    secrets: {
      CENTRIFUGO_API_KEY: { file: "centrifugo-api-key", content: apiKey },
      CENTRIFUGO_TOKEN_SECRET: { file: "centrifugo-token-secret", content: tokenSecret },
    },
    connectsTo: [internal],
    dependsOn: [ready],
  };
}
