// Elements from texts: nothing here reads markup, so that no text can become any.

type Values = Record<string, string | boolean>;

/** An element with these attributes and children; a false attribute is left out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  values: Values = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(values)) {
    if (value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** A number and its noun. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
}
