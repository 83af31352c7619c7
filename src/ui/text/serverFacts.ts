/** What a row says of a server beyond its connection. Everything is fit to be shown. */
export interface ServerFacts {
  /** As a person writes it: `vc-paris.corp` or `10.0.0.4:8443`. */
  readonly address: string;
  /** The embedded vCenter. */
  readonly isDemo: boolean;
  /** How the server proves who it is; `none` for a simulator on this machine without TLS. */
  readonly trust: 'verified' | 'pinned' | 'none';
  /** Where the password lies, fit for the middle of a sentence (`the OS keychain`); undefined when it is kept nowhere. */
  readonly passwordStore: string | undefined;
  /** Product and version, known once somebody was signed in: `vCenter 8.0.3`. */
  readonly product: string | undefined;
}
