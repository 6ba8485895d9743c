import type { InventoryVolume } from "../../../components/model/inventory.ts";
import type { IfForgotten, VolumeBackup } from "../../../components/model/volume.ts";
import { pageHost } from "../../../components/model/page.ts";
import type { Exposure } from "../../../components/model/ports.ts";
import type { Service } from "../../../components/services/service.ts";
import { CATALOGUE } from "../../../components/services/catalogue.ts";
import { stackFileSchema } from "../../../components/stack/json-schema.ts";
import type { Settings } from "../../../components/stack/settings.ts";
import { table } from "../page.ts";
import { databasesOf, EXAMPLES, type TargetFacts } from "./facts.ts";
import { onTargets, suffix } from "./merged.ts";

type Own = Service<Settings>;
type Lines = Promise<readonly string[]>;

const code = (text: string) => `\`${text}\``;
const codes = (names: readonly string[]) => names.map(code).join(", ");
/** Where a heading of docs/settings.md is. */
const setting = (key: string) => `[\`apprun:${key}\`](../settings.md#apprun${key.toLowerCase()})`;

const workloadsOf = ({ name }: Own, facts: TargetFacts) =>
  facts.workloads.filter(({ name: workload }) => facts.ownerOf(workload) === name && !EXAMPLES.includes(workload));

/** Workloads, schedules and jobs with image and limits. */
export async function parts(service: Own): Lines {
  const found = await onTargets((facts) =>
    workloadsOf(service, facts).map(({ name, kind, image, resources: { limits } }) => ({ name, kind, image, limits })),
  );
  if (found.length === 0) return [];
  const rows = found.map(({ fact: { name, kind, image, limits }, only }) => {
    const { repository, tag } = CATALOGUE[image as keyof typeof CATALOGUE];
    return [code(name), kind, code(`${repository}:${tag}`), `${limits.cpu} CPU, ${limits.memory}`, only || "both"];
  });
  return ["## What runs", "", table([["name", "kind", "image", "limits", "target"], ...rows])];
}

const REACHED: Readonly<Record<Exposure, string>> = {
  public: "everybody",
  loopback: "the host",
  proxied: "the way in",
  internal: "the stack",
};

/** Ports and pages. */
export async function ports(service: Own): Lines {
  const found = await onTargets((facts) =>
    workloadsOf(service, facts).flatMap(({ name, ports: all }) =>
      all.map(({ name: port, port: number, exposure }) => ({ name, port, number, exposure })),
    ),
  );
  const pages = (service.pages ?? []).map(
    ({ name, label, path = "", audience }) =>
      `- Page ${code(name)}: ${code(`${pageHost({ label }, "DOMAIN")}${path}`)}, for ${audience === "team" ? "operators" : "users"}`,
  );
  if (found.length + pages.length === 0) return [];
  return [
    "## Ports and pages",
    "",
    table([
      ["of", "name", "port", "open to", "target"],
      ...found.map(({ fact: { name, port, number, exposure }, only }) => [
        code(name),
        port,
        String(number),
        REACHED[exposure],
        only || "both",
      ]),
    ]),
    ...(pages.length > 0 ? [...pages, ""] : []),
  ];
}

/** Arrows in both directions. */
export async function connections(service: Own): Lines {
  const inner = await onTargets((facts) => {
    const own = workloadsOf(service, facts).map(({ name }) => name);
    return facts.workloads
      .filter(({ name }) => !EXAMPLES.includes(name) && !own.includes(name))
      .filter(({ connectsTo }) => connectsTo.some((to) => own.includes(to)))
      .map(({ name }) => name);
  });
  const outer = await onTargets((facts) => {
    const own = workloadsOf(service, facts);
    return [...new Set(own.flatMap(({ connectsTo }) => connectsTo))]
      .filter((to) => !own.some(({ name }) => name === to) && !EXAMPLES.includes(to))
      .sort();
  });
  const list = (found: typeof inner) => found.map(({ fact, only }) => `${code(fact)}${suffix(only)}`).join(", ");
  const lines = [
    ...(inner.length > 0 ? [`- Connected to by ${list(inner)}.`] : []),
    ...(service.target === undefined
      ? []
      : [`- [Your services](../your-services.md) connect with ${code(`connectsTo: [${service.target.name}]`)}.`]),
    ...(outer.length > 0 ? [`- Connects to ${list(outer)}.`] : []),
  ];
  return lines.length === 0 ? [] : ["## Connections", "", ...lines, ""];
}

/** Volumes and databases, each with what backups do. */
export async function data(service: Own): Lines {
  const volumes = await onTargets((facts) => {
    const mounted = workloadsOf(service, facts).flatMap(({ writes }) => writes);
    const sized = service.sizes(facts.settings).flatMap(({ volumes: all = {} }) => Object.keys(all));
    return facts.volumes
      .filter(({ name }) => sized.includes(name) || (mounted.includes(name) && facts.ownerOf(name) === service.name))
      .filter(({ name }) => !EXAMPLES.some((example) => name.startsWith(`${example}-`)))
      .map(({ id: _, ...volume }) => volume);
  });
  const databases = await onTargets((facts) =>
    databasesOf(service, facts).flatMap(({ role, databases: owned }) => owned.map((database) => ({ database, role }))),
  );
  const lines = [
    ...volumes.map(({ fact, only }) => `- Volume ${code(fact.name)}, ${fact.size}${suffix(only)}: ${kept(fact)}.`),
    ...databases.map(
      ({ fact: { database, role } }) =>
        `- Database ${code(database)} of the role ${code(role)}: dumped into each backup set.`,
    ),
  ];
  return lines.length === 0 ? [] : ["## Data", "", ...lines, ""];
}

function kept({ retention, backup, ifForgotten }: Omit<InventoryVolume, "id">): string {
  if (retention === "cache" || backup === undefined) return "may be rebuilt, and goes with the stack";
  return `kept by every update${backedUp(backup)}${takenUp(ifForgotten)}`;
}

function backedUp(backup: VolumeBackup): string {
  if ("leftOut" in backup) return `. Backups leave it out: ${backup.leftOut}`;
  const { except = [] } = backup.files;
  return `, and in each backup set${except.length > 0 ? ` without ${codes(except)}` : ""}`;
}

const TAKE_DATA = "[`up --take-data`](../operating.md#a-service-off-and-on-again)";

/** After the service was off. */
function takenUp(ifForgotten: IfForgotten | undefined): string {
  if (ifForgotten === undefined) return `. ${TAKE_DATA} takes it up again`;
  return "never" in ifForgotten
    ? `. ${TAKE_DATA} refuses it: ${ifForgotten.never}`
    : `. ${TAKE_DATA} takes it up again: ${ifForgotten.then}`;
}

interface Flags {
  readonly properties: {
    readonly config: {
      readonly properties: Readonly<
        Record<string, { readonly properties?: { readonly enabled?: { readonly default?: boolean } } }>
      >;
    };
  };
}

/** Settings and secrets that govern it. */
export function settings(service: Own): readonly string[] {
  const { properties } = (stackFileSchema("apprun") as unknown as Flags).properties.config;
  const keys = Object.keys(service.settings).map((key) => {
    const on = properties[`apprun:${key}`]?.properties?.enabled?.default;
    return `- ${setting(key)}${on === undefined ? "" : `: ${on ? "on" : "off"} by default (${code("enabled")})`}`;
  });
  const flags = Object.keys(service.exporters ?? {}).map(
    (flag) => `- ${setting("exporters")}: ${code(flag)} switches its exporter on or off`,
  );
  const given = Object.entries(service.givenSecrets ?? {}).map(
    ([key, what]) => `- Secret ${code(`apprun:${key}`)}: ${what}`,
  );
  const lines = [...keys, ...flags, ...given];
  return lines.length === 0 ? [] : ["## Settings", "", ...lines, ""];
}

/** Credentials that operators read, and generated secrets. */
export async function credentials(service: Own): Lines {
  const found = await onTargets((facts) => facts.credentials.filter((name) => ownsCredential(service, name, facts)));
  const rotated = Object.keys(service.rotated ?? {});
  const lines = [
    ...found.map(({ fact, only }) => `- ${code(`npm run credentials -- ${fact}`)}${suffix(only)}`),
    ...(rotated.length > 0 ? [`- Generated and [rotated](../rotation.md): ${codes(rotated)}`] : []),
    ...Object.entries(service.dataKeys ?? {}).map(
      ([key, { stays }]) => `- Key of data: ${code(key)}${stays === undefined ? "" : ", which cannot be rotated"}`,
    ),
  ];
  return lines.length === 0 ? [] : ["## Credentials", "", ...lines, ""];
}

/** Named after the service, one of its workloads or pages, or a role of its own. */
function ownsCredential(service: Own, credential: string, facts: TargetFacts): boolean {
  const names = [
    service.name,
    ...workloadsOf(service, facts).map(({ name }) => name),
    ...(service.pages ?? []).map(({ name }) => name),
    ...databasesOf(service, facts).map(({ role }) => role),
  ];
  return (
    names.includes(credential) ||
    names.some((name) => credential === `${name}-database`) ||
    (credential.startsWith(`${service.name}-`) && !names.includes(credential))
  );
}

/** The commands that read its lines. */
export async function logs(service: Own): Lines {
  const found = await onTargets((facts) => workloadsOf(service, facts).flatMap(({ name }) => name));
  if (found.length === 0) return [];
  return [
    "## Logs",
    "",
    `${found.map(({ fact, only }) => `${code(`npm run logs -- ${fact}`)}${suffix(only)}`).join(", ")}.`,
    "",
  ];
}
