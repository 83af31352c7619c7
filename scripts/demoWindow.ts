/** A VS Code that shows the demo. */
export interface DemoWindow {
  /** Settles when the person has closed it, or when it ended by itself. */
  readonly closed: Promise<unknown>;
  /** Ends it and removes what it needed. */
  close(): Promise<void>;
}
