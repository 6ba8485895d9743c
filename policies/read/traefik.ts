import { parse } from "yaml";
import type { PolicyResource } from "../policy.ts";
import { dockerContainer, dockerLabels } from "./docker.ts";
import { PROXY } from "./proxy.ts";
import { exposuresOf } from "./exposure.ts";
import { LABELS } from "../../components/model/identity.ts";
import { at, list, record, text, texts } from "./values.ts";

/** A router of a Traefik configuration that a container uploads. */
export interface Router {
  readonly name: string;
  readonly entryPoints: readonly string[];
  readonly rule: string;
  readonly tls: boolean;
  /** Whether all that it does is to send clients on to HTTPS. */
  readonly redirects: boolean;
  /** Whether what is in front of the proxy ends TLS. */
  readonly endsInFront: boolean;
}

/** Whether a middleware of Traefik tells services that browsers came over HTTPS, which it does where something in front ends TLS. */
export function endsInFront(middleware: unknown): boolean {
  return at(middleware, "headers", "customRequestHeaders", "X-Forwarded-Proto") === "https";
}

/** Whether a middleware of Traefik sends clients on to HTTPS. */
export function redirectsToHttps(middleware: unknown): boolean {
  return at(middleware, "redirectScheme", "scheme") === "https";
}

/** Every router in the files of Docker containers. */
export function routersOf(resources: readonly PolicyResource[]): readonly Router[] {
  return resources
    .filter(({ type }) => type === "docker:index/container:Container")
    .flatMap(({ props }) => list(props["uploads"]).map(record))
    .filter(({ file }) => /traefik\/.*\.ya?ml$/.test(text(file) ?? ""))
    .flatMap(({ content }) => routers(parsed(text(content) ?? "")));
}

function routers(configuration: unknown): readonly Router[] {
  const middlewares = record(at(configuration, "http", "middlewares"));
  return Object.entries(record(at(configuration, "http", "routers"))).map(([name, value]) => {
    const { entryPoints, rule, tls, middlewares: chain } = record(value);
    return {
      name,
      entryPoints: texts(entryPoints),
      rule: text(rule) ?? "",
      tls: tls !== undefined && tls !== null,
      redirects: texts(chain).some((middleware) => redirectsToHttps(middlewares[middleware])),
      endsInFront: texts(chain).some((middleware) => endsInFront(middlewares[middleware])),
    };
  });
}

function parsed(yaml: string): unknown {
  try {
    return parse(yaml) as unknown;
  } catch {
    return {};
  }
}

/** Whether the proxy trusts what is in front of it where a port of it arrives. */
export function trustsFront(proxy: PolicyResource, target: number): boolean {
  const flags = dockerContainer(proxy).command.map((argument) => argument.toLowerCase());
  return flags.some((flag) => {
    const address = /^--entrypoints\.([\w-]+)\.address=.*:(\d+)(?:\/\w+)?$/.exec(flag);
    const trusts = [".forwardedheaders.trustedips=", ".proxyprotocol.trustedips="].map(
      (end) => `--entrypoints.${address?.[1] ?? ""}${end}`,
    );
    return Number(address?.[2]) === target && flags.some((other) => trusts.some((start) => other.startsWith(start)));
  });
}

/** Entry points of the proxy that are public and neither encrypt for every router nor send everything on to one that does. */
export function plainEntryPoints(resources: readonly PolicyResource[]): ReadonlySet<string> {
  const proxies = resources.filter((resource) => dockerLabels(resource)[LABELS.service] === PROXY);
  return new Set(
    proxies.flatMap((proxy) => {
      const { command } = dockerContainer(proxy);
      const open = new Set(exposuresOf(proxy).map(({ target }) => target));
      const flags = command.map((argument) => argument.toLowerCase());
      return flags.flatMap((flag) => {
        const address = /^--entrypoints\.([\w-]+)\.address=.*:(\d+)(?:\/\w+)?$/.exec(flag);
        if (address === null || !open.has(Number(address[2]))) return [];
        const name = address[1] ?? "";
        return flags.some(
          (other) =>
            other.startsWith(`--entrypoints.${name}.http.tls`) ||
            other.startsWith(`--entrypoints.${name}.http.redirections`),
        )
          ? []
          : [name];
      });
    }),
  );
}
