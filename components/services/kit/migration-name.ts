const SUFFIX = "-migrate";

/** The job that brings a workload's data up to date. */
export function migrationName(workload: string): string {
  return `${workload}${SUFFIX}`;
}

/** The workload that a container belongs to, which its migration has variables and files of. */
export function migrated(container: string): string {
  return container.endsWith(SUFFIX) ? container.slice(0, -SUFFIX.length) : container;
}
