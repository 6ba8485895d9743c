/** Compares versions such as 1.9 and 1.41 number by number. */
export function older(version: string, oldest: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split(".").map(Number);
  return major === oldestMajor ? minor < oldestMinor : major < oldestMajor;
}
