/** What the repository has and an installed extension has not: pictures, other documents, sources. */
const repositoryOnly = /^<!-- repository only -->\n.*?^<!-- \/repository only -->\n\n?/gms;

/**
 * The README for people who have the extension and not the repository.
 *
 * @throws Error when it still leads to files of the repository: the editor would show broken pictures and dead links.
 */
export function vsixReadme(markdown: string): string {
  const readme = markdown.replaceAll(repositoryOnly, '');
  const dead = [...readme.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)]
    .map(([, link, attribute]) => link ?? attribute ?? '')
    .filter((link) => !/^(?:[a-z]+:|#)/.test(link));
  if (dead.length > 0) {
    throw new Error(`README.md has to mark as "repository only": ${dead.join(', ')}`);
  }
  return readme;
}
