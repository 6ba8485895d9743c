import { parse } from "yaml";
import { expect, it } from "vitest";
import { withPins } from "../../../cli/images/pins.ts";
import { parseImage } from "../../../policies/read/image.ts";
import { imageDigest } from "../../../policies/images/digest.ts";
import { selectImage } from "../../../components/services/catalogue.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const FILE = `# What production is.
config:
  apprun:images:
    registry: mirror.example.com/hub # ours
    pins:
      kratos: { tag: v26.2.0 }
  apprun:domain: example.com
`;

it("pins are written beside what is there, and comments stay", () => {
  const text = withPins(FILE, [{ image: "postgres", tag: "17-alpine", digest: DIGEST }]);
  expect(text).toContain("# What production is.");
  expect(text).toContain("# ours");
  expect(parse(text)).toEqual({
    config: {
      "apprun:images": {
        registry: "mirror.example.com/hub",
        pins: { kratos: { tag: "v26.2.0" }, postgres: { tag: "17-alpine", digest: DIGEST } },
      },
      "apprun:domain": "example.com",
    },
  });
});

it("pins written twice are the same text", () => {
  const pins = [{ image: "postgres", tag: "17-alpine", digest: DIGEST }];
  expect(withPins(withPins(FILE, pins), pins)).toBe(withPins(FILE, pins));
});

it("a file without images gets them", () => {
  expect(parse(withPins("config: {}\n", [{ image: "nats", tag: "2.15-alpine", digest: DIGEST }]))).toEqual({
    config: { "apprun:images": { pins: { nats: { tag: "2.15-alpine", digest: DIGEST } } } },
  });
});

it("the policy image-digest has nothing to say about a pinned image, and names the command for others", () => {
  const { reference } = selectImage("postgres", { pins: { postgres: { tag: "17-alpine", digest: DIGEST } } });
  expect(parseImage(reference).digest).toBe(DIGEST);
  expect(imageDigest.remedy).toContain("images digests");
});
