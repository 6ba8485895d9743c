import { z } from "zod";

const ORIGIN = 'an origin such as "https://example.com" or "http://localhost:3000"';

/** Sites besides the app's own whose pages may call a service. */
export const origins = () =>
  z
    .array(z.string({ error: ORIGIN }).regex(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/, ORIGIN), {
      error: "a list of origins",
    })
    .default([]);
