import { expect, it } from "vitest";
import { generationsOf } from "../../components/model/rotation.ts";

it.each<[string, number, boolean, [string, boolean][]]>([
  ["cache-password", 1, false, [["cache-password", true]]],
  [
    "cache-password",
    2,
    false,
    [
      ["cache-password-2", true],
      ["cache-password", false],
    ],
  ],
  [
    "cache-password",
    5,
    false,
    [
      ["cache-password-5", true],
      ["cache-password-4", false],
    ],
  ],
  [
    "kratos-cipher",
    3,
    true,
    [
      ["kratos-cipher-3", true],
      ["kratos-cipher-2", true],
      ["kratos-cipher", true],
    ],
  ],
  ["cloudflare-tunnel-secret", 1, false, [["cloudflare-tunnel-secret", true]]],
])("generation %s %i", (secret, generation, allStay, expected) => {
  expect(generationsOf(secret, { generation, allStay }).map(({ resource, needed }) => [resource, needed])).toEqual(
    expected,
  );
});
