import Cloudflare, { APIError, NotFoundError } from "cloudflare";
import { CliError, reasonOf } from "../kit/exit.ts";
import type { EdgeKind, EdgeObject } from "./edge-orphans.ts";

/** What the sweeper asks of Cloudflare. */
export interface EdgeAccount {
  /**
   * Everything that could be a stack's.
   * @throws CliError for what the token may not list
   */
  objects(): Promise<readonly EdgeObject[]>;
  /**
   * What is gone already is no error.
   * @throws Error with what Cloudflare said
   */
  remove(object: EdgeObject): Promise<void>;
}

export interface CloudflareAccountArgs {
  readonly token: string;
  readonly accountId: string;
  readonly zones: readonly { readonly name: string; readonly id?: string | undefined }[];
  /** @default - Cloudflare's own */
  readonly apiUrl?: string | undefined;
}

/** Records in a page: the API's default makes fifty calls for a large zone. */
const RECORDS_PER_PAGE = 1000;

/** Cloudflare's API, or what speaks it. */
export function cloudflareAccount({ token, accountId, zones, apiUrl }: CloudflareAccountArgs): EdgeAccount {
  const client = new Cloudflare({
    apiToken: token,
    // What else the environment may hold is not for this.
    ...{ apiKey: null, apiEmail: null, userServiceKey: null },
    baseURL: apiUrl?.replace(/\/$/, "") ?? null,
  });
  const { access, tunnels } = client.zeroTrust;
  const account = { account_id: accountId };

  const zoneIds = () =>
    listed("zones", async () => {
      const ids: string[] = [];
      for (const { name, id } of zones) {
        if (id !== undefined) ids.push(id);
        else for await (const zone of client.zones.list({ name })) ids.push(zone.id);
      }
      return ids;
    });
  const records = async (zone: string): Promise<EdgeObject[]> => {
    const found: EdgeObject[] = [];
    for await (const { id, name, comment } of client.dns.records.list({ zone_id: zone, per_page: RECORDS_PER_PAGE }))
      found.push({ kind: "DNS record", id, name, mark: comment ?? "", zone });
    return found;
  };
  const named = (kind: EdgeKind, list: () => AsyncIterable<{ readonly id?: string; readonly name?: string }>) =>
    listed(`${kind}s`, async () => {
      const found: EdgeObject[] = [];
      for await (const { id = "", name = "" } of list()) found.push({ kind, id, name, mark: name });
      return found;
    });
  const removals: Record<EdgeKind, (object: EdgeObject) => PromiseLike<unknown>> = {
    "DNS record": ({ id, zone = "" }) => client.dns.records.delete(id, { zone_id: zone }),
    "Access application": ({ id }) => access.applications.delete(id, account),
    "Access policy": ({ id }) => access.policies.delete(id, account),
    "Access service token": ({ id }) => access.serviceTokens.delete(id, account),
    tunnel: ({ id }) => tunnels.cloudflared.delete(id, account),
  };
  return {
    async objects() {
      const found: EdgeObject[] = [];
      for (const zone of await zoneIds()) found.push(...(await listed("DNS records", () => records(zone))));
      found.push(...(await named("Access application", () => access.applications.list(account))));
      found.push(...(await named("Access policy", () => access.policies.list(account))));
      found.push(...(await named("Access service token", () => access.serviceTokens.list(account))));
      found.push(...(await named("tunnel", () => tunnels.cloudflared.list({ ...account, is_deleted: false }))));
      return found;
    },
    async remove(object) {
      try {
        await removals[object.kind](object);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw new Error(messageOf(error));
      }
    },
  };
}

async function listed<T>(what: string, list: () => Promise<T>): Promise<T> {
  try {
    return await list();
  } catch (error) {
    throw new CliError({
      got: `${what} could not be listed: ${messageOf(error)}`,
      allowed: "a CLOUDFLARE_API_TOKEN with the permissions of docs/ci.md",
      fix: "set one; nothing was removed at Cloudflare",
    });
  }
}

/** The client's own message of a refusal is the whole answer. */
function messageOf(error: unknown): string {
  if (error instanceof APIError && error.errors.length > 0)
    return `${String(error.status)} ${error.errors.map(({ message }) => message).join(", ")}`;
  return reasonOf(error);
}
