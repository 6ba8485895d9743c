import { z } from "zod";

const HIDDEN = 'a list of paths such as ["/admin"], none of them the root';

/** Paths that nobody gets from outside. */
export const hiddenPaths = () =>
  z.array(z.string({ error: HIDDEN }).regex(/^\/[\w.~-][\w./~-]*$/, HIDDEN), { error: HIDDEN }).default([]);
