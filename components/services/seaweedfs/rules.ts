import { mebibytes } from "../../model/units.ts";
import { problem, type Rule, type Slice } from "../../settings/kit/rule.ts";
import type { storage } from "../app/storage-settings.ts";
import { MINIMUM } from "./slots.ts";
import type { seaweedfs } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ seaweedfs: typeof seaweedfs; storage: typeof storage }>;

export const seaweedfsRules: readonly Rule<Read>[] = [
  ({ seaweedfs, storage: { mode } }) =>
    mode === "local-s3" && mebibytes(seaweedfs.storage) < mebibytes(MINIMUM)
      ? problem(
          "seaweedfs.storage",
          JSON.stringify(seaweedfs.storage),
          `at least ${MINIMUM}: the server divides it into volumes, of which each bucket takes several`,
          "raise it",
        )
      : undefined,
];
