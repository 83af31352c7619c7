import type { Clock } from '../../common/clock';
import type { Disposable } from '../../common/disposable';
import type { PageParts } from '../../webview/protocol/toPage';

// Updates of a busy server come in bursts; a person sees no difference.
const publishAfterMs = 30;

// Ages are told in minutes at the finest, and by the hour once they are old.
const retellMs = 60_000;

/** Tells a page the parts that are different from what it was told, while somebody can see it. */
export class PartsPublisher implements Disposable {
  private readonly told = new Map<keyof PageParts, string>();
  private publishing: Disposable | undefined;
  private retelling: Disposable | undefined;
  private isVisible = false;

  /**
   * @param parts - everything that the page is to show now
   * @param tell - gives the page parts that it does not have yet
   */
  constructor(
    private readonly clock: Clock,
    private readonly parts: () => PageParts,
    private readonly tell: (parts: Partial<PageParts>) => void,
  ) {
    this.retell();
  }

  /** Whether the person can see the page. */
  setVisible(visible: boolean): void {
    this.isVisible = visible;
    if (visible) {
      this.publishSoon();
    }
  }

  /** The page knows nothing: it was loaded anew. */
  tellEverything(): void {
    this.told.clear();
    this.publish();
  }

  /** Tells what is different, once for several changes. */
  publishSoon(): void {
    if (!this.isVisible || this.publishing !== undefined) {
      return;
    }
    this.publishing = this.clock.schedule(publishAfterMs, () => {
      this.publish();
    });
  }

  /** Tells what is different at once, as to somebody who has just done something. */
  publish(): void {
    this.publishing?.dispose();
    this.publishing = undefined;
    if (!this.isVisible) {
      return;
    }
    const changed: Partial<Record<keyof PageParts, unknown>> = {};
    for (const [name, part] of Object.entries(this.parts()) as [keyof PageParts, unknown][]) {
      const text = JSON.stringify(part);
      if (this.told.get(name) !== text) {
        this.told.set(name, text);
        changed[name] = part;
      }
    }
    if (Object.keys(changed).length > 0) {
      this.tell(changed as Partial<PageParts>);
    }
  }

  dispose(): void {
    this.publishing?.dispose();
    this.retelling?.dispose();
  }

  /** Ages grow without anything happening. */
  private retell(): void {
    this.retelling = this.clock.schedule(retellMs, () => {
      this.publishSoon();
      this.retell();
    });
  }
}
