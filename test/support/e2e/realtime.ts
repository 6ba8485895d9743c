import { createHmac } from "node:crypto";
import { once } from "node:events";
import { Centrifuge, type SubscribedContext } from "centrifuge";
import { WebSocket } from "ws";

/** A stack with Centrifugo, as its clients and its app see it. */
export interface Place {
  /** Where the way in listens, such as `127.0.0.1:10706`. */
  readonly address: string;
  /** Host name of the clients' route. */
  readonly host: string;
  /** Origin of the app's pages. */
  readonly origin: string;
  /** Runs a script in the app's own container and returns what it printed. */
  readonly inApp: (script: string) => Promise<string>;
}

export const CHANNEL = "news";
const PATH = "/connection/websocket";

/** Opens a connection as a browser on a page of an origin, and says with which status it was answered. */
export async function handshake({ address, host }: Place, origin: string): Promise<number> {
  const socket = new WebSocket(`ws://${address}${PATH}`, { headers: { Host: host, Origin: origin } });
  const answered = await Promise.race([
    once(socket, "open").then(() => 101),
    once(socket, "unexpected-response").then(([, response]) => (response as { statusCode: number }).statusCode),
  ]);
  socket.terminate();
  return answered;
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** A token of HS256. */
export function token(secret: string, claims: object): string {
  const text = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

/** What the app signs tokens with. */
export async function tokenSecret({ inApp }: Place): Promise<string> {
  return (await inApp('cat "$CENTRIFUGO_TOKEN_SECRET_FILE"')).trim();
}

const ASK = `curl -sf --max-time 5 --retry 60 --retry-delay 1 --retry-all-errors -H "X-API-Key: $(cat "$CENTRIFUGO_API_KEY_FILE")" -H "Content-Type: application/json"`;

/** A command of the API, from the app with what the app is given. */
export async function command({ inApp }: Place, name: string, body: object): Promise<unknown> {
  return JSON.parse(await inApp(`${ASK} -d '${JSON.stringify(body)}' "$CENTRIFUGO_API_URL/${name}"`)) as unknown;
}

/** Publishes numbers one after another, each until it is taken; a second try of the same is no second message. */
export async function publish({ inApp }: Place, from: number, to: number): Promise<void> {
  const body = `{\\"channel\\":\\"${CHANNEL}\\",\\"idempotency_key\\":\\"$n\\",\\"data\\":{\\"n\\":$n}}`;
  // A command that failed inside is answered with 200 and an error in its body.
  const taken = `${ASK} -d "${body}" "$CENTRIFUGO_API_URL/publish" | grep -q '"result":'`;
  await inApp(
    `for n in $(seq ${from} ${to}); do tries=0; until ${taken}; do tries=$((tries + 1)); [ $tries -lt 60 ] || exit 1; sleep 1; done; sleep 0.3; done`,
  );
}

/** How many clients each replica has, the fewest first. */
export async function replicas(place: Place): Promise<readonly number[]> {
  const { result } = (await command(place, "info", {})) as { result: { nodes: readonly { num_clients?: number }[] } };
  return result.nodes.map(({ num_clients = 0 }) => num_clients).sort();
}

/** A client on a page of the app, subscribed to one channel. */
export class Subscriber {
  /** Numbers that arrived, in their order. */
  readonly received: number[] = [];
  /** Each time that it was subscribed. */
  readonly subscriptions: Pick<SubscribedContext, "wasRecovering" | "recovered">[] = [];
  readonly #client: Centrifuge;

  constructor({ address, host, origin }: Place, secret: string, user: string) {
    class Socket extends WebSocket {
      constructor(url: string) {
        super(url, { headers: { Host: host, Origin: origin } });
      }
    }
    this.#client = new Centrifuge(`ws://${address}${PATH}`, {
      token: token(secret, { sub: user }),
      websocket: Socket,
      minReconnectDelay: 100,
      maxReconnectDelay: 1000,
    });
    const subscription = this.#client.newSubscription(CHANNEL, {
      token: token(secret, { sub: user, channel: CHANNEL }),
    });
    subscription.on("publication", ({ data }) => this.received.push((data as { n: number }).n));
    subscription.on("subscribed", ({ wasRecovering, recovered }) =>
      this.subscriptions.push({ wasRecovering, recovered }),
    );
    subscription.subscribe();
  }

  async connect(): Promise<this> {
    this.#client.connect();
    await this.#client.ready(30_000);
    await this.#client.getSubscription(CHANNEL)?.ready(30_000);
    return this;
  }

  disconnect(): void {
    this.#client.disconnect();
  }
}

/** The whole numbers of a range. */
export const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
