import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { authorityFile } from "../../../components/services/postgres/engine/authority-file.ts";

it("a certificate is in a file that only its user writes, by the same path each time, and as given again after a change", () => {
  const directory = mkdtempSync(join(tmpdir(), "authorities-"));
  const path = authorityFile("certificate\n", directory);
  expect(readFileSync(path, "utf8")).toBe("certificate\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
  writeFileSync(path, "another\n");
  expect(authorityFile("certificate\n", directory)).toBe(path);
  expect(readFileSync(path, "utf8")).toBe("certificate\n");
  expect(authorityFile("other\n", directory)).not.toBe(path);
});
