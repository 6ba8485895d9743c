import { colours } from "../kit/colours.ts";
import { ModelError } from "../../components/model/errors.ts";
import { isMandatory } from "../../policies/evaluate.ts";
import { bucketFindings } from "../doctor/bucket.ts";
import { clusterFindings } from "../doctor/cluster.ts";
import { dockerFindings } from "../doctor/docker.ts";
import { findings, type DoctorFinding } from "../doctor/finding.ts";
import { lockFindings } from "../doctor/locks.ts";
import { networkFindings } from "../doctor/network.ts";
import { policyFinding } from "../doctor/policy-finding.ts";
import { toolchainFindings } from "../doctor/toolchain.ts";
import { CliError } from "../kit/exit.ts";
import { print, printJson } from "../kit/output.ts";
import { findingsOf } from "../kit/policies.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { leadsToProxy } from "../runtime/docker/preflight.ts";

/**
 * Looks at everything that can be wrong with a stack, and changes nothing.
 * @throws CliError when there is a finding of severity error
 */
export async function doctor(options: CommonOptions): Promise<void> {
  const found = await examine(options);
  if (options.json === true) printJson({ stack: options.stack, findings: found });
  else printFindings(options.stack, found);
  const errors = found.filter(({ severity }) => severity === "error").length;
  if (errors > 0)
    throw new CliError({
      happened: `${errors} ${errors === 1 ? "error" : "errors"}`,
      fix: "each has its remedy above",
    });
}

async function examine(options: CommonOptions): Promise<readonly DoctorFinding[]> {
  let project: Project;
  try {
    project = await loadProject(options);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    // Without settings there is no model to compare with.
    return [findings("settings").error(error.message, "fix the stack file")];
  }
  const { resources, result } = project.recording;
  return [
    ...policyFindings(project),
    ...(await toolchainFindings(resources)),
    ...(await lockFindings(project)),
    ...(await (project.settings.platform === "docker" ? dockerFindings(project) : clusterFindings(project))),
    ...(await bucketFindings(project)),
    ...(await networkFindings(result.urls, {
      ipv4Only: leadsToProxy(project.settings) && !project.settings.proxy.ipv6,
    })),
  ];
}

/** What `up` would refuse. */
function policyFindings(project: Project): readonly DoctorFinding[] {
  return findingsOf(project).filter(isMandatory).map(policyFinding);
}

function printFindings(stack: string, found: readonly DoctorFinding[]): void {
  if (found.length === 0) print(`stack ${stack}: nothing found`);
  for (const { check, severity, message, remedy } of found) {
    const colour = severity === "error" ? colours.red : colours.yellow;
    print(`${colour(severity)} ${check}: ${message}\n  ${remedy}`);
  }
}
