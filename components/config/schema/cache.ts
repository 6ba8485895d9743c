import { z } from "zod";
import { resources } from "./resources.js";
import { bytes, oneOf } from "../scalars.js";

/** Cache and event store. */
export const cache = z
  .strictObject({
    engine: oneOf("valkey", "redis").default("valkey"),
    maxMemory: bytes().default("512Mi").describe("Memory for data; above it the policy decides."),
    policy: oneOf("allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-ttl", "noeviction").default("allkeys-lru"),
    storage: bytes().default("2Gi"),
    resources: resources("500m", "768Mi", "100m", "256Mi"),
  })
  .prefault({});
