// What a message may hold at most, on both sides. Far above anything real, far below what would hurt.

/** Characters of a text that only has to be shown. */
export const maxShownText = 4_000;

/** Characters of a name or description in full, which somebody may want to edit. */
export const maxFullText = 200_000;

/** Characters of an identity. */
export const maxId = 500;

/** Rows of a tree. vSphere stops at 32 in a chain, and nobody has seen a thousand of one VM. */
export const maxRows = 5_000;
