/** Where a registry sends those who want to read: the token service of Docker Hub, ghcr.io, quay.io and others. */
export interface Challenge {
  readonly realm: string;
  readonly service?: string;
  readonly scope?: string;
}

/** What a `WWW-Authenticate` header asks for: a bearer token, user and password, or nothing that is known here. */
export function challengeOf(header: string | null): Challenge | "basic" | undefined {
  if (/^Basic\b/i.test(header ?? "")) return "basic";
  const [, parameters] = /^Bearer\s+(.*)$/i.exec(header ?? "") ?? [];
  const values = new Map(
    [...(parameters ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [
      name.toLowerCase(),
      value,
    ]),
  );
  const realm = values.get("realm");
  const [service, scope] = [values.get("service"), values.get("scope")];
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  return { realm, ...(service !== undefined && { service }), ...(scope !== undefined && { scope }) };
}
