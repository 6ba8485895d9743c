import { IMAGE_NAMES, targets } from "../../services/catalogue.ts";
import { migrated } from "../../services/kit/migration-name.ts";
import { ownServicesOf } from "../../services/own-services/index.ts";
import { databaseOf } from "../../services/own-services/preset.ts";
import { roleName } from "../../services/own-services/role.ts";
import type { Service } from "../../services/service.ts";
import { problem, type Rule } from "../../settings/kit/rule.ts";
import { nearestOf } from "../../settings/kit/unknown-key.ts";
import type { SettingsProblem } from "../../settings/kit/settings-problem.ts";
import { databaseRoles } from "../database-roles.ts";
import { circleFrom } from "../own-services-order.ts";
import { isReservedRole } from "./databases.ts";
import { pagesOf } from "../pages.ts";
import type { Settings } from "../settings.ts";

/** What the platform makes that is named after no service: the app's objects, routes and rules of a cluster's network. */
const PLATFORM_NAMES = ["apprun", "route", "allow", "default", "image", "network", "loki", "alloy", "backups"];

/** What own services have to do with all others. */
export function ownServicesRules(services: readonly Service<Settings>[]): readonly Rule<Settings>[] {
  return [
    (settings) => Object.keys(settings.services).flatMap((name) => nameProblem(name, services) ?? []),
    (settings) => connectionProblems(settings, services),
    circleProblem,
    (settings) => pageProblems(settings, services),
    (settings) => roleProblems(settings, services),
  ];
}

/** Words that begin the names of what the platform makes. */
export function reservedNames(services: readonly Service<Settings>[]): ReadonlySet<string> {
  const words = (name: string) => name.replaceAll(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
  return new Set([
    ...PLATFORM_NAMES,
    ...IMAGE_NAMES.map(words),
    ...services.flatMap(({ name, images, pages = [] }) => [
      name,
      ...Object.keys(images).map(words),
      ...pages.map((page) => page.name),
    ]),
  ]);
}

function nameProblem(name: string, services: readonly Service<Settings>[]): SettingsProblem | undefined {
  const [first = ""] = name.split("-");
  const taken = [...reservedNames(services)].find((reserved) => name === reserved || first === reserved);
  if (taken !== undefined)
    return problem(
      `services.${name}`,
      "a name that the platform uses",
      `names that do not begin with "${taken}"`,
      "choose another",
    );
  if (migrated(name) !== name)
    return problem(`services.${name}`, "a name that ends like a migration's", "names without it", "rename it");
  return /-\d+$/.test(name)
    ? problem(
        `services.${name}`,
        "a name that ends like a replica's",
        "names without a number at their end",
        "rename it",
      )
    : undefined;
}

function connectionProblems(settings: Settings, services: readonly Service<Settings>[]): readonly SettingsProblem[] {
  const all = targets(services);
  const own = ownServicesOf(settings);
  const names = [...all.map(({ name }) => name), ...own.map(([name]) => name)].sort();
  return own.flatMap(([name, { connectsTo, enabled }]) =>
    connectsTo.flatMap((target): readonly SettingsProblem[] => {
      const path = `services.${name}.connectsTo`;
      const got = JSON.stringify(target);
      const known = all.find((each) => each.name === target);
      const other = own.find(([each]) => each === target)?.[1];
      if (target === name) return [problem(path, got, "others", "remove it")];
      if (known === undefined && other === undefined) {
        const near = nearestOf(target, names);
        return [problem(path, got, names.join(", "), near === undefined ? "remove it" : `did you mean "${near}"?`)];
      }
      if (known?.on !== undefined && !known.on.isOn(settings))
        return [
          problem(path, `${got}, which is off`, "what is on", `set apprun:${known.on.setting} to true, or remove it`),
        ];
      return other !== undefined && enabled && (!other.enabled || other.schedule !== undefined)
        ? [problem(path, `${got}, which does not run all the time`, "services that do", "remove it")]
        : [];
    }),
  );
}

function circleProblem(settings: Settings): SettingsProblem | undefined {
  const own = ownServicesOf(settings);
  for (const [name] of own) {
    const circle = circleFrom(name, own);
    if (circle !== undefined && circle.length > 2)
      return problem(
        `services.${name}.connectsTo`,
        `a circle: ${circle.join(" -> ")}`,
        "services that start one after the other",
        "remove one of the connections",
      );
  }
  return undefined;
}

function pageProblems(settings: Settings, services: readonly Service<Settings>[]): readonly SettingsProblem[] {
  const pages = pagesOf(settings, services);
  const key = ({ host, path = "/" }: (typeof pages)[number]) => `${host}${path}`;
  return ownServicesOf(settings).flatMap(([name]) => {
    const page = pages.find((each) => each.name === name);
    const first = page && pages.find((each) => key(each) === key(page));
    return page !== undefined && first !== undefined && first !== page
      ? [
          problem(
            `services.${name}.route`,
            `${key(page)}, where the page ${first.name} is`,
            "a host and path that are free",
            "set subdomain or path",
          ),
        ]
      : [];
  });
}

function roleProblems(settings: Settings, services: readonly Service<Settings>[]): readonly SettingsProblem[] {
  const roles = databaseRoles(settings, services);
  return ownServicesOf(settings).flatMap(([name, service]) => {
    const role = roleName(name);
    const taken =
      isReservedRole(role) || roles.filter((each) => each.role === role || each.databases.includes(role)).length > 1;
    return databaseOf(service) !== undefined && taken
      ? [problem(`services.${name}`, `the role "${role}" of PostgreSQL`, "a role that is free", "rename the service")]
      : [];
  });
}
