import { Config } from "@pulumi/pulumi";
import { PolicyPack, type Policies, type ResourceValidationArgs } from "@pulumi/policy";
import { host } from "../components/settings/sections/host.ts";
import { merged, namedBy, SERVICES, type Named } from "../components/services/catalogue.ts";
import { policies as policiesSchema } from "../components/settings/sections/policy.ts";
import { mebibytes } from "../components/model/units.ts";
import { POLICIES } from "./all.ts";
import { columnOf } from "./evaluate.ts";
import { message, problems, type Enforcement, type Policy, type PolicyContext, type PolicyResource } from "./policy.ts";
import { UNKNOWN } from "./read/values.ts";

// The policies as a pack of the engine: `pulumi preview --policy-pack policies`,
// `pulumi up --policy-pack policies`, `pulumi policy analyze --policy-pack policies`.

interface StackConfiguration {
  readonly hostMemory?: number;
  readonly named?: Named;
  readonly accept: Readonly<Record<string, string>>;
}

/** What the stack's file says. `policy analyze` hands nothing over: there nothing is accepted and the host is not known. */
function configuration(): StackConfiguration {
  const project = process.env["PULUMI_NODEJS_PROJECT"];
  if (project === undefined || process.env["PULUMI_CONFIG"] === undefined) return { accept: {} };
  const config = new Config(project);
  const { accept } = policiesSchema.parse(config.getObject("policies"));
  return {
    hostMemory: mebibytes(host.parse(config.getObject("host")).memory),
    named: named(config),
    accept,
  };
}

/** What the settings name. */
function named(config: Config): Named {
  const settings = Object.entries(merged("settings")).map(([key, schema]) => [
    key,
    schema.parse(config.getObject(key)),
  ]);
  return namedBy<never>(Object.fromEntries(settings) as never, SERVICES);
}

/** Only the stack in the URN says which column of enforcement holds, so a policy stands in the pack once for each level that it can have. */
function levelsOf(
  { name, enforcement }: Policy,
  accept: StackConfiguration["accept"],
): readonly ("mandatory" | "advisory")[] {
  const possible = new Set<Enforcement>([
    ...Object.values(enforcement),
    ...(accept[name] === undefined ? [] : (["advisory"] as const)),
  ]);
  return (["mandatory", "advisory"] as const).filter((level) => possible.has(level));
}

function packed({ hostMemory, named: names, accept }: StackConfiguration): Policies {
  return POLICIES.flatMap((policy) =>
    levelsOf(policy, accept).map((level) => {
      const facts = {
        name: level === "mandatory" ? policy.name : `${policy.name}-advisory`,
        description: policy.description,
        enforcementLevel: level,
        remediationSteps: policy.remedy,
      };
      const check = (urn: string, resources: readonly PolicyResource[], report: (text: string) => void) => {
        const [, , stack = "", project = ""] = urn.split(/::?/);
        const context: PolicyContext = {
          identity: { project, stack },
          column: columnOf(stack),
          hostMemory,
          named: names,
        };
        const enforcement = policy.enforcement[context.column];
        const effective = enforcement === "mandatory" && accept[policy.name] !== undefined ? "advisory" : enforcement;
        if (effective === level) for (const got of problems(policy, resources, context)) report(message(policy, got));
      };
      if (policy.kind === "resource")
        return {
          ...facts,
          validateResource: (args: ResourceValidationArgs, report: (text: string) => void) => {
            check(args.urn, [plainResource(args)], report);
          },
        };
      return {
        ...facts,
        validateStack: (
          { resources }: { resources: Parameters<typeof plainResource>[0][] },
          report: (text: string) => void,
        ) => {
          check(resources[0]?.urn ?? "", resources.map(plainResource), report);
        },
      };
    }),
  );
}

function plainResource({
  type,
  name,
  props,
  opts,
}: {
  type: string;
  name: string;
  urn: string;
  props: Record<string, unknown>;
  opts: { protect: boolean };
}): PolicyResource {
  return { type, name, props: plain(props) as Record<string, unknown>, protect: opts.protect };
}

/** A copy without the engine's proxies, which throw where a value is not known yet. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const read = (key: string): unknown => {
    try {
      return plain((value as Record<string, unknown>)[key]);
    } catch {
      return UNKNOWN;
    }
  };
  return Array.isArray(value)
    ? Array.from(value.keys(), (index) => read(String(index)))
    : Object.fromEntries(Object.keys(value).map((key) => [key, read(key)]));
}

new PolicyPack("apprun", { policies: packed(configuration()) });
