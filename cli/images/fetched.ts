import { CliError, reasonOf } from "../kit/exit.ts";

/**
 * @param timeout milliseconds
 * @throws CliError that names the host, for one that does not answer
 */
export async function fetched(url: string, headers: Record<string, string>, timeout = 30_000): Promise<Response> {
  const get = () => fetch(url, { headers, signal: AbortSignal.timeout(timeout) });
  try {
    // A connection that was kept while a password was read may be closed by now.
    return await get().catch((error: unknown) => (wasReset(error) ? get() : Promise.reject(error as Error)));
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    throw new CliError(
      {
        happened: `the registry at ${new URL(url).host} cannot be asked: ${reasonOf(cause ?? error)}`,
        fix: "run it where that host can be reached",
      },
      undefined,
      { cause: error },
    );
  }
}

function wasReset(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code === "ECONNRESET" || cause?.code === "UND_ERR_SOCKET";
}
