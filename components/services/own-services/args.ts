import type { Output } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Mount } from "../../model/volume.ts";
import type { ConfigFile, Ready } from "../../model/workload.ts";
import type { Link } from "../kit/link.ts";
import type { Facts } from "../kit/template.ts";
import type { Database } from "../postgres/database.ts";
import type { OwnServiceFacts } from "./preset.ts";

/** What a container of a service is made of. */
export interface OwnContainerArgs {
  readonly name: string;
  readonly service: OwnServiceFacts;
  readonly image: Image;
  /** What it is told of what it connects to. */
  readonly links: readonly Link[];
  /** @default - it uses none */
  readonly database?: Database | undefined;
  /** What every service may name in its variables. */
  readonly facts: Facts;
  /** The operator's secrets by name. */
  readonly secrets: Readonly<Record<string, Output<string>>>;
  /** Files of the project. */
  readonly files: readonly ConfigFile[];
  readonly mounts: readonly Mount[];
  /** What must be done besides what its links wait for. */
  readonly dependsOn: readonly Ready[];
}
