import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { exposuresOf } from "../read/exposure.ts";

/** Ports on which data or administration is reached, by what listens there. */
const DATA_PORTS: Readonly<Record<number, string>> = {
  2379: "etcd",
  3100: "Loki",
  3306: "MySQL",
  4222: "NATS",
  4434: "Kratos's administration",
  5432: "PostgreSQL",
  6379: "Redis",
  6432: "PgBouncer",
  7233: "Temporal",
  7234: "Waterflow",
  7687: "Neo4j",
  8123: "ClickHouse",
  8222: "NATS's monitoring",
  8233: "Temporal's web pages",
  9000: "object storage",
  9001: "object storage's console",
  14268: "Jaeger's collector",
};

export const noPublicDataPort: ResourcePolicy = {
  kind: "resource",
  name: "no-public-data-port",
  description: "Nothing that holds data or administers it listens on a public address. A published port passes the host's firewall.",
  enforcement: EVERYWHERE,
  allowed: "127.0.0.1, or no port at all",
  remedy: "make its port internal or loopback",
  check: (resource) =>
    exposuresOf(resource).flatMap(({ label, address, port, target }) => {
      const what = DATA_PORTS[target] ?? DATA_PORTS[port];
      return what === undefined ? [] : [`${label}: got ${what} on ${address}:${port}`];
    }),
};
