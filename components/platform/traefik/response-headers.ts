import type { ResponseHeaders, Who } from "../../model/response-headers.ts";

/** The header that says what a page may use: each of these is open to everybody in some browser otherwise. */
export function permissionsPolicy(headers: ResponseHeaders): string {
  return (["camera", "geolocation", "microphone"] as const)
    .map((feature) => `${feature}=(${allowed(headers[feature]).join(" ")})`)
    .join(", ");
}

function allowed(who: Who): readonly string[] {
  if (isList(who)) return ["self", ...who.map((origin) => `"${origin}"`)];
  return who === "self" ? ["self"] : [];
}

/** Who may show a page in a frame, in Traefik's words. */
export function frameOptions({ frames }: ResponseHeaders): object {
  if (isList(frames)) return { contentSecurityPolicy: `frame-ancestors 'self' ${frames.join(" ")}` };
  switch (frames) {
    case "none":
      return { customFrameOptionsValue: "DENY" };
    case "self":
      return { customFrameOptionsValue: "SAMEORIGIN" };
    case "app":
      return {};
  }
}

export function isList(who: Who | "app"): who is readonly string[] {
  return typeof who !== "string";
}
