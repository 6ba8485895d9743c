import { z } from "zod";
import { OWN_SECRETS, OWN_SECRETS_DESCRIPTION } from "./own-secrets.ts";
import { SECRET_KEYS, settingsSchema } from "./schema.ts";

/** JSON schema of a whole stack file, for editors. */
export function stackFileSchema(project: string): object {
  const settings = z.toJSONSchema(settingsSchema, {
    io: "input",
    target: "draft-7",
    // Left out where a value is read in two forms; an editor shows it all the same.
    override: ({ zodSchema: { _zod }, jsonSchema }) => {
      if (_zod.def.type === "default") jsonSchema.default ??= _zod.def.defaultValue as typeof jsonSchema.default;
    },
  }) as {
    properties: Record<string, object>;
  };
  const encrypted = {
    type: "object",
    properties: { secure: { type: "string" } },
    required: ["secure"],
    additionalProperties: false,
  };
  const named = {
    type: "object",
    properties: { secret: { type: "string" } },
    required: ["secret"],
    additionalProperties: false,
  };
  const plain = Object.entries(settings.properties).map(([key, schema]) => [`${project}:${key}`, schema]);
  const secrets = Object.entries(SECRET_KEYS).map(([key, description]) => [
    `${project}:${key}`,
    { anyOf: [encrypted, named], description },
  ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `Settings of one ${project} stack`,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: {
          ...(Object.fromEntries([...plain, ...secrets]) as object),
          [`${project}:${OWN_SECRETS}`]: {
            type: "object",
            additionalProperties: encrypted,
            description: OWN_SECRETS_DESCRIPTION,
          },
        },
        additionalProperties: false,
      },
      encryptionsalt: { type: "string" },
      secretsprovider: { type: "string" },
      encryptedkey: { type: "string" },
    },
    additionalProperties: false,
  };
}
