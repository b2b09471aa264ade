/** The text, or `null` when nothing of it can be seen: blanks, joiners, marks without a letter. */
export function seeable(text: string | null): string | null {
  return text !== null && /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{C}\p{M}]/u.test(text)
    ? text
    : null;
}
