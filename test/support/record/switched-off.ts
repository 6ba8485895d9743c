import { mebibytes, type Bytes } from "../../../components/model/units.ts";
import type { Service } from "../../../components/services/service.ts";
import type { Settings } from "../../../components/stack/settings.ts";
import { EVERYTHING, type recordEverything, type Target } from "../../everything.ts";

export type Changes = Parameters<typeof recordEverything>[1] & object;
type Section = Readonly<Record<string, unknown>>;

/** Switches that no default of a section of the service's own shows. */
const OFF: Readonly<Record<string, Changes>> = {
  seaweedfs: { storage: { mode: "local" }, seaweedfs: undefined },
};

/** Services without a switch, and why. */
export const ALWAYS: Readonly<Record<string, string>> = {
  app: "it is what the stack is for",
  postgres: "every stack has a server, its own or another's",
  cache: "every stack has a cache, its own or another's",
  kratos: "it is the login",
  prometheus: "its alerts have a receiver in this stack: test/stack/monitoring.test.ts",
  alertmanager: "its alerts have a receiver in this stack: test/stack/monitoring.test.ts",
  backup: "its remote copy has keys in this stack: test/stack/remote-backups.test.ts",
  proxy: "a Docker host has no other way in",
  tunnel: "cloudflare.enabled is no switch of a service: test/edge",
  host: "exporters.host is no switch of a service: test/services/host",
  cluster: "exporters.kubernetes is no switch of a service: test/services/cluster",
  "own-services": "each is switched by itself: test/services/own-services",
};

/** The settings that switch a service on, as in the stack with everything on. */
export function switchedOn(target: Target, { name, settings }: Service<Settings>): Readonly<Record<string, Section>> {
  const every = EVERYTHING[target] as Readonly<Record<string, Section | undefined>>;
  return Object.fromEntries(Object.keys({ ...settings, ...OFF[name] }).map((key) => [key, every[key] ?? {}]));
}

/** The settings that switch a service off, or nothing where it is always there. */
export function switchedOff({ name, settings }: Service<Settings>): Changes | undefined {
  if (name in OFF) return OFF[name];
  if (name in ALWAYS) return undefined;
  const section = Object.keys(settings).find((key) => "enabled" in (settings[key]?.parse(undefined) as object));
  return section === undefined ? undefined : { [section]: { enabled: false } };
}

interface Limited {
  readonly requests: object;
  readonly limits: { readonly memory: Bytes };
}

/** A setting of a service that is on, changed: 16 MiB more. Nothing where it is off, or has no limits to set. */
export function moreMemory(service: Service<Settings>, settings: Settings): Changes | undefined {
  if (service.sizes(settings).length === 0) return undefined;
  for (const key of Object.keys(service.settings)) {
    const section = (settings as unknown as Readonly<Record<string, { resources?: Limited } | undefined>>)[key];
    if (section?.resources === undefined) continue;
    const { limits } = section.resources;
    const resources = { ...section.resources, limits: { ...limits, memory: `${mebibytes(limits.memory) + 16}Mi` } };
    return { [key]: { resources } };
  }
  return undefined;
}

/** A newer tag of the same line: the last number of a version of three is higher, a shorter one gets another number. */
export function newerTag(tag: string): string {
  const [, before = "", version = "", after = ""] = /^(\D*)(\d+(?:\.\d+)*)(.*)$/.exec(tag) ?? [];
  const numbers = version.split(".");
  const newer =
    numbers.length > 2 ? [...numbers.slice(0, -1), String(Number(numbers.at(-1)) + 90)] : [...numbers, "90"];
  return `${before}${newer.join(".")}${after}`;
}
