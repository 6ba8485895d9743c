/**
 * What the API gives and takes, as data. The client has classes for it, and
 * neither a literal nor a copy with other parts is an instance of one; it sends
 * both alike.
 */
export type Plain<T> = T extends Date
  ? T
  : T extends readonly (infer E)[]
    ? Plain<E>[]
    : T extends object
      ? { [K in keyof T]: Plain<T[K]> }
      : T;
