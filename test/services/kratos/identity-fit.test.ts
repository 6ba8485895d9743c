import { describe, expect, it } from "vitest";
import { misfitsOf } from "../../../components/services/kratos/identity-fit.ts";

const schemaOf = (properties: object, more: object = {}) => ({
  $id: "https://example.com/customer.schema.json",
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  properties: { traits: { type: "object", properties, ...more } },
});
const EMAIL = {
  type: "string",
  format: "email",
  "ory.sh/kratos": { credentials: { password: { identifier: true } }, verification: { via: "email" } },
};
const ADA = { email: "ada@example.com" };

describe("traits", () => {
  it.each<[string, object, object, unknown, readonly string[]]>([
    ["that have what is asked for", { email: EMAIL }, { required: ["email"] }, ADA, []],
    ["without a new one that is not asked for", { email: EMAIL, company: { type: "string" } }, {}, ADA, []],
    [
      "without a new one that is asked for",
      { email: EMAIL },
      { required: ["email", "company"] },
      ADA,
      ["traits: required company"],
    ],
    ["with one that is gone", {}, { additionalProperties: false }, ADA, ["traits: additionalProperties"]],
    [
      "with a shorter one",
      { company: { type: "string", minLength: 3 } },
      {},
      { company: "AE" },
      ["traits.company: minLength"],
    ],
    ["with another type", { company: { type: "object" } }, {}, { company: "AE" }, ["traits.company: type"]],
    ["of another format", { email: EMAIL }, {}, { email: "ada" }, ["traits.email: format"]],
    ["of a format of Kratos' own", { phone: { type: "string", format: "tel" } }, {}, { phone: "+49 30 123456" }, []],
    ["of a format that nobody knows", { phone: { type: "string", format: "no-validate" } }, {}, { phone: "x" }, []],
    ["without any", { email: EMAIL }, { required: ["email"] }, undefined, ["traits: required email"]],
    [
      "with several faults, each place once",
      { email: EMAIL, tags: { type: "array", items: { type: "string" } } },
      { required: ["company"] },
      { email: "ada", tags: [1, 2] },
      ["traits.email: format", "traits.tags.items: type", "traits: required company"],
    ],
    [
      "called like a keyword",
      { properties: { type: "object", properties: { a: { type: "string" } } } },
      {},
      { properties: { a: 1 } },
      ["traits.properties.a: type"],
    ],
  ])("%s are told by places in the schema", (_, properties, more, traits, places) => {
    expect(misfitsOf(schemaOf(properties, more))(traits)).toEqual(places);
  });

  it("are never told by a word of theirs, not even by one that is a key", () => {
    const phones = { type: "object", additionalProperties: { type: "number" } };
    const places = misfitsOf(schemaOf({ phones }))({ phones: { "ada@example.com": "secret" } });
    expect(places).toEqual(["traits.phones.additionalProperties: type"]);
  });
});
