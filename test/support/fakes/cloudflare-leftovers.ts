import type { CloudflareApi } from "./cloudflare-api.ts";

export interface LeftStack {
  readonly account: string;
  readonly zone: string;
  /** What the stack's names begin with. */
  readonly owner: string;
  readonly domain: string;
}

/** Puts what a stack behind a tunnel has into the account, and returns the paths in the order in which they must go. */
export function leaveStack(api: CloudflareApi, { account, zone, owner, domain }: LeftStack): readonly string[] {
  const put = (path: string, name: string, more: object = {}) => {
    const id = `${name} ${path}`.replaceAll(/[^a-z0-9]+/g, "-");
    api.objects.set(`${path}/${id}`, { id, name, ...more });
    return `${path}/${id}`;
  };
  const access = `/accounts/${account}/access`;
  return [
    ...[`api.${domain}`, domain].map((host) =>
      put(`/zones/${zone}/dns_records`, host, { type: "CNAME", comment: owner }),
    ),
    put(`${access}/apps`, `${owner} app`),
    put(`${access}/policies`, `${owner} preview people`),
    put(`${access}/service_tokens`, `${owner} preview CI`),
    put(`/accounts/${account}/cfd_tunnel`, owner),
  ];
}
