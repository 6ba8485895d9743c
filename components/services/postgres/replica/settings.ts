import { z } from "zod";
import { bytes, flag } from "../../../settings/kit/scalars.ts";

/** A second server that follows the first. */
export const replica = z
  .strictObject({
    enabled: flag()
      .default(false)
      .describe(
        "A second server with a volume of its own that follows the first: for reads, and to take the place of data that is lost. Turning it on restarts PostgreSQL once. Only with mode container on a Docker host.",
      ),
    keptLog: bytes()
      .optional()
      .describe(
        "Write-ahead log that PostgreSQL keeps for a replica that does not take it; when absent a fifth of postgres.storage, and 64Mi or more. A replica that is further behind is copied again.",
      ),
  })
  .prefault({});
