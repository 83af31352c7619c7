// An account has two spellings: `user@domain`, as people log in, and `DOMAIN\user`, as vCenter reports it.

/** One text for both spellings, whatever their case. */
export function accountKey(name: string): string {
  const [, domain, user] = /^([^\\]+)\\(.+)$/.exec(name) ?? [];
  return (domain === undefined ? name : `${user ?? ''}@${domain}`).toLowerCase();
}

/** As vCenter reports it. */
export function reportedAccount(name: string): string {
  const at = name.lastIndexOf('@');
  return at < 0 ? name : `${name.slice(at + 1).toUpperCase()}\\${name.slice(0, at)}`;
}
