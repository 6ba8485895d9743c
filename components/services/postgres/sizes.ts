import { chooseImage, type ImageSettings } from "../../model/images.ts";
import { majorVersion } from "../../model/postgres-version.ts";
import type { Size } from "../../model/size.ts";
import type { Bytes } from "../../model/units.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import type { backup } from "../backup/settings.ts";
import { watched, type Watched } from "../kit/watched.ts";
import { POSTGRES_IMAGES } from "./images.ts";
import type { postgres } from "./settings.ts";

type Sized = Slice<{ postgres: typeof postgres; backup: typeof backup }> & {
  readonly images: ImageSettings;
} & Watched<"postgres">;

/** The server, its volumes and its exporter. */
export function postgresSizes(settings: Sized): readonly Size[] {
  const { mode, resources, operator } = settings.postgres;
  const server: readonly Size[] =
    mode === "external"
      ? []
      : [
          {
            workload: "postgres",
            resources,
            replicas: mode === "operator" ? operator.instances : 1,
            volumes: volumes(settings),
          },
        ];
  return [...server, ...watched("postgres", settings)];
}

function volumes({ postgres, backup, images }: Sized): Readonly<Record<string, Bytes>> {
  const { mode, storage, operator, upgradeFrom } = postgres;
  const named = (names: readonly string[], size: Bytes) =>
    Object.fromEntries(names.map((name) => [`postgres-${name}`, size]));
  // Every instance of a cluster has a volume of its own, which the operator names.
  if (mode === "operator")
    return named(
      Array.from({ length: operator.instances }, (_, index) => String(index + 1)),
      storage,
    );
  const major = majorVersion(chooseImage("postgres", POSTGRES_IMAGES.postgres, images));
  // An older major's volumes stay beside those in use.
  const majors = [major, ...(upgradeFrom === undefined ? [] : [String(upgradeFrom)])];
  return {
    ...named(majors, storage),
    ...(backup.pointInTime.enabled &&
      named(
        majors.map((version) => `${version}-wal`),
        backup.pointInTime.storage,
      )),
  };
}
