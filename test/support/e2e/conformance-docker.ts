import { selectImage } from "../../../components/services/catalogue.ts";
import type { Inventory, InventoryVolume } from "../../../components/model/inventory.ts";
import { hasImages } from "./available.ts";
import { MARKS, markScript, readMarks, VOLUMES, type ConformancePlace } from "./conformance-place.ts";
import { containers, docker, SMALL, wipe } from "./e2e.ts";

/** A Docker Engine, as the conformance suite asks it about a stack. */
export function dockerPlace(stack: string): ConformancePlace {
  const made: string[] = [];
  const among = (volumes: readonly InventoryVolume[], script: string) => {
    const mounts = volumes.flatMap(({ name, id }) => ["--volume", `${id}:${VOLUMES}/${name}`]);
    const run = ["run", "--rm", "--network", "none", "--user", "0:0", ...mounts, "--entrypoint", "sh"];
    return docker(...run, selectImage("postgres").reference, "-c", script);
  };
  return {
    target: "docker",
    small: SMALL,
    hasImages,
    async running({ workloads }: Inventory) {
      const there = await containers(stack);
      const found = workloads.flatMap(({ kind, name, instances }) =>
        kind === "workload" && instances.some((instance) => instance in there) ? [{ name, instances }] : [],
      );
      return Object.fromEntries(
        await Promise.all(
          found.map(async ({ name, instances }) => [
            name,
            // The engine changes the limit of a container that runs.
            (
              await docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}} {{.HostConfig.Memory}}", ...instances)
            ).trim(),
          ]),
        ),
      ) as Record<string, string>;
    },
    async mark(volumes, text) {
      await among(volumes, markScript(text));
    },
    marks: async (volumes) => (volumes.length === 0 ? {} : readMarks(await among(volumes, MARKS))),
    async hasVolume({ id }) {
      return (await docker("volume", "ls", "--quiet", "--filter", `name=^${id}$`)).trim() === id;
    },
    async offerTag(repository, tag, newer) {
      // The same content under another tag is no update to the engine.
      const container = (await docker("create", `${repository}:${tag}`)).trim();
      await docker("commit", "--change", "LABEL io.apprun.conformance=newer", container, `${repository}:${newer}`);
      await docker("rm", container);
      made.push(`${repository}:${newer}`);
      return true;
    },
    async wipe() {
      await wipe(stack);
      for (const reference of made.splice(0)) await docker("rmi", "--no-prune", reference);
    },
  };
}
