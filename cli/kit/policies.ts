import { mebibytes, seconds } from "../../components/model/units.ts";
import { namedBy, SERVICES } from "../../components/services/catalogue.ts";
import { POLICIES } from "../../policies/all.ts";
import { evaluate, isMandatory, type Finding } from "../../policies/evaluate.ts";
import type { CloudflareFacts } from "../../policies/policy.ts";
import { CliError, EXIT } from "./exit.ts";
import type { Project } from "./project.ts";

/**
 * What the policies find in the recording.
 * @throws CliError where the settings accept a policy that there is not
 */
export function findingsOf({
  settings,
  recording,
  stack,
}: Pick<Project, "settings" | "recording" | "stack">): readonly Finding[] {
  const { accept } = settings.policies;
  const unknown = Object.keys(accept).find((name) => !POLICIES.some((policy) => policy.name === name));
  if (unknown !== undefined)
    throw new CliError(
      {
        got: `Pulumi.${stack}.yaml: apprun:policies.accept: got "${unknown}"`,
        allowed: "names of policies",
        fix: "see them with: npm run policies",
      },
      EXIT.usage,
    );
  const resources = recording.resources.map(({ type, name, inputs, protect }) => ({
    type,
    name,
    props: inputs,
    protect,
  }));
  return evaluate(resources, {
    identity: settings.identity,
    ...(settings.platform === "docker" && { hostMemory: mebibytes(settings.host.memory) }),
    ...(settings.backup.enabled &&
      settings.postgres.mode === "container" && {
        backupRoom: {
          storage: mebibytes(settings.backup.storage),
          repository: mebibytes(settings.backup.local.size),
          database: mebibytes(settings.postgres.storage),
          largest: Math.max(mebibytes(settings.backup.local.size), mebibytes(settings.backup.remote?.size ?? "0Mi")),
          memory: mebibytes(settings.backup.resources.limits.memory),
        },
      }),
    clientsUnknown:
      settings.platform === "kubernetes" && settings.front === undefined && settings.limits.clients === undefined,
    cloudflare: cloudflareOf(settings),
    named: namedBy(settings, SERVICES),
    accept,
  });
}

function cloudflareOf({ cloudflare, limits }: Project["settings"]): CloudflareFacts | undefined {
  if (!cloudflare.enabled) return undefined;
  return {
    plan: cloudflare.plan ?? (cloudflare.firewall.managedRules ? "pro" : "free"),
    zones: cloudflare.zones.map(({ name }) => name),
    maxBody: mebibytes(limits.maxBody) * 2 ** 20,
    responseTimeout: seconds(limits.responseTimeout),
  };
}

/**
 * Stops before anything is changed.
 * @throws CliError with every mandatory finding
 */
export function refuseViolations(project: Project): void {
  const mandatory = findingsOf(project).filter(isMandatory);
  if (mandatory.length === 0) return;
  throw new CliError({
    happened: `stack ${project.stack} has ${mandatory.length} mandatory ${mandatory.length === 1 ? "finding" : "findings"}; nothing was changed`,
    fix: "fix each, or accept it with apprun:policies.accept",
    output: findingLines(mandatory),
  });
}

/** One line a finding. */
export function findingLines(findings: readonly Finding[]): string {
  return findings
    .map(
      ({ policy, enforcement, message, accepted }) =>
        `  ${enforcement} ${policy}: ${message}${accepted === undefined ? "" : ` (accepted: ${accepted})`}`,
    )
    .join("\n");
}
