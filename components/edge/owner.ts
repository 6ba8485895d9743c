import { physicalName, type StackIdentity } from "../model/identity.ts";

/** What the names of everything of a stack in a Cloudflare account begin with, and the comment of its records: by it they are found without the state. */
export function edgeOwner(identity: StackIdentity): string {
  return physicalName(identity, "edge");
}
