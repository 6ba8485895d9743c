const trait = (type: object, extension?: object) => ({ ...type, ...(extension && { "ory.sh/kratos": extension }) });
/** An identity schema as an operator writes one: a name to log in with, and a trait that has to be given. */
export const CUSTOMER_SCHEMA = schemaWith({});

/** The same for a login that sends mails: the address is verified by one, and a forgotten password comes back by one. */
export const MAILED_SCHEMA = schemaWith({ verification: { via: "email" }, recovery: { via: "email" } });

function schemaWith(mailed: object) {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: {
      traits: {
        type: "object",
        properties: {
          email: trait(
            { type: "string", format: "email", title: "E-mail" },
            { credentials: { password: { identifier: true }, totp: { account_name: true } }, ...mailed },
          ),
          company: trait({ type: "string", minLength: 2, title: "Company" }),
        },
        required: ["email", "company"],
        additionalProperties: false,
      },
    },
  };
}
