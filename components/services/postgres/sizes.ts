import { chooseImage, type ImageSettings } from "../../model/images.ts";
import { majorVersion } from "../../model/postgres-version.ts";
import type { Size } from "../../model/size.ts";
import type { Bytes } from "../../model/units.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import type { backup } from "../backup/settings.ts";
import { watched, type Watched } from "../kit/watched.ts";
import { POSTGRES_IMAGES } from "./images.ts";
import { REPLICA, replicaVolume } from "./replica/names.ts";
import type { postgres } from "./settings.ts";

type Sized = Slice<{ postgres: typeof postgres; backup: typeof backup }> & {
  readonly images: ImageSettings;
} & Watched<"postgres">;

/** The server, its replica, their volumes and the exporter. */
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
  return [...server, ...replica(settings), ...watched("postgres", settings)];
}

/** A second server of the same size. */
function replica({ postgres, images }: Sized): readonly Size[] {
  if (!postgres.replica.enabled) return [];
  const volumes = majorsOf({ postgres, images }).map((major) => [replicaVolume(major), postgres.storage] as const);
  return [{ workload: REPLICA, resources: postgres.resources, volumes: Object.fromEntries(volumes) }];
}

/** The major that is in use, and an older one whose volumes stay beside those. */
function majorsOf({ postgres, images }: Pick<Sized, "postgres" | "images">): readonly string[] {
  const major = majorVersion(chooseImage("postgres", POSTGRES_IMAGES.postgres, images));
  return [major, ...(postgres.upgradeFrom === undefined ? [] : [String(postgres.upgradeFrom)])];
}

function volumes({ postgres, backup, images }: Sized): Readonly<Record<string, Bytes>> {
  const { mode, storage, operator } = postgres;
  const named = (names: readonly string[], size: Bytes) =>
    Object.fromEntries(names.map((name) => [`postgres-${name}`, size]));
  // Every instance of a cluster has a volume of its own, which the operator names.
  if (mode === "operator")
    return named(
      Array.from({ length: operator.instances }, (_, index) => String(index + 1)),
      storage,
    );
  const majors = majorsOf({ postgres, images });
  return {
    ...named(majors, storage),
    ...(backup.pointInTime.enabled &&
      named(
        majors.map((version) => `${version}-wal`),
        backup.pointInTime.storage,
      )),
  };
}
