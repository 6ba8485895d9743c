/** What the settings say of registries. */
interface Registries {
  readonly registries: Readonly<Record<string, { readonly mirror?: string | undefined }>>;
}

/** What stands in for each host. */
export function mirrorsOf({ registries }: Registries): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(registries).flatMap(([host, { mirror }]) => (mirror === undefined ? [] : [[host, mirror]])),
  );
}
