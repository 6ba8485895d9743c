import { isIP } from "node:net";
import { z } from "zod";

const RANGES = 'a list of address ranges such as ["10.42.0.0/16", "fd00:42::/56"], none of them everybody';

/** An address, or a range of some of them: whoever is in it may do something that not everybody may. */
export function isSome(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** Ranges of addresses of both families, each with its prefix. */
export const ranges = () =>
  z.array(
    z.string({ error: RANGES }).refine((text) => text.includes("/") && isSome(text), RANGES),
    { error: RANGES },
  );
