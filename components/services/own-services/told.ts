import type { ContainerSpec } from "../../model/workload.ts";
import { authorityEnvironment } from "../kit/authorities.ts";
import { fact } from "../kit/fact.ts";
import type { LinkedSecret } from "../kit/link.ts";
import { plainVariables, told, type Variable, type Variables } from "../kit/told.ts";
import type { Facts } from "../kit/template.ts";
import { databaseEnvironment, databaseFacts, databaseSecrets } from "../postgres/link.ts";
import type { OwnContainerArgs } from "./args.ts";
import type { OwnServiceFacts } from "./preset.ts";

/**
 * Everything that a service is told.
 * @throws ModelError with every name in braces that is no fact, and every variable that is set twice
 */
export function ownTold(args: OwnContainerArgs): Pick<ContainerSpec, "env" | "secretEnv" | "secretFiles"> {
  const { name, service, secrets } = args;
  return told({
    ...service,
    path: `services.${name}`,
    whose: `the service ${name}`,
    missing: "connect to the service that has it",
    secrets,
    facts: factsFor(args),
    preset: preset(args),
  });
}

function factsFor({ name, service, links, database, facts }: OwnContainerArgs): Facts {
  return {
    ...facts,
    "service.name": fact(name),
    ...(service.port !== undefined && { "service.port": fact(service.port) }),
    ...(service.drain !== undefined && { "service.drain": fact(service.drain) }),
    ...(database && databaseFacts(database, replicasOf(service))),
    ...Object.fromEntries(links.flatMap(({ facts: linked = {} }) => Object.entries(linked))),
  };
}

/** What the app is told of the same things, without what is the app's alone. */
function preset({ service, links, database, name }: OwnContainerArgs): Variables {
  const trusted = plainVariables(authorityEnvironment(...links.map(({ authority }) => authority)));
  if (service.variablesPreset === "none") return trusted;
  const linked = Object.assign({}, ...links.map(({ environment = {} }) => environment)) as Record<string, string>;
  const secrets: Readonly<Record<string, LinkedSecret>> = {
    ...(database && databaseSecrets(database)),
    ...Object.fromEntries(links.flatMap(({ secrets: given = {} }) => Object.entries(given))),
  };
  return {
    ...trusted,
    ...plainVariables({
      ...(database && databaseEnvironment(database, replicasOf(service))),
      ...linked,
      // Spans say whose they are.
      ...(Object.hasOwn(linked, "OTEL_SERVICE_NAME") && { OTEL_SERVICE_NAME: name }),
    }),
    ...Object.fromEntries(
      Object.entries(secrets).map(([variable, { file, content }]): [string, Variable] => [
        variable,
        { file, value: content },
      ]),
    ),
  };
}

function replicasOf({ replicas, autoscaling }: OwnServiceFacts): number {
  return autoscaling?.maxReplicas ?? replicas;
}
