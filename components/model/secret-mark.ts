/** What stands for a secret's value where there is no engine to decrypt or generate it. */
export function secretMark(name: string): string {
  return `__secret_${name}__`;
}

/** Whether a text holds a secret's stand-in, and so would hold the secret. */
export function holdsSecret(text: string): boolean {
  return /__secret_[\w-]+__/.test(text);
}
