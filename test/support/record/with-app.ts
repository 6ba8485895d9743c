/** Settings that name no app get the one of the catalogue: what the sample app is has tests of its own. */
export function withApp(values: Record<string, unknown>): Record<string, unknown> {
  const { app, images } = values as { app?: { image?: object }; images?: { pins?: { apprun?: object } } };
  if (app?.image !== undefined || images?.pins?.apprun !== undefined) return values;
  return { ...values, images: { ...images, pins: { ...images?.pins, apprun: { tag: "1.0.0" } } } };
}
