import type { Failure } from "../../components/model/problem.ts";
import { CliError } from "../kit/exit.ts";

/** A registry answered that whoever asks may not read. Every other error says nothing of the image. */
export class RegistryRefusal extends CliError {}

/** The error for an answer that is not what was asked for. */
export function badAnswer(status: number, failure: Failure): CliError {
  return status === 401 || status === 403 ? new RegistryRefusal(failure) : new CliError(failure);
}
