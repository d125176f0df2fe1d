/** Shortest and longest password, in characters. */
export const passwordLength = { min: 12, max: 200 } as const;

const differentMin = 5;

/** What is wrong with a password; undefined when it will do. */
export type PasswordFault = 'too-short' | 'too-long' | 'too-uniform' | 'like-login';

/** Long beats complicated: at least 12 characters, 5 of them different, and not built around the login name. */
export function passwordFault(password: string, login: string): PasswordFault | undefined {
  const characters = [...password];
  if (characters.length < passwordLength.min) return 'too-short';
  if (characters.length > passwordLength.max) return 'too-long';
  if (new Set(characters).size < differentMin) return 'too-uniform';
  return password.toLowerCase().includes(login.toLowerCase()) ? 'like-login' : undefined;
}

/** A login name as it is compared: lower case; undefined when it is not 3 to 64 of a–z, 0–9, dot, dash, underscore, @. */
export function normalisedLogin(login: string): string | undefined {
  const lower = login.trim().toLowerCase();
  return /^[a-z0-9][a-z0-9._@-]{2,63}$/.test(lower) ? lower : undefined;
}
