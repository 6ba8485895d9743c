import type Docker from "dockerode";
import { HUB, registryOf } from "../../../components/model/images.ts";
import type { PlainLogin } from "../../engine/registry-logins.ts";
import { CliError, EXIT, reasonOf } from "../../kit/exit.ts";
import { note, secondsSince } from "../../kit/output.ts";
import type { Project } from "../../kit/project.ts";
import type { ReadLogins } from "../runtime.ts";
import { engineInfo } from "./machine.ts";
import { authOption, missingImages, pullProblem } from "./missing-images.ts";

const IMAGE = "docker:index/remoteImage:RemoteImage";
const MEBIBYTE = 1024 * 1024;
/** Milliseconds between two lines about one image. */
const LINE_EVERY = 5000;

/**
 * Pulls the images that the host does not have, one after the other, before anything of the stack is changed: an
 * update that finds out in its middle that an image does not exist leaves a stack of two versions.
 * @throws CliError with every image that cannot be pulled, before the first pull
 */
export async function prepareImages(docker: Docker, { stack, recording }: Project, logins: ReadLogins): Promise<void> {
  const references = recording.resources
    .filter(({ type }) => type === IMAGE)
    .map(({ inputs }) => String(inputs["name"]));
  const missing = await missingImages(docker, references);
  if (missing.length === 0) return;
  const known = await logins([...new Set(missing.map(registryOf))]);
  const loginOf = (reference: string) => known.find(({ host }) => host === registryOf(reference));
  const { Os, Arch } = await docker.version();
  const { RegistryConfig } = await engineInfo(docker);
  const mirrored = (RegistryConfig?.Mirrors ?? []).length > 0;
  const problems = await Promise.all(
    missing
      // A pull asks the engine's mirrors of Docker Hub, this question does not: a host may reach nothing but a mirror.
      .filter((reference) => !mirrored || registryOf(reference) !== HUB)
      .map((reference) => pullProblem(docker, reference, loginOf(reference), `${Os}/${Arch}`)),
  );
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0)
    throw new CliError({
      heading: `stack ${stack}: ${found.length} of ${references.length} images are not on the host and cannot be pulled; nothing was changed`,
      problems: found,
    });
  for (const [index, reference] of missing.entries())
    await pull(docker, reference, loginOf(reference), `${index + 1} of ${missing.length}`);
}

interface PullEvent {
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
}

async function pull(docker: Docker, reference: string, login: PlainLogin | undefined, position: string): Promise<void> {
  note(`pulling image ${position}: ${reference}`);
  const start = performance.now();
  const layers = new Map<string, { readonly current: number; readonly total: number }>();
  let said = start;
  const show = ({ id, progressDetail: { current, total } = {} }: PullEvent) => {
    if (id === undefined || current === undefined || total === undefined) return;
    layers.set(id, { current, total });
    if (performance.now() - said < LINE_EVERY) return;
    said = performance.now();
    note(`  ${progressText([...layers.values()])}`);
  };
  try {
    const stream = await docker.pull(reference, authOption(login));
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(
        stream,
        (error, events: readonly PullEvent[]) => {
          const failed = error?.message ?? events.find((event) => event.error !== undefined)?.error;
          if (failed === undefined) resolve();
          else reject(new Error(failed));
        },
        show,
      );
    });
  } catch (error) {
    throw new CliError(
      {
        happened: `the image ${reference} could not be pulled: ${reasonOf(error)}`,
        fix: "nothing of the stack was changed: run up again, which goes on with this image",
      },
      EXIT.failed,
      { cause: error },
    );
  }
  note(`  pulled in ${secondsSince(start)} s`);
}

/** How far the layers are that the engine has begun; it says the size of each only then. */
export function progressText(layers: readonly { readonly current: number; readonly total: number }[]): string {
  const sum = (key: "current" | "total") => Math.round(layers.reduce((all, layer) => all + layer[key], 0) / MEBIBYTE);
  return `${sum("current")} of ${sum("total")} MiB`;
}
