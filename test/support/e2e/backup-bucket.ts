import { join } from "node:path";
import { expect } from "vitest";
import { docker, type TestProject } from "./e2e.ts";
import { Authority, hostAddress, startMinio } from "./servers.ts";

const SECRET = "e2e-secret-of-the-bucket";

/** A MinIO over TLS beside a stack, for the copies of its backups. The bucket of the copies is made by the first backup. */
export class BackupBucket {
  /** What no output may show. */
  static readonly secret = SECRET;

  /** The keys as `init --from-backup` reads them. */
  static readonly environment = { AWS_ACCESS_KEY_ID: "apprun", AWS_SECRET_ACCESS_KEY: SECRET };

  readonly name: string;
  readonly endpoint: string;
  readonly certificate: string;

  private constructor(name: string, endpoint: string, certificate: string) {
    this.name = name;
    this.endpoint = endpoint;
    this.certificate = certificate;
  }

  /** Starts the server on the host's address, and makes the stack with its passphrase and the keys of the bucket. */
  static async start(name: string, port: number, project: TestProject): Promise<BackupBucket> {
    const address = await hostAddress(name);
    const authority = new Authority(join(project.directory, "tls"), "authority");
    await startMinio({ name, address, port, password: SECRET, bucket: "elsewhere", tls: authority.certify(address) });
    expect((await project.cli(["preview"])).code).toBe(0);
    const keys = { backupAccessKeyId: "apprun", backupSecretAccessKey: SECRET };
    for (const [key, value] of Object.entries(keys))
      expect((await project.pulumi(["config", "set", "--secret", `apprun:${key}`, value])).code).toBe(0);
    await project.rememberSalt();
    return new BackupBucket(name, `https://${address}:${port}`, authority.certificate);
  }

  /** The settings of `backup.remote`. */
  remote(prefix?: string): Record<string, unknown> {
    return {
      endpoint: this.endpoint,
      bucket: "backups",
      ca: this.certificate,
      ...(prefix !== undefined && { prefix }),
    };
  }

  /** Settings without which pods do not reach Docker's network: a packet has the container's address when policies see it. */
  get reachedByPods(): Record<string, unknown> {
    return { kubernetes: { egressCidrs: [`${new URL(this.endpoint).hostname}/16`] } };
  }

  /** Runs a script in the server, whose buckets are directories of /data. */
  inside(script: string): Promise<string> {
    return docker("exec", this.name, "sh", "-c", script);
  }

  async remove(): Promise<void> {
    await docker("rm", "-f", "-v", this.name);
  }
}
