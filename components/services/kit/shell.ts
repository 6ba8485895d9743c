/** Tries of a command that needs another service. */
const TRIES = 20;

/**
 * Shell lines that try a command once a second until it succeeds, and end the
 * script when it never does. A new container's way to another service may open
 * some seconds after its start: network policies learn its address then.
 */
export function retried(command: string): string {
  return [
    "try=1",
    `until ${command}; do`,
    `  if [ "$try" -ge ${TRIES} ]; then exit 1; fi`,
    "  try=$((try + 1))",
    "  sleep 1",
    "done",
  ].join("\n");
}
