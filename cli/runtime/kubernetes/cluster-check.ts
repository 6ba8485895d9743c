import { older } from "../../kit/version.ts";
import type { Problem } from "../../../components/model/problem.ts";
import { formatMebibytes, mebibytes, type Bytes } from "../../../components/model/units.ts";
import type { Placement } from "../../../components/platform/kubernetes/context.ts";
import { placementProblems, type PlacementFacts } from "./placement-check.ts";
import {
  controllerProblems,
  controllerWeaknesses,
  type ControllerFacts,
  type ControllerNeeds,
} from "./ingress-check.ts";

/** A volume claim that the cluster has. */
export interface ClaimFacts {
  readonly name: string;
  readonly storageClass: string;
  readonly accessModes: readonly string[];
  /** MiB. */
  readonly size: number;
}

/** What a cluster has to give. */
export interface ClusterFacts {
  /** Such as `1.34`. */
  readonly version: string;
  readonly storageClasses: readonly {
    readonly name: string;
    readonly provisioner: string;
    readonly expands: boolean;
  }[];
  readonly ingressClasses: readonly string[];
  /** Kinds that operators brought, such as `clusters.postgresql.cnpg.io`. */
  readonly customKinds: readonly string[];
  /** Claims in the stack's namespace. */
  readonly claims: readonly ClaimFacts[];
  readonly controller: ControllerFacts;
  readonly placement: PlacementFacts;
}

/** What a stack asks of its cluster. */
export interface ClusterNeeds {
  /** Classes by name, with the setting that names each. */
  readonly storageClasses: readonly { readonly name: string; readonly setting: string }[];
  /** Provisioner of the class that the stack makes. `@default -` it makes none */
  readonly provisioner?: string;
  readonly ingressClass: string;
  /** Kinds with the setting that needs each. */
  readonly customKinds: readonly { readonly name: string; readonly setting: string }[];
  readonly claims: readonly {
    readonly name: string;
    readonly storageClass?: string;
    readonly accessModes: readonly string[];
    readonly size: Bytes;
  }[];
  readonly controller: ControllerNeeds;
  readonly placement: Placement;
}

/** The oldest version with everything that the objects use: 1.30 has the preStop `sleep`. */
export const OLDEST_KUBERNETES = "1.30";

/** The oldest version that still gets fixes, and that stacks are tried on. */
export const OLDEST_SUPPORTED = "1.34";

/** What a stack can live with, and an operator should know. */
export function clusterWeaknesses(
  { version, controller }: Pick<ClusterFacts, "version" | "controller">,
  needs: Pick<ClusterNeeds, "controller">,
): readonly Problem[] {
  const isOld = older(version, OLDEST_SUPPORTED);
  return [
    ...(isOld
      ? [
          {
            got: `Kubernetes: got version ${version}, which gets no more fixes`,
            allowed: `${OLDEST_SUPPORTED} or newer`,
            fix: "update the cluster",
          },
        ]
      : []),
    ...controllerWeaknesses(controller, needs.controller),
  ];
}

type Refuse = (got: string, allowed: string, fix: string) => void;

/** What keeps a stack from being deployed on a cluster. */
export function clusterProblems(facts: ClusterFacts, needs: ClusterNeeds): readonly Problem[] {
  const problems: Problem[] = [];
  const refuse: Refuse = (got, allowed, fix) => problems.push({ got, allowed, fix });
  if (older(facts.version, OLDEST_KUBERNETES))
    refuse(`Kubernetes: got version ${facts.version}`, `${OLDEST_KUBERNETES} or newer`, "update the cluster");
  const classes = facts.storageClasses.map(({ name }) => name);
  for (const { name, setting } of needs.storageClasses)
    if (!classes.includes(name))
      refuse(
        `${setting}: got "${name}", which the cluster does not have`,
        list(classes),
        "name one of them or make the class",
      );
  if (
    needs.provisioner !== undefined &&
    !facts.storageClasses.some(({ provisioner }) => provisioner === needs.provisioner)
  )
    refuse(
      `kubernetes.storageClass: got nothing, and no class of the cluster uses ${needs.provisioner}`,
      `k3s, which brings it, or one of: ${list(classes)}`,
      "set kubernetes.storageClass",
    );
  if (!facts.ingressClasses.includes(needs.ingressClass))
    refuse(
      `kubernetes.ingress.class: got "${needs.ingressClass}", which the cluster does not have`,
      list(facts.ingressClasses),
      "name one of them",
    );
  for (const { name, setting } of needs.customKinds)
    if (!facts.customKinds.includes(name))
      refuse(
        `${setting}: the cluster has no ${name}`,
        "a cluster with its operator",
        "install the operator or change the setting",
      );
  for (const claim of needs.claims) claimProblems(facts, claim, refuse);
  const claims = needs.claims.map(({ name }) => name);
  return [
    ...problems,
    ...controllerProblems(facts.controller, needs.controller),
    ...placementProblems(facts.placement, { ...needs.placement, claims }),
  ];
}

/** A claim cannot be made smaller, nor moved to another class: its data would have to move. */
function claimProblems(
  { claims, storageClasses }: ClusterFacts,
  wanted: ClusterNeeds["claims"][number],
  refuse: Refuse,
): void {
  const there = claims.find(({ name }) => name === wanted.name);
  if (there === undefined) return;
  const size = mebibytes(wanted.size);
  const move = "keep it, or move the data to a new volume by hand";
  if (size < there.size)
    refuse(
      `volume ${wanted.name}: got ${wanted.size}`,
      `at least ${formatMebibytes(there.size)}, which it has: a volume cannot shrink`,
      "raise it",
    );
  const expands = storageClasses.find(({ name }) => name === there.storageClass)?.expands === true;
  if (size > there.size && !expands)
    refuse(
      `volume ${wanted.name}: got ${wanted.size}`,
      `${formatMebibytes(there.size)}: its class ${there.storageClass} does not let volumes grow`,
      move,
    );
  if (wanted.storageClass !== undefined && wanted.storageClass !== there.storageClass)
    refuse(`volume ${wanted.name}: got class ${wanted.storageClass}`, `${there.storageClass}, which it has`, move);
  if (wanted.accessModes.join() !== there.accessModes.join())
    refuse(
      `volume ${wanted.name}: got access mode ${wanted.accessModes.join()}`,
      `${there.accessModes.join()}, which it has`,
      move,
    );
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none, the cluster has no such thing" : [...names].sort().join(", ");
}
