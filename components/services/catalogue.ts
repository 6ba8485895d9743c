import {
  chooseImage,
  repositoryOf,
  type CatalogueImage,
  type Image,
  type ImageFacts,
  type ImageSettings,
} from "../model/images.ts";
import type { RotatedSecretFacts } from "../model/rotation.ts";
import { alertmanager } from "./alertmanager/index.ts";
import { app } from "./app/index.ts";
import { backup } from "./backup/index.ts";
import { cache } from "./cache/index.ts";
import { centrifugo } from "./centrifugo/index.ts";
import { cluster } from "./cluster/index.ts";
import { grafana } from "./grafana/index.ts";
import { host } from "./host/index.ts";
import { jaeger } from "./jaeger/index.ts";
import { kratos } from "./kratos/index.ts";
import { logs } from "./logs/index.ts";
import { nats } from "./nats/index.ts";
import { ownServices } from "./own-services/index.ts";
import { pgbouncer } from "./pgbouncer/index.ts";
import { postgres } from "./postgres/index.ts";
import { postgrest } from "./postgrest/index.ts";
import { prometheus } from "./prometheus/index.ts";
import { proxy } from "./proxy/index.ts";
import { seaweedfs } from "./seaweedfs/index.ts";
import type { DataKey, Service, Target } from "./service.ts";
import { temporal } from "./temporal/index.ts";
import { tunnel } from "./tunnel/index.ts";

/** Every service that a stack can have: the one list. A page's order among others is its service's here. */
export const SERVICES = [
  proxy,
  tunnel,
  app,
  kratos,
  backup,
  postgres,
  pgbouncer,
  cache,
  nats,
  centrifugo,
  postgrest,
  seaweedfs,
  grafana,
  prometheus,
  alertmanager,
  jaeger,
  temporal,
  logs,
  cluster,
  host,
  ownServices,
] as const satisfies readonly Service[];

type Each = (typeof SERVICES)[number];
type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
type Flat<T> = { readonly [Key in keyof T]: T[Key] };
/** What all services have under one fact, merged: each key with the type that its service gave it. */
type Merged<Fact extends keyof Service> = Flat<
  Intersection<NonNullable<Extract<Each, Readonly<Record<Fact, unknown>>>[Fact]>>
>;

/** One fact of all services, merged. The types are the catalogue's; a longer list has more keys than they say. */
export function merged<
  Fact extends "settings" | "exporters" | "images" | "rotated" | "dataKeys" | "givenSecrets" | "light",
>(fact: Fact, services: readonly Service[] = SERVICES): Merged<Fact> {
  return Object.fromEntries(services.flatMap((service) => Object.entries(service[fact] ?? {}))) as Merged<Fact>;
}

/** Every image that the program can run. A stack overrides a tag or pins a digest with `images.pins`. */
export const CATALOGUE: Readonly<Record<ImageName, CatalogueImage>> = merged("images");
export type ImageName = keyof Merged<"images">;
export const IMAGE_NAMES = Object.keys(CATALOGUE) as readonly ImageName[];

/** Images that settings name in place of the catalogue's. */
export function ownImages<Settings>(
  settings: Settings,
  services: readonly Service<Settings>[],
): Readonly<Record<string, ImageFacts>> {
  return Object.fromEntries(services.flatMap(({ ownImages: own }) => Object.entries(own?.(settings) ?? {})));
}

/** What policies refuse, except where settings name it. */
export interface Named {
  /** Registry and path of each image. */
  readonly images: readonly string[];
  /** First labels of the host names of operators' pages. */
  readonly teamLabels: readonly string[];
  secretVariable(workload: string, variable: string): boolean;
  /** The setting that a workload comes from. */
  settingOf(workload: string): string | undefined;
}

/** What a stack's settings name. */
export function namedBy<Settings>(settings: Settings, services: readonly Service<Settings>[]): Named {
  return {
    images: Object.values(ownImages(settings, services)).map(repositoryOf),
    teamLabels: services
      .flatMap(({ ownPages }) => ownPages?.(settings) ?? [])
      .flatMap(({ audience, label, host = label }) =>
        audience === "team" && host !== undefined ? [host.split(".")[0] ?? ""] : [],
      ),
    secretVariable: (workload, variable) =>
      services.some(({ secretVariable }) => secretVariable?.(settings, workload, variable)),
    settingOf: (workload) =>
      services.map(({ settingOf }) => settingOf?.(settings, workload)).find((setting) => setting !== undefined),
  };
}

/** What `connectsTo` of own services can name besides each other. */
export function targets<Settings>(services: readonly Service<Settings>[]): readonly Target<Settings>[] {
  return services.flatMap(({ target }) => target ?? []);
}

/** Every generated secret of a stack that can be rotated. */
export function rotatedSecrets<Settings>(
  settings: Settings,
  services: readonly Service<Settings>[],
): Readonly<Record<string, RotatedSecretFacts>> {
  return {
    ...merged("rotated", services as readonly Service[]),
    ...Object.fromEntries(services.flatMap(({ ownRotated }) => Object.entries(ownRotated?.(settings) ?? {}))),
  };
}

/** The image of a name under the stack's settings. */
export function selectImage(name: ImageName, settings: ImageSettings = {}): Image {
  return chooseImage(name, CATALOGUE[name], settings);
}

/** Every generated secret that can be rotated. */
export const ROTATED_SECRETS: Readonly<Record<RotatedSecret, RotatedSecretFacts>> = merged("rotated");
export type RotatedSecret = keyof Merged<"rotated">;
export const ROTATED_SECRET_NAMES = (Object.keys(ROTATED_SECRETS) as RotatedSecret[]).sort();

/** Every key that data is encrypted with. */
export const DATA_KEYS: Merged<"dataKeys"> & Readonly<Record<string, DataKey>> = merged("dataKeys");
export type DataKeyName = keyof Merged<"dataKeys">;
