import type { Output } from "@pulumi/pulumi";
import { stringify } from "yaml";
import { type Database, trustPath } from "../postgres/database.ts";

export const DYNAMIC_CONFIG_PATH = "/etc/temporal/config/dynamicconfig/docker.yaml";

/** The server does not start without this file. */
export const DYNAMIC_CONFIG = stringify({ "limit.maxIDLength": [{ value: 255, constraints: {} }] });

export interface TemporalConfigArgs {
  readonly store: Database;
  readonly visibility: Database;
  readonly historyShards: number;
}

/** gRPC and membership ports of the four roles, as in the server's own template. */
const ROLES = {
  frontend: { grpcPort: 7233, membershipPort: 6933, httpPort: 7243 },
  matching: { grpcPort: 7235, membershipPort: 6935 },
  history: { grpcPort: 7234, membershipPort: 6934 },
  worker: { grpcPort: 7239, membershipPort: 6939 },
};

/** The server's whole configuration; secret, because it reads the password from here only. */
export function temporalConfiguration({ store, visibility, historyShards }: TemporalConfigArgs): Output<string> {
  return store.password.apply((password) => {
    const datastore = ({ name, role, server }: Database, maxConns: number) => ({
      sql: {
        pluginName: "postgres12",
        databaseName: name,
        connectAddr: `${server.host}:${server.port}`,
        connectProtocol: "tcp",
        user: role,
        password,
        maxConns,
        maxIdleConns: maxConns,
        maxConnLifetime: "1h",
        ...(server.sslMode !== "disable" && {
          tls: {
            enabled: true,
            ...(server.ca !== undefined && { caFile: trustPath(server) }),
            ...(server.sslMode === "verify-full"
              ? { enableHostVerification: true, serverName: server.host }
              : { enableHostVerification: false }),
          },
        }),
      },
    });
    return stringify({
      log: { stdout: true, level: "info" },
      persistence: {
        numHistoryShards: historyShards,
        defaultStore: "default",
        visibilityStore: "visibility",
        datastores: {
          default: datastore(store, STORE_CONNECTIONS),
          visibility: datastore(visibility, VISIBILITY_CONNECTIONS),
        },
      },
      global: {
        // One server runs all four roles, so they find each other on its loopback.
        membership: { maxJoinDuration: "30s", broadcastAddress: "127.0.0.1" },
        metrics: { prometheus: { timerType: "histogram", listenAddress: "0.0.0.0:9090" } },
      },
      services: Object.fromEntries(
        Object.entries(ROLES).map(([role, ports]) => [role, { rpc: { ...ports, bindOnIP: "0.0.0.0" } }]),
      ),
      clusterMetadata: {
        enableGlobalNamespace: false,
        failoverVersionIncrement: 10,
        masterClusterName: "active",
        currentClusterName: "active",
        clusterInformation: {
          active: {
            enabled: true,
            initialFailoverVersion: 1,
            rpcName: "frontend",
            rpcAddress: "127.0.0.1:7233",
            httpAddress: "127.0.0.1:7243",
          },
        },
      },
      dcRedirectionPolicy: { policy: "noop" },
      archival: { history: { state: "disabled" }, visibility: { state: "disabled" } },
      dynamicConfigClient: { filepath: DYNAMIC_CONFIG_PATH, pollInterval: "60s" },
    });
  });
}

/** Connections of each pool: half of the defaults of the server’s own template, so that four roles fit beside the app. */
const STORE_CONNECTIONS = 10;
const VISIBILITY_CONNECTIONS = 5;

/** Each of the four roles opens both pools. */
export const TEMPORAL_CONNECTIONS = 4 * (STORE_CONNECTIONS + VISIBILITY_CONNECTIONS);
