/** Files that a card could be in. Anything else (a PDF, a page) is a description for people. */
const readable = /\.(?:md|markdown|json|jsonld|ya?ml)$/iu;

/** Whether a `card:` names a file to read, and not a URL, a DOI, a hub’s id or words. Nothing is ever fetched. */
export function isCardFile(pointer: string): boolean {
  const text = pointer.trim();
  const elsewhere = /^(?:[a-z][a-z0-9+.-]+:|10\.\d{4,9}\/|www\.)/iu.test(text);
  return !elsewhere && readable.test(text);
}
