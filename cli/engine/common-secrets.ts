import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Document, isMap, parseDocument } from "yaml";
import { COMMON_FILE, stackFiles } from "../../components/stack/common-file.ts";
import { CliError, EXIT } from "../kit/exit.ts";

const SALT = "encryptionsalt";

/**
 * Copies the encrypted values of `Pulumi.pr.yaml`, and the salt that opens them,
 * into the stack's own file, from which alone the engine decrypts. Plain values
 * stay where they are: the program reads them there, so no copy of them goes stale.
 * @throws CliError for a stack file whose salt is another
 */
export function copyCommonSecrets(directory: string, stack: string): void {
  if (!stackFiles(stack).includes(COMMON_FILE)) return;
  const common = documentOf(join(directory, COMMON_FILE));
  const secrets = encryptedOf(common);
  if (secrets.length === 0) return;
  const path = join(directory, `Pulumi.${stack}.yaml`);
  const own = documentOf(path);
  const salt = common.get(SALT);
  if (own.has(SALT) && own.get(SALT) !== salt)
    throw new CliError(
      {
        got: `Pulumi.${stack}.yaml: got another ${SALT} than ${COMMON_FILE} has, so the engine could not decrypt what that file holds`,
        allowed: "one salt for both",
        fix: `nothing was changed: remove the line ${SALT} from Pulumi.${stack}.yaml, and what was encrypted with it`,
      },
      EXIT.usage,
    );
  own.set(SALT, salt);
  for (const [path, value] of secrets) own.setIn(["config", ...path], value);
  writeFileSync(path, own.toString());
}

function documentOf(path: string): Document {
  const document = existsSync(path) ? parseDocument(readFileSync(path, "utf8")) : new Document({});
  return isMap(document.contents) ? document : new Document({});
}

/** Encrypted values and their paths below `config`: keys, and keys of a map. */
function encryptedOf(document: Document): readonly (readonly [readonly string[], unknown])[] {
  const { config } = document.toJS() as { config?: unknown };
  return entriesOf(config).flatMap(([key, value]): (readonly [readonly string[], unknown])[] =>
    isEncrypted(value)
      ? [[[key], value]]
      : entriesOf(value).flatMap(([name, inner]) => (isEncrypted(inner) ? [[[key, name], inner] as const] : [])),
  );
}

function entriesOf(map: unknown): readonly (readonly [string, unknown])[] {
  return typeof map === "object" && map !== null ? Object.entries(map) : [];
}

function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}
