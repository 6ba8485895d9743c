/** Which stack this is; every name outside of Pulumi derives from it. */
export interface StackIdentity {
  readonly project: string;
  readonly stack: string;
}

/** The stack's name with its project's, where stacks of several projects meet: labels, backup repositories. */
export function qualifiedName({ project, stack }: StackIdentity): string {
  return `${project}/${stack}`;
}

/** The name of a thing of this stack on a host that other stacks share. */
export function physicalName({ project, stack }: StackIdentity, name: string): string {
  return `${project}-${stack}-${name}`;
}

/** Label keys that every object carries, so that it can be found without the state. */
export const LABELS = {
  stack: "io.apprun.stack",
  service: "io.apprun.service",
  role: "io.apprun.role",
  managedBy: "io.apprun.managed-by",
  /** Only on what may be rebuilt: whoever looks at a volume without it must take it for data. */
  retention: "io.apprun.retention",
} as const;

export type Role = "workload" | "job" | "volume" | "network";

/** The labels of one object, sorted by key. */
export function identityLabels(identity: StackIdentity, service: string, role: Role): Record<string, string> {
  return {
    [LABELS.managedBy]: "pulumi",
    [LABELS.role]: role,
    [LABELS.service]: service,
    [LABELS.stack]: qualifiedName(identity),
  };
}
