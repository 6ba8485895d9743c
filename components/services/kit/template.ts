import { all, output, type Output } from "@pulumi/pulumi";
import { isSecret, type Fact } from "./fact.ts";

/** Facts by the name that stands in braces, such as `database.host`. */
export type Facts = Readonly<Record<string, Fact>>;

const PART = /\{([\w.]+)\}/g;

/** Names in braces that are no facts. */
export function unknownParts(template: string, facts: Facts): readonly string[] {
  return [...template.matchAll(PART)].flatMap(([, name = ""]) => (Object.hasOwn(facts, name) ? [] : [name]));
}

/**
 * A template with its facts. With a secret among them all of it is secret. In a
 * URL each fact is percent-encoded, unless it is a URL or an address itself: a
 * password with a slash would end the host's name.
 */
export function filled(template: string, facts: Facts): string | Output<string> {
  const isUrl = template.includes("://");
  const parts = template.split(PART).map((text, index) => (index % 2 === 0 ? text : part(facts[text], isUrl)));
  const plain = parts.flatMap((each) => (isSecret(each) ? [] : [each]));
  return plain.length === parts.length
    ? plain.join("")
    : all(parts.map((each) => output(each))).apply((texts) => texts.join(""));
}

function part(given: Fact | undefined, isUrl: boolean): string | Output<string> {
  const { value, isAddress = false } = given ?? { value: "" };
  if (!isUrl || isAddress) return value;
  return isSecret(value) ? value.apply(encodeURIComponent) : encodeURIComponent(value);
}
