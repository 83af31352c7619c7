// Far more than a vCenter and whatever stands before it ever set; against a server that would fill our memory.
const maxCookies = 20;
const maxCookieLength = 4_096;

/**
 * The cookies of one server.
 *
 * @remarks A value goes back exactly as it came: vCenter writes its session's in quotes and wants them. Paths and
 * domains are not looked at, because requests go to one path of one server only.
 */
export class Cookies {
  private readonly values = new Map<string, string>();

  /** What to send as the Cookie header; undefined when there is nothing. */
  get header(): string | undefined {
    return this.values.size === 0 ? undefined : [...this.values].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Takes over what a reply sets. Any reply may renew a cookie. */
  accept(setCookie: readonly string[] | undefined): void {
    for (const line of setCookie ?? []) {
      const match = /^\s*([^=;\s]+)\s*=\s*("[^"]*"|[^;]*)(.*)$/s.exec(line);
      const [, name = '', value = '', attributes = ''] = match ?? [];
      if (name === '' || line.length > maxCookieLength || /[\r\n]/.test(line)) {
        continue;
      }
      if (/;\s*max-age\s*=\s*(?:0|-\d+)\s*(?:;|$)/i.test(attributes)) {
        this.values.delete(name);
      } else if (this.values.has(name) || this.values.size < maxCookies) {
        this.values.set(name, value.trim());
      }
    }
  }

  clear(): void {
    this.values.clear();
  }
}
