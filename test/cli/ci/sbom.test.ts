import { readFileSync } from "node:fs";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { expect, it } from "vitest";
import { imagesBom } from "../../../cli/ci/sbom.ts";
import { CATALOGUE } from "../../../components/services/catalogue.ts";
import { stackOf } from "../../support/record/stacks.ts";

const IDENTITY = { project: "apprun", stack: "prod" };
const DIGEST = `sha256:${"a".repeat(64)}`;

interface Bom {
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly hashes?: readonly { readonly content: string }[];
  }[];
}
const bomOf = (references: readonly string[]) => JSON.parse(imagesBom(IDENTITY, references)) as Bom;

it.each([
  ["postgres:17-alpine", "postgres", "17-alpine", "pkg:docker/library/postgres@17-alpine"],
  ["oryd/kratos:v1.3.1", "oryd/kratos", "v1.3.1", "pkg:docker/oryd/kratos@v1.3.1"],
  ["quay.io/a/b:1", "quay.io/a/b", "1", "pkg:docker/a/b@1?repository_url=quay.io"],
  ["localhost:5000/b:1", "localhost:5000/b", "1", "pkg:docker/b@1?repository_url=localhost%3A5000"],
  [`a/b:1@${DIGEST}`, "a/b", DIGEST, `pkg:docker/a/b@sha256%3A${"a".repeat(64)}`],
])("image %s is one component", (reference, name, version, purl) => {
  const { components } = bomOf([reference, reference]);
  expect(components.map((component) => [component.name, component.version, component.purl])).toEqual([
    [name, version, purl],
  ]);
  expect(components[0]?.hashes?.map(({ content }) => content)).toEqual(
    reference.includes("@") ? ["a".repeat(64)] : undefined,
  );
});

it("every image of a stack is in its document, which fits CycloneDX's schema and is the same each time", async () => {
  const { inventory } = (await stackOf({})).result;
  const references = inventory.workloads.map(({ reference }) => reference);
  const text = imagesBom(IDENTITY, references);
  expect(imagesBom(IDENTITY, [...references].reverse())).toBe(text);
  expect((JSON.parse(text) as Bom).components.length).toBe(new Set(references).size);
  expect(text).toContain(`"version": "${CATALOGUE.kratos.tag}"`);
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBeNull();
});

it("a release keeps both documents", () => {
  const workflow = readFileSync(".github/workflows/deploy.yml", "utf8");
  expect(workflow).toContain("images.cdx.json");
  expect(workflow).toContain("packages.cdx.json");
});
