import { selectImage } from "../../components/services/catalogue.ts";
import { libraryOf, majorVersion } from "../../components/model/postgres-version.ts";
import { parseImage } from "../../policies/read/image.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";
import { imageReferences, registered } from "./image-references.ts";
import { resourceName, type State, type StateResource } from "./state.ts";

/** What the names of the volumes beside a major's data end with. */
export const BESIDE = ["-wal", "-replica"] as const;

const VOLUME_TYPES = ["docker:index/volume:Volume", "kubernetes:core/v1:PersistentVolumeClaim"];

/** What a state has of PostgreSQL's data. */
export interface MajorsInState {
  /** The volumes by major version, such as `15`. */
  readonly volumes: ReadonlyMap<string, StateResource>;
  /** The volumes beside those, by major version too: archived write-ahead log, and a replica's copy. */
  readonly beside: ReadonlyMap<string, readonly StateResource[]>;
  /** The major that the server runs; without a server the newest of the volumes. */
  readonly inUse: string | undefined;
}

export function majorsInState({ resources = [] }: State): MajorsInState {
  const volumes = new Map<string, StateResource>();
  const beside = new Map<string, StateResource[]>();
  for (const resource of resources) {
    const [, major, suffix = ""] = /^postgres-(\d+)(-\w+)?$/.exec(resourceName(resource.urn)) ?? [];
    if (major === undefined || !VOLUME_TYPES.includes(resource.type)) continue;
    if (suffix === "") volumes.set(major, resource);
    else if (BESIDE.some((each) => each === suffix)) beside.set(major, [...(beside.get(major) ?? []), resource]);
  }
  const server = resources.find(
    ({ type, urn }) => type === "docker:index/container:Container" && resourceName(urn) === "postgres",
  );
  const mounted = (server?.inputs?.volumes ?? [])
    .map(({ volumeName }) => /-postgres-(\d+)$/.exec(volumeName ?? "")?.[1])
    .find((major) => major !== undefined);
  return { volumes, beside, inUse: mounted ?? [...volumes.keys()].sort((a, b) => Number(a) - Number(b)).at(-1) };
}

/** The major that the settings ask for; none where the server is not the stack's own container. */
export function wantedMajor({ postgres, images }: Project["settings"]): string | undefined {
  return postgres.mode === "container" ? majorVersion(selectImage("postgres", images)) : undefined;
}

/**
 * Refuses settings that ask for a PostgreSQL which cannot run on the data that
 * is there. Returns the step from one major to the next that the update will take, if any.
 * @throws CliError that says what is allowed
 */
export function upgradeStep(
  { stack, settings }: Pick<Project, "stack" | "settings">,
  state: State,
): { readonly from: string; readonly to: string } | undefined {
  const to = wantedMajor(settings);
  const { inUse: from } = majorsInState(state);
  const upgradeFrom = settings.postgres.upgradeFrom?.toString();
  const refuse = (got: string, allowed: string, fix: string): never => {
    throw new CliError({ got: `stack ${stack}: ${got}`, allowed, fix: `nothing was changed: ${fix}` }, EXIT.usage);
  };
  if (to === undefined) return undefined;
  if (from === undefined) {
    if (upgradeFrom !== undefined)
      refuse(
        `postgres.upgradeFrom: got ${upgradeFrom} and there is no data of any version`,
        "nothing for a new stack",
        "remove apprun:postgres.upgradeFrom",
      );
    return undefined;
  }
  if (from === to) {
    const running = imageReferences(registered(state));
    // An image of its own on a Docker host, the server's own on a cluster.
    const deployed = running.get("image-postgres") ?? running.get("postgres");
    const { tag } = selectImage("postgres", settings.images);
    const before = deployed && parseImage(deployed).tag;
    if (before && libraryOf(before) !== libraryOf(tag))
      refuse(
        `the settings ask for PostgreSQL's image ${tag}, which sorts texts by ${libraryOf(tag)}, and the data is of ${before}, which sorts by ${libraryOf(before)}`,
        `an image that sorts as the data was: ${from}${libraryOf(before) === "musl" ? "-alpine" : ""}; with another one rows are not found and unique values come twice`,
        `set images.pins.postgres.tag back, or bring up a second stack with ${tag} and restore a backup set there: npm run restore -- --stack OTHER --from ${stack}`,
      );
    return undefined;
  }
  if (Number(to) < Number(from))
    refuse(
      `the settings ask for PostgreSQL ${to} and the data is of ${from}`,
      `${from} or newer: no server reads or loads the data of a newer one`,
      `set images.pins.postgres.tag to ${from}; a backup set of the time before the upgrade restores into a stack of its own`,
    );
  if (settings.platform !== "docker")
    refuse(
      `the settings ask for PostgreSQL ${to} and the data is of ${from}`,
      `${from} on platform kubernetes, where no server in a container is upgraded in place`,
      `set images.pins.postgres.tag to ${from}, or bring up a second stack with ${to} and move a dump there`,
    );
  if (upgradeFrom !== from)
    refuse(
      `the settings ask for PostgreSQL ${to} and the data is of ${from}`,
      `an upgrade that is asked for: the services cannot write while it runs, and the old volume stays`,
      `set apprun:postgres.upgradeFrom to ${from} and run: npm run up`,
    );
  return { from, to };
}
