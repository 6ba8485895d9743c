import { NOT_ELSEWHERE, type StackPolicy } from "../policy.ts";

export const databasesProtected: StackPolicy = {
  kind: "stack",
  name: "databases-protected",
  description: "In production the engine refuses to delete a database that it made on a managed server.",
  enforcement: NOT_ELSEWHERE,
  allowed: "protected databases",
  remedy: "leave volumes.protect on",
  check: (resources) =>
    resources
      .filter(({ type, protect }) => type === "postgresql:index/database:Database" && !protect)
      .map(({ name }) => `database "${name}": got one that is not protected`),
};
