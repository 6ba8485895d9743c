import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One directory for everything that the tests of a run write aside, gone with the run. */
export default function temporary(): () => void {
  const directory = mkdtempSync(join(tmpdir(), "apprun-tests-"));
  // Servers that a test starts run as users of their own.
  chmodSync(directory, 0o755);
  process.env["TMPDIR"] = directory;
  return () => {
    rmSync(directory, { recursive: true, force: true });
  };
}
