/** The page of one of the app's further host names. */
export function hostPageName(host: string): string {
  return `app-at-${host.replaceAll(".", "-")}`;
}
