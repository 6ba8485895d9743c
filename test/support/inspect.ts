import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "./e2e.js";

/** TCP sockets that listen on this machine, IPv4 and IPv6. */
export function listeningSockets(): { address: string; port: number }[] {
  const LISTEN = "0A";
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
    readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN)
      .map((fields) => {
        const [hex = "", port = ""] = (fields[1] ?? "").split(":");
        const bytes = hex.match(/../g) ?? [];
        return {
          address:
            hex.length === 8
              ? bytes
                  .reverse()
                  .map((byte) => Number.parseInt(byte, 16))
                  .join(".")
              : hex,
          port: Number.parseInt(port, 16),
        };
      }),
  );
}

/** Every generated secret's value, by its name. */
export async function generatedSecrets(project: TestProject): Promise<Record<string, string>> {
  const { stdout } = await project.pulumi(["stack", "export", "--show-secrets"]);
  const { deployment } = JSON.parse(stdout) as { deployment: { resources: { type: string; urn: string; outputs?: { result?: string } }[] } };
  const passwords = deployment.resources.filter(({ type }) => type.startsWith("random:"));
  return Object.fromEntries(
    passwords.map(({ urn, outputs }) => {
      const result = outputs?.result as unknown as { plaintext: string };
      return [urn.split("::").at(-1) ?? urn, JSON.parse(result.plaintext) as string];
    }),
  );
}

/** The text of every file below a directory. */
export function readTree(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}
