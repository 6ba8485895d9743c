import { Decrypter, Encrypter } from "age-encryption";
import { CliError, EXIT } from "../../kit/exit.ts";

/** What a bare host needs besides the program, the bucket's keys and the passphrase. */
export interface StateCopy {
  readonly format: 1;
  readonly project: string;
  readonly stack: string;
  /** When it was made, in ISO 8601. */
  readonly at: string;
  /** Name of the machine whose command line made it. */
  readonly host: string;
  /** Content of the stack's files, by name: settings, and the salt of the passphrase. */
  readonly files: Readonly<Record<string, string>>;
  /** The engine's own export, in which secrets are encrypted too. */
  readonly exported: object;
}

/** Encrypts with a passphrase, in the format of age (age-encryption.org), which other programs open too. */
export async function seal(copy: StateCopy, passphrase: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return encrypter.encrypt(JSON.stringify(copy));
}

/** @throws CliError for another passphrase, and for what is no copy */
export async function unseal(name: string, content: Uint8Array, passphrase: string): Promise<StateCopy> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const text = await decrypter.decrypt(content, "text").catch(() => {
    throw new CliError(
      {
        got: `${name}: the passphrase does not open it`,
        allowed: "the passphrase of the stack that it is a copy of",
        fix: "name that passphrase's file with PULUMI_CONFIG_PASSPHRASE_FILE; nothing was changed",
      },
      EXIT.usage,
    );
  });
  const copy = JSON.parse(text) as Partial<StateCopy>;
  if (copy.format === 1) return copy as StateCopy;
  throw new CliError(
    {
      got: `${name}: format ${String(copy.format)}`,
      allowed: "format 1, which this program knows",
      fix: "use the program's version that made it; nothing was changed",
    },
    EXIT.usage,
  );
}
