/** An amount of memory or disk in binary units. */
export type Bytes = `${number}${"Mi" | "Gi"}`;

/** CPU time: whole or fractional cores (`"1.5"`) or thousandths (`"500m"`). */
export type Cpu = `${number}m` | `${number}`;

/** A span of time. */
export type Duration = `${number}${"s" | "m" | "h" | "d"}`;

export const BYTES_PATTERN = /^\d+(\.\d+)?(Mi|Gi)$/;
export const CPU_PATTERN = /^(\d+m|\d+(\.\d+)?)$/;
export const DURATION_PATTERN = /^\d+(s|m|h|d)$/;

/** The amount in MiB, rounded down. */
export function mebibytes(amount: Bytes): number {
  const value = Number.parseFloat(amount);
  return Math.floor(amount.endsWith("Gi") ? value * 1024 : value);
}

/** The CPU time in thousandths of a core. */
export function millicores(cpu: Cpu): number {
  const value = Number.parseFloat(cpu);
  return Math.round(cpu.endsWith("m") ? value : value * 1000);
}

const SECONDS_IN = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** The span in seconds. */
export function seconds(duration: Duration): number {
  const unit = duration.slice(-1) as keyof typeof SECONDS_IN;
  return Number.parseInt(duration, 10) * SECONDS_IN[unit];
}

/** MiB as people write them: `1536` is `1.5Gi`, `300` is `300Mi`. */
export function formatMebibytes(amount: number): Bytes {
  if (amount < 1024) return `${Math.round(amount)}Mi`;
  return `${Math.round((amount / 1024) * 100) / 100}Gi`;
}

/** Thousandths of a core as people write them: `1500` is `1.5`. */
export function formatMillicores(amount: number): string {
  return String(Math.round(amount / 10) / 100);
}
