import type { ImageFacts } from "../../model/images.ts";
import type { PageSpec } from "../../model/page.ts";
import type { RotatedSecretFacts } from "../../model/rotation.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import { migrated } from "../kit/migration-name.ts";
import { isSecretVariable } from "../kit/secret-variables.ts";
import { type DatabaseRequest, PASSWORD_REACHES } from "../postgres/roles.ts";
import type { Service } from "../service.ts";
import { databaseOf, factsOf, probeOf, type OwnServiceFacts } from "./preset.ts";
import { ownRole, roleName } from "./role.ts";
import { ownServiceRules } from "./rules.ts";
import { ownServices as settings } from "./settings.ts";
import { keepsData, volumeSizes } from "./volumes.ts";

type Own = Slice<{ services: typeof settings }>;

/** Every one of them with the defaults of its preset, whether it runs or not. */
export function ownServicesOf({ services }: Own): readonly (readonly [name: string, service: OwnServiceFacts])[] {
  return Object.entries(services).map(([name, given]) => [name, factsOf(given)] as const);
}

export const ownServices = {
  name: "own-services",
  title: "Your services",
  purpose: "Services that you add in the stack file, with an image of your own or with the app's.",
  guides: ["your-services.md"],
  settings: { services: settings },
  images: {},
  ownImages: (given: Own): Readonly<Record<string, ImageFacts>> =>
    Object.fromEntries(
      ownServicesOf(given).flatMap(([name, service]) =>
        service.image === undefined
          ? []
          : [
              [
                name,
                {
                  ...service.image,
                  ...((databaseOf(service) !== undefined || keepsData(service)) && {
                    touchesData: "it may migrate its own data when it starts",
                  }),
                },
              ],
            ],
      ),
    ),
  secretVariable: ({ services }: Own, workload: string, variable: string) => {
    const service = services[migrated(workload)];
    return service !== undefined && isSecretVariable(service, variable);
  },
  settingOf: ({ services }: Own, workload: string) =>
    Object.hasOwn(services, migrated(workload)) ? `services.${migrated(workload)}` : undefined,
  ownRotated: (given: Own): Readonly<Record<string, RotatedSecretFacts>> =>
    Object.fromEntries(
      ownServicesOf(given).flatMap(([name, service]) =>
        databaseOf(service) === undefined
          ? []
          : [[`postgres-provision-${roleName(name)}`, { reaches: PASSWORD_REACHES, restarts: `the service ${name}` }]],
      ),
    ),
  rules: ownServiceRules,
  sizes: (given: Own): readonly Size[] =>
    ownServicesOf(given).map(([name, service]) => ({
      workload: name,
      resources: service.resources,
      // Its volumes stay while it is off.
      replicas: service.enabled ? service.replicas : 0,
      volumes: volumeSizes(name, service),
    })),
  ownPages: (given: Own): readonly PageSpec<unknown>[] =>
    ownServicesOf(given).flatMap(([name, service]) => {
      const { route, port, balancing, enabled, replicas, autoscaling } = service;
      if (route === undefined || port === undefined) return [];
      const probe = probeOf(service);
      const spread = replicas > 1 || autoscaling !== undefined;
      const healthPath = probe?.kind === "http" && spread ? (probe.readyPath ?? probe.path) : undefined;
      return [
        {
          name,
          label: route.subdomain,
          host: route.host,
          ...(route.path !== undefined && { path: route.path }),
          port,
          audience: route.audience,
          ...(route.ownLogin && { ownLogin: true }),
          rate: route.rate,
          healthPath: () => healthPath,
          hidden: () => route.hidden,
          headers: () => route.headers,
          balancing: () => balancing,
          on: () => enabled,
        },
      ];
    }),
  roles: (given: Own): readonly DatabaseRequest[] =>
    ownServicesOf(given).flatMap(([name, service]) => ownRole(name, service) ?? []),
} as const satisfies Service;
