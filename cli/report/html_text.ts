/**
 * Text from elsewhere inside an HTML document: between tags, in attributes, and as JSON in a script
 * element. The parts of the HTML report put everything through here that they did not write themselves.
 */

/** Text between tags or in a quoted attribute; what cannot stand in a document is replaced. */
export function escapeHtml(text: string): string {
  return text
    // deno-lint-ignore no-control-regex -- HTML has no place for these, and readers no sign.
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g, "\uFFFD")
    .replace(/\p{Cs}/gu, "\uFFFD")
    // Marks that turn the direction of the text around would turn that of the report.
    .replace(/[\u202A-\u202E\u2066-\u2069]/g, "")
    .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;").replace(/'/g, "&#39;");
}

/** A value as JSON that may stand in a script element: nothing in it can end or open an element. */
export function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
