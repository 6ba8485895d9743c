import type { Settings } from "./settings.ts";
import { selectImage, type ImageName } from "../model/images.ts";
import { KRATOS_SCHEMA_VERSION } from "../services/kratos/config.ts";
import { TEMPORAL_SCHEMA_VERSION } from "../services/temporal/config.ts";

/** A schema that a service of the stack brings up by itself, and what its image works on. */
export interface StackSchema {
  readonly name: string;
  readonly database: string;
  /** What answers with the version that the database has. */
  readonly sql: string;
  /** The image that works on it. */
  readonly reference: string;
  /** The version that the image works on. `@default -` not known: another tag than the catalogue's */
  readonly needs?: string;
  /** The job that brings it up. */
  readonly job: string;
}

interface Versioned extends Pick<StackSchema, "database" | "sql" | "job"> {
  readonly image: ImageName;
}

const SCHEMAS: readonly Versioned[] = [
  { database: "kratos", sql: KRATOS_SCHEMA_VERSION, image: "kratos", job: "kratos-migrate" },
  { database: "temporal", sql: TEMPORAL_SCHEMA_VERSION, image: "temporal", job: "temporal-schema" },
  { database: "temporal_visibility", sql: TEMPORAL_SCHEMA_VERSION, image: "temporal", job: "temporal-schema" },
];

/** Every schema of a stack that has a version. */
export function schemaVersions({ temporal, images }: Pick<Settings, "temporal" | "images">): readonly StackSchema[] {
  return SCHEMAS.filter(({ image }) => temporal.enabled || image !== "temporal").map(({ image: name, database, sql, job }) => {
    const { reference, schemas = {} } = selectImage(name, images);
    const needs = schemas[database];
    return { name: database, database, sql, reference, job, ...(needs !== undefined && { needs }) };
  });
}
