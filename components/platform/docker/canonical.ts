import { millicores, seconds, type Cpu, type Duration } from "../../model/units.ts";

// Values in the form in which the provider reads them back. Any other form is
// a difference after every refresh, and these differences replace containers.

/** CPU time as a decimal with at least one digit behind the point: `1.0`, `0.25`. */
export function canonicalCpus(cpu: Cpu): string {
  const cores = millicores(cpu) / 1000;
  return Number.isInteger(cores) ? `${cores}.0` : String(cores);
}

/** A span as Go prints it: `90s` is `1m30s`, `1h` is `1h0m0s`. */
export function canonicalDuration(duration: Duration): string {
  const total = seconds(duration);
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}
