import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The provider takes a certificate as the path of a file on the engine's machine only. Its name is its content's, and no other user can change it. */
export function authorityFile(certificate: string, directory = join(homedir(), ".cache", "apprun-infra")): string {
  const authorities = join(directory, "authorities");
  mkdirSync(authorities, { recursive: true, mode: 0o700 });
  const path = join(authorities, `${createHash("sha256").update(certificate).digest("hex").slice(0, 16)}.pem`);
  writeFileSync(path, certificate, { mode: 0o600 });
  return path;
}
