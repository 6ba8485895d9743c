import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { exposuresOf } from "../read/exposure.ts";

/**
 * Ports that IANA's registry of service names gives to databases and queues: what
 * somebody starts by hand has no network and no label of the stack's.
 */
const REGISTERED: Readonly<Record<number, string>> = {
  1433: "SQL Server",
  2379: "etcd",
  3306: "MySQL",
  5432: "PostgreSQL",
  5672: "AMQP",
  6379: "Redis",
  6432: "PgBouncer",
  7687: "Bolt",
  11211: "memcached",
  27017: "MongoDB",
};

export const noPublicDataPort: ResourcePolicy = {
  kind: "resource",
  name: "no-public-data-port",
  description: "Nothing that holds data listens on a public address. A published port passes the host's firewall.",
  enforcement: EVERYWHERE,
  allowed: "127.0.0.1, or no port at all",
  remedy: "make its port internal or loopback",
  check: (resource) =>
    exposuresOf(resource).flatMap(({ label, holdsData, address, port, target }) => {
      const what = REGISTERED[target] ?? REGISTERED[port] ?? (holdsData ? "data" : undefined);
      return what === undefined ? [] : [`${label}: got ${what} on ${address}:${port}`];
    }),
};
