import { z } from "zod";

/** What other tools take here and what no setting can open: the policy or the rule that holds against it. */
const REASONS = {
  privileged: "the policy no-privileged holds for every container",
  capabilities: "the policy capabilities-dropped holds for every container",
  user: "image.uid and image.gid say it, and the policy non-root refuses 0",
  devices: "a container gets no device of its host",
  hostPath: "the policy no-host-paths lets volumes of the stack pass only; volumes has them",
  hostPort: "the policy only-proxy-public lets the proxy alone listen on the host; route leads to the service",
  ports: "the policy only-proxy-public lets the proxy alone listen on the host; port says where it listens",
  networks: "connectsTo says whom it reaches",
  hostNetwork: "the policy no-host-namespaces holds for every container",
} as const;

/** A key a reason, so that who brings a file of another tool reads why. */
export const REFUSED = Object.fromEntries(
  Object.entries(REASONS).map(([key, reason]) => [key, z.never({ error: `nothing: ${reason}` }).optional()]),
) as Readonly<Record<keyof typeof REASONS, z.ZodOptional<z.ZodNever>>>;
