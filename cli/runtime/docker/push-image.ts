import type Docker from "dockerode";
import type { Problem } from "../../../components/model/problem.ts";
import { platformProblem } from "../../images/platform-problem.ts";
import { CliError, EXIT, reasonOf } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import { pushProgress, type Sent } from "../push-progress.ts";
import { inspectedImage } from "./inspected-image.ts";
import { engineInfo } from "./machine.ts";
import { sharedLayers } from "./shared-layers.ts";
import { thinned } from "./thinned.ts";

/** An image as an engine has it. */
export interface LocalImage {
  readonly id: string;
  readonly os: string;
  readonly architecture: string;
  /** Digests of its layers, the lowest first. */
  readonly layers: readonly string[];
  /** Bytes. */
  readonly size: number;
}

/** The image, or nothing where the engine does not have it. */
export async function localImage(docker: Docker, reference: string): Promise<LocalImage | undefined> {
  const found = await inspectedImage(docker, reference);
  if (found === undefined) return undefined;
  const { Id: id, Os: os, Architecture: architecture, RootFS, Size: size } = found;
  return { id, os, architecture, layers: RootFS.Layers ?? [], size };
}

/** Why machines of this platform cannot run an image that the operator has built; nothing where they can. */
export function localPlatformProblem(
  reference: string,
  { os, architecture }: Pick<LocalImage, "os" | "architecture">,
  machine: string,
  platform: string,
): Problem | undefined {
  return platformProblem({
    reference,
    built: [`${os}/${architecture}`],
    wanted: [platform],
    runs: `${machine} runs`,
    fix: `build it with: docker build --platform ${platform}`,
  });
}

/**
 * Brings an image from one engine to another, without the layers that it has where that can be told.
 * @throws CliError for another platform, before anything is sent, and where the engine did not take it
 */
export async function pushToEngine(
  source: Docker,
  target: Docker,
  reference: string,
  image: LocalImage,
): Promise<Sent> {
  const { Os: os, Arch: architecture } = await target.version();
  const problem = localPlatformProblem(reference, image, "the stack's host", `${os}/${architecture}`);
  if (problem !== undefined) throw new CliError(problem, EXIT.usage);
  const before = await localImage(target, reference);
  if (before?.id === image.id) return { sent: 0, skipped: image.size };
  if (before !== undefined)
    note(`${reference} names another image there: what runs keeps that one until up replaces its container`);
  const { archive, count } = thinned(await source.getImage(reference).get(), await layersThere(target, image));
  const ended = pushProgress(count, image.size);
  try {
    await loaded(target, await target.loadImage(archive));
    const after = await localImage(target, reference);
    if (after?.layers.join() !== image.layers.join()) throw new Error("the engine has another image under that name");
  } catch (error) {
    throw new CliError(
      {
        happened: `${reference} was not taken by the stack's Docker Engine: ${reasonOf(error)}`,
        fix: "nothing of the stack was changed: run it again",
      },
      EXIT.failed,
      { cause: error },
    );
  } finally {
    ended();
  }
  return count;
}

/** Layers that the engine finds without the archive. One that keeps images in containerd's store reads them all from it. */
async function layersThere(target: Docker, { layers }: LocalImage): Promise<ReadonlySet<string>> {
  const { DriverStatus = [] } = await engineInfo(target);
  if (DriverStatus.some(([key]) => key === "driver-type")) return new Set();
  const ids = new Set((await target.listImages()).map(({ Id }) => Id));
  const images = await Promise.all([...ids].map((id) => localImage(target, id)));
  return sharedLayers(
    layers,
    images.flatMap((image) => (image === undefined ? [] : [image.layers])),
  );
}

/** The engine answers with 200 before it has read the archive; what went wrong then is one of the events. */
function loaded(target: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    target.modem.followProgress(stream, (error, events: readonly { readonly error?: string }[]) => {
      const failed = error?.message ?? events.find((event) => event.error !== undefined)?.error;
      if (failed === undefined) resolve();
      else reject(new Error(failed));
    });
  });
}
