// Light or dark: the system's choice until the reader makes one, which is remembered.

const KEY = 'onestory.theme';

/** `light` or `dark`, as shown now. */
export function theme() {
  return localStorage.getItem(KEY) ?? (matchMedia('(prefers-color-scheme: dark)').matches
    ? 'dark' : 'light');
}

/** Shows the remembered choice; without one the style sheet follows the system. */
export function applyTheme() {
  const kept = localStorage.getItem(KEY);
  if (kept) document.documentElement.dataset.theme = kept;
}

export function switchTheme() {
  localStorage.setItem(KEY, theme() === 'dark' ? 'light' : 'dark');
  applyTheme();
}
