import { expect, it } from "vitest";
import { generationsOf } from "../../components/model/rotation.ts";

it.each<[string, number, [string, boolean][]]>([
  ["cache-password", 1, [["cache-password", true]]],
  [
    "cache-password",
    2,
    [
      ["cache-password-2", true],
      ["cache-password", false],
    ],
  ],
  [
    "cache-password",
    5,
    [
      ["cache-password-5", true],
      ["cache-password-4", false],
    ],
  ],
  [
    "kratos-cipher",
    3,
    [
      ["kratos-cipher-3", true],
      ["kratos-cipher-2", true],
      ["kratos-cipher", true],
    ],
  ],
  ["cloudflare-tunnel-secret", 1, [["cloudflare-tunnel-secret", true]]],
])("generation %s %i", (secret, current, expected) => {
  expect(generationsOf(secret, current).map(({ resource, needed }) => [resource, needed])).toEqual(expected);
});
