/** Versions of the schemas of each minor version of the server, by database: schema/postgresql/v12/version.go at its tag. */
export const SCHEMAS = {
  "1.30": { temporal: "1.18", temporal_visibility: "1.13" },
  "1.31": { temporal: "1.19", temporal_visibility: "1.14" },
} as const;

type Versions = (typeof SCHEMAS)[keyof typeof SCHEMAS];

/** What a server of a tag works on: exactly these versions, or for a minor version that is not known here these and later ones. */
export function schemasOf(tag: string): { readonly versions: Versions; readonly exact: boolean } {
  const minor = /^\d+\.\d+/.exec(tag)?.[0] ?? "";
  const known = Object.entries(SCHEMAS).find(([name]) => name === minor)?.[1];
  if (known !== undefined) return { versions: known, exact: true };
  return { versions: SCHEMAS["1.30"], exact: false };
}
