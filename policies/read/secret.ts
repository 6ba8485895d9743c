/** Keys whose value is a secret by their name. A key that ends in `_FILE` names a path. */
const SECRET_KEY =
  /(^|_)(PASSWORD|PASSWD|PASS|PWD|SECRETS?|TOKEN|CREDENTIALS?|API_?KEY|(ACCESS|PRIVATE|ENCRYPTION|SIGNING|SECRET)_KEY)(_[A-Z]+)?$/;

export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key.toUpperCase()) && !/_(FILE|PATH|TTL|NAME|ID)$/i.test(key);
}

/** Whether a value only names the file in which a secret is, as some programs read it. */
export function isFileReference(value: string): boolean {
  return /^@\/(run\/secrets|etc)\/[\w./-]+$/.test(value);
}

/** The password of a URL such as `postgres://user:password@host/`. */
export function urlPassword(value: string): string | undefined {
  return /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i.exec(value)?.[1];
}

/** Secrets that everybody knows, in lower case. */
const KNOWN = new Set([
  "123456",
  "admin",
  "admin@123",
  "apprun",
  "change-me",
  "changeit",
  "changeme",
  "default",
  "guest",
  "minioadmin",
  "pass",
  "passwd",
  "password",
  "please-change-me",
  "postgres",
  "redis",
  "root",
  "secret",
  "test",
  "xxx",
  "your-secret-key",
]);

/** 16 letters and digits hold 95 bits. */
export const SHORTEST = 16;

/** Why a secret is weak, without saying it. */
export function weakness(secret: string): string | undefined {
  if (KNOWN.has(secret.toLowerCase())) return "a default that everybody knows";
  return secret.length < SHORTEST ? `one of ${secret.length} characters` : undefined;
}
