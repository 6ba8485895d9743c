import type { SchemaSource } from "../model/schema-version.ts";
import { selectImage, SERVICES, type ImageName } from "../services/catalogue.ts";
import { databaseName } from "../services/postgres/names.ts";
import type { Settings } from "./settings.ts";

/** A schema of the stack, and what its image works on. */
export interface StackSchema extends Omit<SchemaSource, "image"> {
  /** Its name: the stack's for its database. */
  readonly name: string;
  /** The image that works on it. */
  readonly reference: string;
  /** The version that the image works on. `@default -` not known: another tag than the catalogue's */
  readonly needs?: string;
}

/** Every schema of a stack that a service brings up by itself. */
export function schemaVersions(settings: Settings): readonly StackSchema[] {
  return SERVICES.flatMap((service): readonly SchemaSource<ImageName>[] =>
    "schemas" in service ? service.schemas(settings) : [],
  ).map(({ database, sql, image, job }) => {
    const { reference, schemas = {} } = selectImage(image, settings.images);
    const needs = schemas[database];
    return {
      name: database,
      database: databaseName(settings.postgres, database),
      sql,
      reference,
      job,
      ...(needs !== undefined && { needs }),
    };
  });
}
