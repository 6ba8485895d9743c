import { z } from "zod";
import type { Bytes, Cpu } from "../../model/units.ts";
import { bytes, cpu } from "./scalars.ts";

/** Requests and limits of one service, with the given defaults. */
export const resources = (limitCpu: Cpu, limitMemory: Bytes, requestCpu: Cpu, requestMemory: Bytes) =>
  z
    .strictObject({
      requests: z
        .strictObject({ cpu: cpu().prefault(requestCpu), memory: bytes().default(requestMemory) })
        .prefault({}),
      limits: z.strictObject({ cpu: cpu().prefault(limitCpu), memory: bytes().default(limitMemory) }).prefault({}),
    })
    .prefault({});
