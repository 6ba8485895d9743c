import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { z } from "zod";
import { CRON_FORM, cronFields, type Cron } from "../../model/cron.ts";
import {
  BYTES_PATTERN,
  CPU_PATTERN,
  DURATION_PATTERN,
  type Bytes,
  type Cpu,
  type Duration,
} from "../../model/units.ts";

/** A string of one form, typed as that form; `allowed` completes the message on any other value. */
function patterned<T extends string>(regex: RegExp, allowed: string): z.ZodType<T, T> {
  return z.string({ error: allowed }).regex(regex, allowed) as unknown as z.ZodType<T, T>;
}

export const bytes = () => patterned<Bytes>(BYTES_PATTERN, 'an amount such as "512Mi" or "2Gi"');
/** A number is taken too: `pulumi config set --path` writes one for `2`. */
export const cpu = () => {
  const allowed = 'CPU time such as "500m" or "1.5"';
  const number = z
    .number()
    .refine((cores) => CPU_PATTERN.test(String(cores)), allowed)
    .transform((cores) => String(cores) as Cpu);
  return z.union([patterned<Cpu>(CPU_PATTERN, allowed), number], { error: allowed });
};
export const duration = () => patterned<Duration>(DURATION_PATTERN, 'a span such as "30s", "12h" or "30d"');
export const cron = () =>
  z.string({ error: CRON_FORM }).refine((expression: Cron) => {
    try {
      return cronFields(expression).minute.length > 0;
    } catch {
      return false;
    }
  }, CRON_FORM);
export const hostName = () =>
  patterned<string>(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    'a host name in lower case such as "example.com"',
  );
/** What stands for the stack's own name in a setting that several stacks have in common. */
export const STACK_NAME = "{stack}";
const STACK_HOST = `a host name in lower case such as "example.com" or "${STACK_NAME}.example.com"`;
export const stackHostName = () =>
  z
    .string({ error: STACK_HOST })
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?|\{stack\})(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/, {
      error: ({ input }) => `${STACK_HOST}${asciiForm(String(input))}`,
    })
    .refine((name) => isIP(name) === 0, {
      error: ({ input }) => `a name, because every page has one of its own below it, such as "${String(input)}.nip.io"`,
    })
    .refine((name) => name.length <= LONGEST_NAME && name.split(".").every((label) => label.length <= LONGEST_LABEL), {
      error: `a host name of at most ${LONGEST_NAME} characters, with at most ${LONGEST_LABEL} between two dots`,
    });

/** Of DNS (RFC 1035, 2.3.4), in characters. */
const LONGEST_LABEL = 63;
const LONGEST_NAME = 253;

/** How a name with other letters is written for DNS. */
function asciiForm(name: string): string {
  const ascii = domainToASCII(name);
  const isOther = ascii.split(".").some((label) => label.startsWith("xn--"));
  return isOther ? `; DNS writes this one "${ascii}"` : "";
}

export const count = (min: number, max: number) => {
  const allowed = `a whole number from ${min} to ${max}`;
  return z.int({ error: allowed }).min(min, allowed).max(max, allowed);
};
export const port = () => count(1, 65_535);
export const flag = () => z.boolean({ error: "true or false" });
export const text = (allowed: string) => z.string({ error: allowed }).min(1, allowed);

const DIGEST = "sha256: and 64 hexadecimal digits";
/** The digest of an image. */
export const digest = () =>
  z
    .string({ error: DIGEST })
    .regex(/^sha256:[0-9a-f]{64}$/, DIGEST)
    .meta({ examples: [`sha256:${"0123456789abcdef".repeat(4)}`] });

/** A certificate; whether it is one is checked with the other settings. */
export const pem = () => text("a certificate in PEM").meta({ examples: ["-----BEGIN CERTIFICATE-----…"] });

export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: `one of ${values.map((value) => `"${value}"`).join(", ")}` });
