import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { docker } from "./e2e.ts";

const run = promisify(execFile);
const IMAGE = "postgres:17-alpine";

/**
 * A volume of a stack moved to a disk of its own, so that it can be full while the host's is not.
 * The disk is a file behind a loop device, mounted where the engine sees it: this needs root and an engine on this machine.
 */
export class SmallDisk {
  readonly #volume: string;
  readonly #mountpoint: string;
  readonly #file: string;

  private constructor(volume: string, mountpoint: string, file: string) {
    this.#volume = volume;
    this.#mountpoint = mountpoint;
    this.#file = file;
  }

  /** The containers that use the volume are stopped for it, and started again. */
  static async move(volume: string, mebibytes: number, file: string): Promise<SmallDisk> {
    const users = (await docker("ps", "-q", "--filter", `volume=${volume}`)).split("\n").filter((id) => id !== "");
    const mountpoint = (await docker("volume", "inspect", "--format", "{{.Mountpoint}}", volume)).trim();
    await docker("stop", ...users);
    await run("truncate", ["-s", `${mebibytes}M`, file]);
    await run("mkfs.ext4", ["-q", "-m", "0", file]);
    const device = (await run("losetup", ["--find", "--show", file])).stdout.trim();
    await inEngine(
      `cd / && new=$(mktemp -d) && mount ${device} $new && rmdir $new/lost+found && cp -a ${mountpoint}/. $new && umount $new && rmdir $new && mount ${device} ${mountpoint}`,
    );
    await docker("start", ...users);
    return new SmallDisk(volume, mountpoint, file);
  }

  fill(): Promise<unknown> {
    return this.#inside("cat /dev/zero >/disk/filler 2>/dev/null || true");
  }

  free(): Promise<unknown> {
    return this.#inside("rm -f /disk/filler");
  }

  /** The volume has its old place again, as it was when it was moved. */
  async remove(): Promise<void> {
    await inEngine(`umount --lazy ${this.#mountpoint}`);
    const { stdout } = await run("losetup", ["--associated", this.#file, "--output", "NAME", "--noheadings"]);
    for (const device of stdout.split("\n").filter((line) => line !== "")) await run("losetup", ["--detach", device]);
    await run("rm", ["-f", this.#file]);
  }

  #inside(script: string): Promise<string> {
    return docker(
      "run",
      "--rm",
      "-v",
      `${this.#volume}:/disk`,
      "--user",
      "0",
      "--entrypoint",
      "sh",
      IMAGE,
      "-c",
      script,
    );
  }
}

/** Runs a script in the mount namespace of the engine, which need not be this process's. */
async function inEngine(script: string): Promise<void> {
  const { stdout } = await run("pgrep", ["--oldest", "--exact", "dockerd"]);
  await run("nsenter", ["--target", stdout.trim(), "--mount", "--", "sh", "-ec", script]);
}
