import { secret } from "@pulumi/pulumi";
import type { Recording } from "../../../cli/kit/record.ts";
import type { Stack } from "../../../components/stack/stack.ts";

export const ACCOUNT = "a".repeat(32);
export const ZONE_ID = "b".repeat(32);
export const SECRETS = { cloudflareApiToken: secret("token") };
const ACCESS = {
  team: { emailDomains: ["example.com"], emails: ["auditor@example.org"] },
  preview: { emailDomains: ["example.com"], serviceToken: true, session: "8h" },
};
/** Settings of a stack behind Cloudflare. */
export const cloudflare = (changes: object = {}) => ({
  enabled: true,
  accountId: ACCOUNT,
  zones: [{ name: "example.com", id: ZONE_ID }],
  access: ACCESS,
  ...changes,
});

const of = (recording: Recording<Stack>, type: string) =>
  recording.resources.filter((resource) => resource.type === `cloudflare:index/${type}`);
/** By name, since secrets come to a resource later than what is plain. */
export const inputs = (recording: Recording<Stack>, type: string) =>
  [...of(recording, type)].sort((a, b) => (a.name < b.name ? -1 : 1)).map((resource) => resource.inputs);
