/** Name of the service that everything public passes through. */
export const PROXY = "proxy";
