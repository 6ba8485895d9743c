import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Problem } from "../../../components/model/problem.ts";
import { isClosed, namespaceOfService } from "../../../components/platform/kubernetes/egress.ts";
import { namedHosts, type NamedHost } from "../../../components/stack/outside-servers.ts";
import type { Settings } from "../../../components/stack/settings.ts";

/** The addresses of a name; none where it is not known here. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** What names of servers are, and those that this machine does not know. */
export interface Resolved {
  readonly problems: readonly Problem[];
  readonly unknown: readonly NamedHost[];
}

/** Servers that the settings name and that are at addresses which no pod may reach. */
export async function egressProblems(settings: Settings, resolve: Resolve = addressesOf): Promise<Resolved> {
  const { kubernetes } = settings;
  const names = namedHosts(settings).filter(({ host }) => isIP(host) === 0 && namespaceOfService(host) === undefined);
  const looked = await Promise.all(names.map(async (named) => ({ named, addresses: await resolve(named.host) })));
  return {
    problems: looked.flatMap(({ named: { setting, host }, addresses }) => {
      const closed = addresses.filter((address) => isClosed(address, kubernetes));
      // A name with a public address of the other family is reached by that.
      return closed.length === 0 || closed.length < addresses.length
        ? []
        : [
            {
              got: `${setting}: ${host} is ${closed.join(", ")}, which network policies keep pods from`,
              allowed: "a public address, or one within kubernetes.egressCidrs",
              fix: "add its address or its network there",
            },
          ];
    }),
    unknown: looked.flatMap(({ named, addresses }) => (addresses.length === 0 ? [named] : [])),
  };
}

async function addressesOf(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}
