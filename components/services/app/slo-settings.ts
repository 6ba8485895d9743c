import { z } from "zod";

const percent = () => {
  const allowed = "a percentage from 50 to 99.99";
  return z.number({ error: allowed }).min(50, allowed).max(99.99, allowed);
};

/** Objectives of the app over 30 days. */
export const slo = z
  .strictObject({
    availability: percent().default(99.5).describe("Percentage of requests that must not end with a server's error."),
    latency: percent().default(95).describe("Percentage of requests that must be answered within a second."),
  })
  .prefault({});
